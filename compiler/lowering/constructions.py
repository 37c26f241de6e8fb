"""The ways in which an operator's value is built from what it reads, other than a table.

Each gives the form of a function of the operator, or None where it has nothing to offer; the lowering takes the best.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TypeAlias, cast

from compiler.analysis.valuesets import ValueSets
from compiler.circuit import Form
from compiler.gadgets.mean import through_values
from compiler.gadgets.staircase import clip
from compiler.lowering.choices import Choices
from compiler.lowering.features import Features
from compiler.lowering.forms import Forms, ToInt
from compiler.lowering.ratios import Ratios
from rasp import atoms
from rasp.graph.canonical import intern
from rasp.graph.nodes import Atom, Const, Map, Op, Sop

Construction: TypeAlias = Callable[[Sop, ToInt], Form | None]

_NOTHING = cast(Const, intern(Const("\0nothing")))
"""Stands for the side of a choice that is added apart."""


class Constructions:
    """The constructions of one circuit."""

    def __init__(self, values: ValueSets, features: Features, ratios: Ratios, forms: Forms) -> None:
        self._values = values
        self._features = features
        self._ratios = ratios
        self._forms = forms
        self._choices = Choices(features, forms, self._difference)

    @property
    def in_order(self) -> tuple[Construction, ...]:
        """Every construction, the cheapest kind first."""
        return self._linear, self._compared, self._of_ratio, self._logical, self._choices.form, self._split

    def _linear(self, node: Sop, function: ToInt) -> Form | None:
        """A linear function of an integer is free."""
        line = line_through(self._values.listed(node), function)
        ratio = None if line is None else self._ratios.structural(node)
        if line is None or ratio is None or ratio.denominator != 1:
            return None
        slope, start = line
        return (ratio.top + ratio.shift) * slope + start

    def _compared(self, node: Sop, function: ToInt) -> Form | None:
        """A comparison of numbers is a threshold of their difference."""
        x = self._difference(node)
        if x is None or not isinstance(node, Map):
            return None
        signs = [(x.low, function(atoms.apply(node.op, -1, 0))), (0, function(atoms.apply(node.op, 0, 0)))]
        signs.append((1, function(atoms.apply(node.op, 1, 0))))
        return self._features.staircase(node, x, clip(signs, x.low))

    def _difference(self, node: Sop) -> Form | None:
        return self._ratios.difference(node) or self._difference_of_places(node)

    def _difference_of_places(self, node: Sop) -> Form | None:
        """For an equality of values that are no numbers, the difference of their places in a list of all of them."""
        match node:
            case Map(op=Op.EQ | Op.NE, args=(left, right)):
                places: dict[Atom, int] = {}
                for value in (*self._values.listed(left), *self._values.listed(right)):
                    places.setdefault(value, len(places))
                return self._forms.form(left, places.__getitem__) - self._forms.form(right, places.__getitem__)
            case _:
                return None

    def _of_ratio(self, node: Sop, function: ToInt) -> Form | None:
        """Any function of a number that is computed as a ratio."""
        ratio = self._ratios.structural(node)
        if ratio is None:
            return None
        images: dict[Fraction, set[int]] = {}
        for value in self._values.listed(node):
            if not isinstance(value, str):
                images.setdefault(Fraction(value), set()).add(function(value))
        if any(len(found) > 1 for found in images.values()):
            return None  # it tells kinds apart, which a ratio does not
        values = sorted(images)
        piecewise = through_values(values, lambda value: min(images[value]))
        return self._ratios.arithmetic.piecewise(node, ratio, piecewise)

    def _logical(self, node: Sop, function: ToInt) -> Form | None:
        match node:
            case Map(op=Op.IF, args=(condition, then, otherwise)):
                truth = self._forms.truth(condition)
                return self._features.choice(truth, self._forms.form(then, function), self._forms.form(otherwise, function))
            case Map(op=Op.AND | Op.OR as op, args=(left, right)):
                both = self._forms.truth(left) + self._forms.truth(right)
                steps = [(0, 0), (1, int(op is Op.OR)), (2, 1)]
                no, yes = function(False), function(True)
                return self._features.staircase(node, both, [(k, yes if holds else no) for k, holds in steps if k <= both.high])
            case _:
                return None

    def _split(self, node: Sop, function: ToInt) -> Form | None:
        """A choice as what one side gives plus what the other gives, so that no table goes through both."""
        match node:
            case Map(op=Op.IF, args=(_, Const(), _) | (_, _, Const())):
                return None
            case Map(op=Op.IF, args=(condition, then, otherwise)):
                base = function(self._values.listed(then)[0])

                def above(value: Atom) -> int:
                    return 0 if value == _NOTHING.value else function(value) - base

                kept, filled = Map(Op.IF, (condition, then, _NOTHING)), Map(Op.IF, (condition, _NOTHING, otherwise))
                return Form.total(self._forms.form(cast(Sop, intern(part)), above) for part in (kept, filled)) + base
            case _:
                return None


def line_through(values: Sequence[Atom], function: ToInt) -> tuple[int, int] | None:
    """Slope and start of a function that is linear on integral values, whatever their kinds."""
    points: dict[int, int] = {}
    for value in values:
        if isinstance(value, str) or value != int(value):
            return None
        if points.setdefault(int(value), function(value)) != function(value):
            return None
    if len(points) < 2:
        return None
    (x0, y0), (x1, y1) = list(points.items())[:2]
    slope, remainder = divmod(y1 - y0, x1 - x0)
    start = y0 - slope * x0
    return (slope, start) if not remainder and all(y == slope * x + start for x, y in points.items()) else None
