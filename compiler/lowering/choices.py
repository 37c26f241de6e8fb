"""Nested choices in one layer: what each branch gives where its conditions hold, added up.

A comparison of numbers need not be decided first: a branch can be told by the difference itself (``gadgets/choice.py``), but
only by one, so other conditions must be truths that are there when the branches are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from compiler.circuit import Form, Unit
from compiler.errors import CompileError
from compiler.gadgets.choice import where_all, where_not_negative, where_zero
from compiler.lowering.features import Features
from compiler.lowering.forms import Forms, ToInt
from rasp.graph.nodes import Map, Op, Sop

MOST_BRANCHES = 32

Conditions: TypeAlias = dict[Sop, bool]
"""Conditions, and whether each holds."""


@dataclass(frozen=True)
class _Branch:
    conditions: Conditions
    value: Form


class Choices:
    """The choices of one circuit.

    Args:
        difference: for a comparison, a form with the sign of its difference, if there is one.
    """

    def __init__(self, features: Features, forms: Forms, difference: Callable[[Sop], Form | None]) -> None:
        self._features = features
        self._forms = forms
        self._difference = difference

    def form(self, node: Sop, function: ToInt) -> Form | None:
        """A function of a choice; None if it is made of too many branches, or of none that this would help."""
        found = list(islice(_branches(node, {}), MOST_BRANCHES + 1))  # shared choices can have any number
        if not 1 < len(found) <= MOST_BRANCHES:
            return None
        branches = [_Branch(conditions, self._forms.form(value, function)) for conditions, value in found]
        compared = self._compared(branches)
        if len(branches) == 2 and not compared:
            return None
        low, high = min(branch.value.low for branch in branches), max(branch.value.high for branch in branches)
        units = [unit for branch in branches for unit in self._units(branch, compared, low)]
        return self._features.from_units("choice", units, 0, high - low) + low

    def _compared(self, branches: list[_Branch]) -> dict[Sop, Form]:
        """The differences of the comparisons that would be decided later than the branches are there."""
        soonest = max(branch.value.ready for branch in branches)
        late: dict[Sop, Form] = {}
        for condition in dict.fromkeys(condition for branch in branches for condition in branch.conditions):
            truth = self._forms.truth(condition)
            if truth.ready > soonest:
                difference = self._told_by(condition)
                if difference is not None and difference.ready < truth.ready:
                    late[condition] = difference
        return late if all(len(late.keys() & branch.conditions.keys()) <= 1 for branch in branches) else {}

    def _told_by(self, condition: Sop) -> Form | None:
        try:
            return self._difference(condition)
        except CompileError:
            return None

    def _units(self, branch: _Branch, compared: dict[Sop, Form], low: int) -> list[tuple[Unit, int]]:
        """What the branch is above the least value, where its conditions hold."""
        missing: list[Form] = []
        for condition, holds in branch.conditions.items():
            if condition not in compared:
                truth = self._forms.truth(condition)
                missing.append(1 - truth if holds else truth)
        x = branch.value - low
        if not x.terms and not x.constant:
            return []
        for condition, holds in branch.conditions.items():
            if condition in compared:
                return _where(condition, holds, missing, compared[condition], x)
        return where_all(missing, x)


def _branches(node: Sop, conditions: Conditions) -> Iterator[tuple[Conditions, Sop]]:
    """What a nested choice can give, and where."""
    match node:
        case Map(op=Op.IF, args=(condition, then, otherwise)):
            negated = False
            while isinstance(condition, Map) and condition.op is Op.NOT:
                (condition,), negated = condition.args, not negated
            known = conditions.get(condition)
            for holds, value in ((not negated, then), (negated, otherwise)):
                if known in (None, holds):
                    yield from _branches(value, {**conditions, condition: holds})
        case _:
            yield conditions, node


def _where(comparison: Sop, holds: bool, missing: list[Form], d: Form, x: Form) -> list[tuple[Unit, int]]:
    """x where nothing is missing and a comparison holds, or does not, whose difference is d."""
    assert isinstance(comparison, Map)
    match comparison.op, holds:
        case (Op.EQ, True) | (Op.NE, False):
            return where_zero(missing, d, x)
        case (Op.EQ, False) | (Op.NE, True):
            return [*where_all(missing, x), *((unit, -factor) for unit, factor in where_zero(missing, d, x))]
        case (Op.GE, True) | (Op.LT, False):
            return where_not_negative(missing, d, x)
        case (Op.GT, True) | (Op.LE, False):
            return where_not_negative(missing, d - 1, x)
        case (Op.LE, True) | (Op.GT, False):
            return where_not_negative(missing, -d, x)
        case _:
            return where_not_negative(missing, -d - 1, x)
