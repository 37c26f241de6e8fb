"""From the comparisons of a selector to factors of attention scores.

A literal (a comparison with the outcomes it allows) becomes an integer combination of *clauses*: sets of factors that one
head adds up. Most literals are one factor; an order of many ranks can be split into digits, and 'unequal' can be
everything less the equal ones.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from compiler.analysis.selectors import EQUAL, GREATER, LESS, Relation, comparison
from compiler.analysis.valuesets import Numbers, ValueSets
from compiler.circuit import Factor, Form
from compiler.gadgets import extreme, parabola
from compiler.gadgets.equality import code_functions
from compiler.gadgets.nearest import only_where
from compiler.gadgets.order import Rank, Ranking, ranking
from compiler.gadgets.table import groups
from compiler.lowering.features import Features
from compiler.lowering.forms import Forms, ToInt
from rasp.errors import RaspError
from rasp.graph.nodes import Atom, Sop

MOST_PAIRS = 200_000
"""Largest number of pairs of a key and a query value for which an arbitrary predicate is written out."""

FEW = 4
"""Up to so many groups of keys, 'unequal' is one factor."""

Clause: TypeAlias = tuple[Factor, ...]
Combination: TypeAlias = list[tuple[int, Clause, str]]
"""Coefficient, factors, and what the factors say."""


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

    def __init__(self, values: ValueSets, features: Features, forms: Forms, orders: Orders) -> None:
        self._values = values
        self._features = features
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
            return [(1, clause, text) for clause in self._equal(relation, narrow=not one)]
        if relation.body is None and outcomes == LESS | GREATER and not one and self._many(relation):
            equal = self._equal(relation, narrow=True)
            return [(1, (), "everything"), *((-1, clause, text.replace("!=", "==")) for clause in equal)]
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

    def _equal(self, relation: Relation, *, narrow: bool) -> list[Clause]:
        """Codes of the values that both sides can have, or if scores may be large places on a parabola, which are narrower."""
        by_integer = self._integer_equal(relation)
        if by_integer is not None:
            return [by_integer]
        keys, queries = self._sides(relation)
        present = set(queries)
        common = list(dict.fromkeys(value for value in keys if value in present))
        if not common:
            return []
        places = parabola.places(keys, queries, common)
        listed = not any(isinstance(self._values.of(node), Numbers) for node in (relation.key, relation.query))
        if narrow and listed and len(common) > FEW and parabola.fits(places):
            key, query = (
                self._read(node, relation, (place, lambda value, place=place: place(value) ** 2))
                for node, place in ((relation.key, places.key), (relation.query, places.query))
            )
            if all(map(extreme.is_exact, (*key, *query))):  # a square that a head averages may be too large
                return [(parabola.factor(key, query),)]
        codes = code_functions(common) or [lambda value: int(value in common)]
        return [(Factor(self._read(relation.query, relation, codes), self._read(relation.key, relation, codes), len(codes)),)]

    def _integer_equal(self, relation: Relation) -> Clause | None:
        """A key that is an integer can only equal a query that is one, even if the query can't be listed."""
        keys = self._values.of(relation.key)
        if isinstance(keys, Numbers) or not isinstance(self._values.of(relation.query), Numbers):
            return None
        integers = [int(key) for key in keys if not isinstance(key, str) and key == int(key)]
        found = self._forms.integer(relation.query) if len(integers) == len(keys) else None
        if found is None or len(integers) <= FEW:
            return None
        query, is_integer = found
        low, high = min(integers), max(integers)
        middle = (low + high) // 2

        def place(value: int) -> int:
            return min(max(value, low - 1), high + 1) - middle

        if max(abs(place(high + 1)), abs(place(low - 1))) > parabola.LARGEST:
            return None
        line = [(k, place(k)) for k in range(query.low, query.high + 1)]
        queries = [self._features.staircase(relation.query, query, steps) for steps in (line, [(k, p * p) for k, p in line])]
        functions = (lambda v: place(int(v)), lambda v: place(int(v)) ** 2)
        key = tuple(self._forms.form(relation.key, function) for function in functions)
        return (parabola.factor(key, queries), only_where(is_integer))

    def _ordered(self, relation: Relation, outcomes: int, one: bool) -> list[Clause]:
        keys, queries = self._sides(relation)
        ranks = ranking(keys, queries, descending=bool(outcomes & GREATER), strict=not outcomes & EQUAL)
        if one or ranks.size <= self._orders.whole:
            return [self._digit(relation, ranks, 1, None)]
        base = self._orders.base or -int(-(ranks.size**0.5) // 1)
        places = [base**power for power in range(ranks.size) if base**power < ranks.size]
        return [
            (*(self._equal_digit(relation, ranks, above, base) for above in places if above > place), *clause)
            for place in places
            for clause in [self._digit(relation, ranks, place, base)]
        ]

    def _digit(self, relation: Relation, ranks: Ranking, place: int, base: int | None) -> Clause:
        """The key's digit is less than the query's; the last one may be equal if the comparison is not strict."""
        least = int(ranks.strict or place > 1)
        size = max(digit(rank, place, base, ranks.size) for rank in range(ranks.size)) + 1
        key = self._one_hot(relation.key, ranks.key, relation, ranks.size, place, base, size)
        query = [
            self._thermometer(relation.query, ranks.query, relation, ranks.size, place, base, t + least) for t in range(size)
        ]
        kept = [(q - 1, k) for q, k in zip(query, key, strict=True) if not _is_zero(q - 1) and not _is_zero(k)]
        return (Factor(tuple(q for q, _ in kept), tuple(k for _, k in kept), 0),) if kept else ()

    def _equal_digit(self, relation: Relation, ranks: Ranking, place: int, base: int) -> Factor:
        size = max(digit(rank, place, base, ranks.size) for rank in range(ranks.size)) + 1
        query = self._one_hot(relation.query, ranks.query, relation, ranks.size, place, base, size + 1)[:size]
        key = self._one_hot(relation.key, ranks.key, relation, ranks.size, place, base, size)
        return Factor(tuple(query), tuple(key), 1)

    def _one_hot(
        self, node: Sop, rank: Rank, relation: Relation, ranks: int, place: int, base: int | None, size: int
    ) -> list[Form]:
        least = [self._thermometer(node, rank, relation, ranks, place, base, t) for t in range(size)]
        return [here - above for here, above in itertools.pairwise((*least, Form()))]

    def _thermometer(self, node: Sop, rank: Rank, relation: Relation, ranks: int, place: int, base: int | None, t: int) -> Form:
        """1 where a digit is at least t."""
        return self._forms.form(node, lambda v: int(digit(rank(v), place, base, ranks) >= t), self._cuts(relation))

    def _any(self, relation: Relation, outcomes: int) -> list[Clause]:
        """Any predicate, written out for all values of both sides."""
        keys, queries = self._sides(relation)
        unlisted = [node for node in (relation.key, relation.query) if isinstance(self._values.of(node), Numbers)]
        if unlisted and relation.body is not None:  # nothing is known of where the predicate changes
            raise self._values.refuse(
                unlisted[0],
                "this can take too many values to be listed, and a predicate that is no comparison needs them one by one",
                hint="compare it with ==, < or >, round it, or compile for a smaller max_length",
            )
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


def digit(rank: int, place: int, base: int | None, ranks: int) -> int:
    """The digit of a rank at a place; the highest one takes all that is left."""
    return rank // place if base is None or place * base >= ranks else rank // place % base


def _is_zero(form: Form) -> bool:
    return not form.terms and not form.constant


def _indicator(values: Sequence[Atom], chosen: frozenset[int]) -> ToInt:
    """Whether a value is among the chosen ones; where no value of its own kind is known, an equal one stands for it."""
    known = {(type(value), value) for value in values}
    members = {(type(values[index]), values[index]) for index in chosen}
    equal = {values[index] for index in chosen}
    return lambda value: int((type(value), value) in members if (type(value), value) in known else value in equal)
