"""A selector as an integer combination of conjunctions, so that a count over it is the same combination of heads.

not a = 1 - a, a and b = a·b, a or b = a + b - a·b. A conjunction holds, for each pair of key and query s-ops, the outcomes
(less, equal, greater) that it allows; like terms are gathered, and impossible ones dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TypeAlias

from compiler.analysis.elementwise import Function, is_index
from rasp import atoms
from rasp.errors import RaspError
from rasp.graph.nodes import (
    Atom,
    Compare,
    Comparison,
    Const,
    Input,
    Op,
    Param,
    Predicate,
    Selector,
    SelectorAnd,
    SelectorNot,
    SelectorOr,
    Sop,
)

LESS, EQUAL, GREATER = 1, 2, 4
ANY = LESS | EQUAL | GREATER

_OUTCOMES = {
    Comparison.EQ: EQUAL,
    Comparison.NE: LESS | GREATER,
    Comparison.LT: LESS,
    Comparison.LE: LESS | EQUAL,
    Comparison.GT: GREATER,
    Comparison.GE: GREATER | EQUAL,
}
_OPS = {outcomes: Op(comparison) for comparison, outcomes in _OUTCOMES.items()}


@dataclass(frozen=True)
class Relation:
    """A comparison of a key s-op with a query s-op: an order if ``body`` is None, else any predicate of the two."""

    key: Sop
    query: Sop
    body: Sop | None = None

    def holds(self, outcomes: int, key: Atom, query: Atom) -> bool:
        """Whether these values are in one of the outcomes.

        Raises:
            RaspError: the comparison is not defined on them.
        """
        if self.body is None:
            return bool(atoms.apply(_OPS[outcomes], key, query))
        function = Function.of(self.body)
        parameters: dict[Sop, Atom] = {
            node: key if node.role == "key" else query for node in function.order if isinstance(node, Param)
        }
        return bool(function(parameters)) == (outcomes == EQUAL)


Conjunction: TypeAlias = frozenset[tuple[Relation, int]]
"""Relations, each with the outcomes allowed."""

Sum: TypeAlias = dict[Conjunction, int]
"""Conjunctions with their integer coefficients."""

EVERYTHING: Conjunction = frozenset()

MOST_PAIRS = 2**16
"""How many pairs of conjunctions an ``and`` or an ``or`` may join."""


class TooManyTerms(Exception):
    """A selector that takes more than ``MOST_PAIRS`` pairs of conjunctions to expand."""


def terms(selector: Selector) -> Sum:
    """The selector as a combination of conjunctions.

    Raises:
        TooManyTerms: it has too many.
    """
    return _Expansion().terms(selector)


class _Expansion:
    """Expands a selector, each part of it once."""

    def __init__(self) -> None:
        self._terms: dict[Selector, Sum] = {}
        self._excluded: dict[Selector, Sum] = {}

    def terms(self, selector: Selector) -> Sum:
        if selector not in self._terms:
            self._terms[selector] = self._expanded(selector)
        return self._terms[selector]

    def _expanded(self, selector: Selector) -> Sum:
        match selector:
            case Compare(key=key, query=query, op=op):
                return _literal(Relation(key, query), _OUTCOMES[op])
            case Predicate(key=key, query=query, body=body):
                return {frozenset({(Relation(key, query, body), EQUAL)}): 1}
            case SelectorNot(operand=operand):
                return _added({EVERYTHING: 1}, self.terms(operand), -1)
            case SelectorAnd(left=left, right=right):
                return _product(self.terms(left), self.terms(right))
            case SelectorOr(left=left, right=right):
                one, other = self.terms(left), self.terms(right)
                counted = _added(_added(one, other, 1), _product(one, other), -1)
                excluded = _added({EVERYTHING: 1}, self.excluded(selector), -1)
                return min(counted, excluded, key=len)

    def excluded(self, selector: Selector) -> Sum:
        """What a selector does not select. A long ``or`` of comparisons excludes one conjunction."""
        if selector not in self._excluded:
            self._excluded[selector] = self._complement(selector)
        return self._excluded[selector]

    def _complement(self, selector: Selector) -> Sum:
        match selector:
            case Compare(key=key, query=query, op=op):
                return _literal(Relation(key, query), ANY - _OUTCOMES[op])
            case SelectorOr(left=left, right=right):
                return _product(self.excluded(left), self.excluded(right))
            case SelectorNot(operand=operand):
                return self.terms(operand)
            case _:
                return _added({EVERYTHING: 1}, self.terms(selector), -1)


def comparison(outcomes: int) -> str:
    """The sign of the comparison that allows these outcomes."""
    return str(_OPS[outcomes])


def is_prefix(relation: Relation, outcomes: int) -> bool:
    """Whether a literal is ``indices <= indices``, or a part of it."""
    return compares_indices(relation) and not outcomes & GREATER


def compares_indices(relation: Relation) -> bool:
    """Whether a relation compares indices with indices."""
    return relation.body is None and is_index(relation.key) and is_index(relation.query)


def alternatives(selector: Selector, negated: bool = False) -> list[Conjunction]:
    """The selector as a union of conjunctions, which may overlap.

    Raises:
        TooManyTerms: it has too many.
    """
    match selector:
        case Compare(key=key, query=query, op=op):
            outcomes = _OUTCOMES[op]
            return list(_literal(Relation(key, query), ANY - outcomes if negated else outcomes))
        case Predicate(key=key, query=query, body=body):
            return [frozenset({(Relation(key, query, body), ANY - EQUAL if negated else EQUAL)})]
        case SelectorNot(operand=operand):
            return alternatives(operand, not negated)
        case SelectorAnd(left=left, right=right) | SelectorOr(left=left, right=right):
            one, other = alternatives(left, negated), alternatives(right, negated)
            if isinstance(selector, SelectorOr) != negated:
                return list(dict.fromkeys((*one, *other)))
            _check_pairs(one, other)
            both = [_conjoined(a, b) for a in one for b in other]
            return list(dict.fromkeys(conjunction for conjunction in both if conjunction is not None))


def is_reflexive(relation: Relation, outcomes: int) -> bool:
    """Whether a literal provably holds between a position and itself."""
    return relation.body is None and relation.key is relation.query and bool(outcomes & EQUAL)


def selects_first(literal: tuple[Relation, int]) -> bool:
    """Whether a literal provably holds between the first position, which every input has, and any position."""
    relation, outcomes = literal
    match relation:
        case Relation(key=Input(name="indices"), query=Const(value=query), body=None) if not isinstance(query, str):
            return relation.holds(outcomes, 0, query)
        case _:
            return False


def ranks_distinctly(combination: Sum, is_distinct: Callable[[Sop], bool]) -> bool:
    """Whether the selector's width is provably different at every position: it counts what comes before in a total order.

    The order is that of a distinct s-op, or that of any s-op with ties broken by a distinct one.
    """

    def compares(literal: tuple[Relation, int], allowed: set[int]) -> bool:
        relation, outcomes = literal
        return relation.body is None and relation.key is relation.query and outcomes in allowed

    def breaks_ties(literal: tuple[Relation, int]) -> bool:
        return compares(literal, {LESS, GREATER, LESS | EQUAL, GREATER | EQUAL}) and is_distinct(literal[0].key)

    conjunctions = sorted(combination, key=len)
    if any(coefficient != 1 for coefficient in combination.values()):
        return False
    if [len(conjunction) for conjunction in conjunctions] == [1]:
        return all(breaks_ties(literal) for literal in conjunctions[0])
    if [len(conjunction) for conjunction in conjunctions] != [1, 2]:
        return False
    (strict,) = conjunctions[0]
    ties = [literal for literal in conjunctions[1] if literal != (strict[0], EQUAL)]
    return compares(strict, {LESS, GREATER}) and len(ties) == 1 and breaks_ties(ties[0])


def _literal(relation: Relation, outcomes: int) -> Sum:
    literal: Sum = {frozenset({(relation, outcomes)}): 1}
    match relation:
        case Relation(key=Const(value=key), query=Const(value=query)):
            try:
                return {EVERYTHING: 1} if relation.holds(outcomes, key, query) else {}
            except RaspError:
                return literal  # undefined on every input, which ``compiler/checks/program.py`` refuses
    return literal


def _check_pairs(left: Collection[Conjunction], right: Collection[Conjunction]) -> None:
    if len(left) * len(right) > MOST_PAIRS:
        raise TooManyTerms


def _product(left: Sum, right: Sum) -> Sum:
    _check_pairs(left, right)
    product: Sum = {}
    for one, a in left.items():
        for other, b in right.items():
            both = _conjoined(one, other)
            if both is not None:
                product[both] = product.get(both, 0) + a * b
    return {conjunction: coefficient for conjunction, coefficient in product.items() if coefficient}


def _conjoined(left: Conjunction, right: Conjunction) -> Conjunction | None:
    allowed: dict[Relation, int] = dict(left)
    for relation, outcomes in right:
        allowed[relation] = allowed.get(relation, ANY) & outcomes
    if not all(allowed.values()) or _contradicts(allowed):
        return None
    return frozenset((relation, outcomes) for relation, outcomes in allowed.items() if outcomes != ANY)


def _contradicts(allowed: dict[Relation, int]) -> bool:
    """Whether one s-op would have to equal two constants."""
    keys: dict[Sop, Atom] = {}
    queries: dict[Sop, Atom] = {}
    for relation, outcomes in allowed.items():
        match relation:
            case Relation(key=node, query=Const(value=value), body=None) if outcomes == EQUAL:
                wanted = keys.setdefault(node, value)
            case Relation(key=Const(value=value), query=node, body=None) if outcomes == EQUAL:
                wanted = queries.setdefault(node, value)
            case _:
                continue
        if wanted != value:
            return True
    return False


def _added(left: Sum, right: Sum, factor: int) -> Sum:
    total = dict(left)
    for conjunction, coefficient in right.items():
        total[conjunction] = total.get(conjunction, 0) + factor * coefficient
    return {conjunction: coefficient for conjunction, coefficient in total.items() if coefficient}
