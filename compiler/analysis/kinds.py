"""Which kinds of atoms an s-op can hold, from the vocabulary and the operators alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from compiler.target import Target
from rasp.graph.nodes import Aggregate, Carried, Const, Input, Lookup, Map, Op, SelectorWidth, Sop

Kinds: TypeAlias = frozenset[type]


@dataclass(frozen=True)
class Slot:
    """What one stage of a model hands to later ones (``compiler/segments.py``).

    Attributes:
        values: every value that it can hold, ascending; all ints, or all bools.
        label: what it holds, for people.
    """

    values: tuple[int, ...]
    label: str


Slots: TypeAlias = Mapping[int, Slot]
"""By their numbers."""

NO_SLOTS: Slots = {}

NUMERIC: Kinds = frozenset({bool, int, Fraction})
BOOL: Kinds = frozenset({bool})
INT: Kinds = frozenset({int})
FLOAT: Kinds = frozenset({Fraction})

_TRUTHS = {Op.EQ, Op.NE, Op.LT, Op.LE, Op.GT, Op.GE, Op.AND, Op.OR, Op.NOT, Op.IN}
_TO_INT = {Op.ROUND, Op.TRUNC, Op.INDICATOR}
_BITS = {Op.BITAND, Op.BITOR, Op.BITXOR}


class KindTable:
    """The kinds of each s-op; computed once for each.

    Args:
        slots: what ``Carried`` nodes stand for.
    """

    def __init__(self, target: Target, slots: Slots = NO_SLOTS) -> None:
        self._target = target
        self._slots = slots
        self._known: dict[Sop, Kinds] = {}

    def of(self, node: Sop) -> Kinds:
        """A superset of the kinds that occur where the s-op is defined."""
        if node not in self._known:
            self._known[node] = self._kinds(node)
        return self._known[node]

    def is_number(self, node: Sop) -> bool:
        """Whether every value is a number or a bool."""
        return self.of(node) <= NUMERIC

    def _kinds(self, node: Sop) -> Kinds:
        match node:
            case Input(name="indices") | SelectorWidth():
                return INT
            case Input():
                return frozenset(type(token) for token in self._target.tokens_as(node))
            case Const(value=value):
                return frozenset({type(value)})
            case Carried(index=slot):
                return frozenset(type(value) for value in self._slots[slot].values)
            case Lookup(values=values):
                return frozenset(type(value) for value in values)
            case Aggregate(value=value, default=default, reduction=reduction):
                kinds = self.of(value) | {type(default)}
                if reduction != "mean":  # an extreme of several bools is an int
                    return kinds | INT if kinds & BOOL else kinds
                return kinds | FLOAT if kinds & {int, Fraction} else kinds
            case Map(op=op, args=args):
                return self._of_operator(op, [self.of(arg) for arg in args])
            case _:
                raise AssertionError(f"{type(node).__name__} stands only inside a predicate")

    def _of_operator(self, op: Op, kinds: list[Kinds]) -> Kinds:
        if op in _TRUTHS:
            return BOOL
        if op in _TO_INT:
            return INT
        if op is Op.IF:
            return kinds[1] | kinds[2]
        if op is Op.DIV:
            return FLOAT
        both = frozenset[type]().union(*kinds)
        if op in _BITS or op is Op.INVERT:
            return both & NUMERIC
        strings = both - NUMERIC
        numbers = FLOAT & both | (INT if any(kind & {bool, int} for kind in kinds) else frozenset())
        if op is Op.POW:
            return numbers | FLOAT
        return numbers | (strings if op in (Op.ADD, Op.MUL) else frozenset())
