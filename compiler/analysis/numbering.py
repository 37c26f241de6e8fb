"""S-ops that number positions from one end, and so differ at any two positions that they count.

``width(indices < indices and x == x and y == 1)`` is, at each position, how many earlier positions with y have the same x. Of two
positions with y and the same x, the later one counts all that the earlier one does, and the earlier one itself. The mean of an
indicator over all positions on one side, times how many they are, counts likewise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from compiler.analysis.selectors import EQUAL, EVERYTHING, GREATER, LESS, Conjunction, Relation, Sum, compares_indices
from rasp.graph.canonical import intern
from rasp.graph.nodes import Aggregate, Const, Input, Map, Op, Selector, SelectorWidth, Sop

Terms: TypeAlias = Callable[[Selector], Sum]
Linear: TypeAlias = tuple[int, int, int]
"""So many times the index, plus so many times the input's length, plus a constant."""

_SIDES: Mapping[int, Linear] = {
    LESS: (1, 0, 0),
    LESS | EQUAL: (1, 0, 1),
    GREATER | EQUAL: (-1, 1, 0),
    GREATER: (-1, 1, -1),
}
"""Comparisons of indices that select one side of a position, and how many positions that is."""


def numbers(node: Sop, among: Conjunction, terms: Terms) -> bool:
    """Whether an s-op provably differs at any two keys that one query selects by a conjunction."""
    counted = _counted(node, terms)
    sides = {literal for literal in counted if _selects_side(*literal)}
    return len(sides) == 1 and all(_holds_for_all(relation, outcomes, among) for relation, outcomes in counted - sides)


def _selects_side(relation: Relation, outcomes: int) -> bool:
    return compares_indices(relation) and outcomes in _SIDES


def _holds_for_all(relation: Relation, outcomes: int, among: Conjunction) -> bool:
    """Whether a literal holds between any two of the keys that one query selects."""
    if outcomes != EQUAL or relation.body is not None:
        return False
    if relation.key is relation.query:  # all of them equal the query
        return any(other.key is relation.key and other.body is None and allowed == EQUAL for other, allowed in among)
    return isinstance(relation.query, Const) and (relation, outcomes) in among


def _counted(node: Sop, terms: Terms) -> Conjunction:
    """A conjunction whose keys an s-op counts, whatever else it adds; empty if none is known."""
    match node:
        case SelectorWidth(selector=selector):
            return _only(terms(selector))
        case Map(op=Op.MUL, args=(Aggregate() as mean, number) | (number, Aggregate() as mean)):
            return _summed(mean, number, terms)
        case _:
            return EVERYTHING


def _only(combination: Sum) -> Conjunction:
    match list(combination.items()):
        case [(conjunction, 1)]:
            return conjunction
        case _:
            return EVERYTHING


def _summed(mean: Aggregate, number: Sop, terms: Terms) -> Conjunction:
    """Of the mean of an indicator over all positions on one side, times how many they are."""
    match mean:
        case Aggregate(value=Map(op=Op.INDICATOR, args=(counted,)), reduction="mean"):
            side = _only(terms(mean.selector))
            counts = [_SIDES.get(outcomes) for relation, outcomes in side if compares_indices(relation)]
            if len(side) == 1 and counts == [_linear(number, terms)]:
                return side | {(Relation(counted, _truth()), EQUAL)}
    return EVERYTHING


def _truth() -> Sop:
    truth = intern(Const(True))
    assert isinstance(truth, Const)
    return truth


def _linear(node: Sop, terms: Terms) -> Linear | None:
    """A combination of index and length, if an s-op is one."""
    match node:
        case Input(name="indices"):
            return 1, 0, 0
        case SelectorWidth(selector=selector) if terms(selector) == {EVERYTHING: 1}:
            return 0, 1, 0
        case Const(value=int(value)):
            return 0, 0, int(value)
        case Map(op=Op.ADD | Op.SUB as op, args=(left, right)):
            one, other = _linear(left, terms), _linear(right, terms)
            if one is None or other is None:
                return None
            sign = 1 if op is Op.ADD else -1
            return one[0] + sign * other[0], one[1] + sign * other[1], one[2] + sign * other[2]
        case _:
            return None
