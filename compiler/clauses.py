"""From the comparisons of a selector to factors of attention scores.

A literal (a comparison with the outcomes it allows) becomes an integer combination of *clauses*: sets of factors that one
head adds up. Most literals are one factor; an order of many ranks can be split into digits, and 'unequal' can be
everything less the equal ones.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from compiler.circuit import Factor, Form
from compiler.gadgets.equality import code_functions
from compiler.gadgets.order import Ranking, ranking
from compiler.gadgets.table import groups
from compiler.selectors import EQUAL, GREATER, LESS, Relation, comparison
from compiler.valuesets import Numbers, ValueSets
from rasp.errors import RaspError
from rasp.graph.nodes import Atom, Sop

MOST_PAIRS = 200_000
"""Largest number of pairs of a key and a query value for which an arbitrary predicate is written out."""

FEW = 4
"""Up to so many groups of keys, 'unequal' is one factor."""

ToInt = Callable[[Atom], int]

Clause: TypeAlias = tuple[Factor, ...]
Combination: TypeAlias = list[tuple[int, Clause, str]]
"""Coefficient, factors, and what the factors say."""


class Forms(Protocol):
    """What the lowering offers."""

    def form(self, node: Sop, function: ToInt, cuts: Sequence[Atom] = ()) -> Form: ...


@dataclass(frozen=True)
class Orders:
    """How orders are split into digits.

    Attributes:
        whole: orders of up to so many ranks are one factor.
        base: others are digits to this base; 0: two digits.
    """

    whole: int
    base: int


class Clauses:
    """The factors of literals."""

    def __init__(self, values: ValueSets, forms: Forms, orders: Orders) -> None:
        self._values = values
        self._forms = forms
        self._orders = orders

    def of(self, relation: Relation, outcomes: int, *, one: bool) -> Combination:
        """The clauses of a literal.

        Args:
            one: whether it must be one clause with coefficient 1, or none if it never holds.
        """
        sign = comparison(outcomes) if relation.body is None else "matches" if outcomes == EQUAL else "does not match"
        text = f"{self._values.text(relation.key)} {sign} {self._values.text(relation.query)}"
        if relation.body is None and outcomes == EQUAL:
            return [(1, clause, text) for clause in self._equal(relation)]
        if relation.body is None and outcomes == LESS | GREATER and not one and self._many(relation):
            return [(1, (), "everything"), *((-1, clause, text.replace("!=", "==")) for clause in self._equal(relation))]
        if relation.body is None and outcomes != LESS | GREATER and self._is_ordered(relation):
            return [(1, clause, text) for clause in self._ordered(relation, outcomes, one)]
        return [(1, clause, text) for clause in self._any(relation, outcomes)]

    def _sides(self, relation: Relation) -> tuple[Sequence[Atom], Sequence[Atom]]:
        """Values that stand for all that key and query can be in this comparison."""
        key, query = self._values.of(relation.key), self._values.of(relation.query)
        if isinstance(key, Numbers) and isinstance(query, Numbers):
            raise self._values.refuse(
                relation.key,
                "this compares two numbers that can each take too many values to be listed",
                hint="compare rounded numbers, or compile for a smaller max_length",
            )
        cuts = self._cuts(relation)
        return self._values.representatives(relation.key, cuts), self._values.representatives(relation.query, cuts)

    def _cuts(self, relation: Relation) -> Sequence[Atom]:
        """The values at which a side that can't be listed must be told apart: those of the other side."""
        for side, other in ((relation.key, relation.query), (relation.query, relation.key)):
            if isinstance(self._values.of(side), Numbers):
                return self._values.representatives(other, ())
        return ()

    def _many(self, relation: Relation) -> bool:
        keys, queries = self._sides(relation)
        return len(set(keys) & set(queries)) > FEW

    def _is_ordered(self, relation: Relation) -> bool:
        sides = self._sides(relation)
        strings = [isinstance(value, str) for side in sides for value in side]
        return all(strings) or not any(strings)

    def _equal(self, relation: Relation) -> list[Clause]:
        """Codes of the values that both sides can have."""
        keys, queries = self._sides(relation)
        present = set(queries)
        common = list(dict.fromkeys(value for value in keys if value in present))
        if not common:
            return []
        codes = code_functions(common) or [lambda value: int(value in common)]
        return [(Factor(self._read(relation.query, relation, codes), self._read(relation.key, relation, codes), len(codes)),)]

    def _ordered(self, relation: Relation, outcomes: int, one: bool) -> list[Clause]:
        keys, queries = self._sides(relation)
        ranks = ranking(keys, queries, descending=bool(outcomes & GREATER), strict=not outcomes & EQUAL)
        if one or ranks.size <= self._orders.whole:
            return self._digit(relation, ranks, 1, None)
        base = self._orders.base or -int(-(ranks.size**0.5) // 1)
        clauses: list[Clause] = []
        place = 1
        while place < ranks.size:
            equal_above = self._digits_equal(relation, ranks, place * base) if place * base < ranks.size else ()
            clauses += [(*equal_above, *clause) for clause in self._digit(relation, ranks, place, base)]
            place *= base
        return clauses

    def _digit(self, relation: Relation, ranks: Ranking, place: int, base: int | None) -> list[Clause]:
        """The key's digit is less than the query's."""

        is_top = base is None or place * base >= ranks.size

        def digit(rank: int) -> int:
            return rank // place if is_top or base is None else rank // place % base

        size = max(digit(rank) for rank in range(ranks.size)) + 1
        key = [self._at_least(relation.key, relation, lambda v, t=t: int(digit(ranks.key(v)) >= t)) for t in range(size)]
        query = [self._at_least(relation.query, relation, lambda v, t=t: int(digit(ranks.query(v)) > t)) for t in range(size)]
        one_hot = [here - above for here, above in itertools.pairwise((*key, Form()))]
        rejected = [form - 1 for form in query]
        kept = [(q, k) for q, k in zip(rejected, one_hot, strict=True) if (q.terms or q.constant) and (k.terms or k.constant)]
        if not kept:
            return [()]
        return [(Factor(tuple(q for q, _ in kept), tuple(k for _, k in kept), 0),)]

    def _digits_equal(self, relation: Relation, ranks: Ranking, place: int) -> Clause:
        """All digits from a place on are equal: the ranks agree but for the lower places."""
        sides = []
        for node, rank in ((relation.query, ranks.query), (relation.key, ranks.key)):
            size = (ranks.size - 1) // place + 1
            least = [self._at_least(node, relation, lambda v, t=t, rank=rank: int(rank(v) // place >= t)) for t in range(size + 1)]
            sides.append(tuple(here - above for here, above in itertools.pairwise(least)))
        return (Factor(sides[0], sides[1], 1),)

    def _any(self, relation: Relation, outcomes: int) -> list[Clause]:
        """Any predicate, written out for all values of both sides."""
        keys, queries = self._sides(relation)
        if len(keys) * len(queries) > MOST_PAIRS:
            raise self._values.refuse(
                relation.key,
                f"this comparison is written out for {len(keys) * len(queries):,} pairs of values; the limit is {MOST_PAIRS:,}",
                hint="write it as ==, < or > of two s-ops, or compile for a smaller vocabulary or max_length",
            )

        def holds(key: Atom, query: Atom) -> bool:
            try:
                return relation.holds(outcomes, key, query)
            except RaspError:
                return False  # the program is undefined on inputs where these meet

        found = groups(holds, keys, queries)
        if not found:
            return [()]
        rejected = [_indicator(queries, group.rejected) for group in found]
        members = [_indicator(keys, group.keys) for group in found]
        negated = tuple(-form for form in self._read(relation.query, relation, rejected))
        return [(Factor(negated, self._read(relation.key, relation, members), 0),)]

    def _read(self, node: Sop, relation: Relation, functions: Sequence[ToInt]) -> tuple[Form, ...]:
        cuts = self._cuts(relation)
        return tuple(self._forms.form(node, function, cuts) for function in functions)

    def _at_least(self, node: Sop, relation: Relation, function: ToInt) -> Form:
        return self._forms.form(node, function, self._cuts(relation))


def _indicator(values: Sequence[Atom], chosen: frozenset[int]) -> ToInt:
    members = {(type(values[index]), values[index]) for index in chosen}
    return lambda value: int((type(value), value) in members)
