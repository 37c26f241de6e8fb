"""Numbers as pairs of integers: a form above and a positive form below the line, and their arithmetic.

A mean is (sum, width); sums, products and quotients of pairs are pairs again. A factor that stands above and below is
cancelled, so ``(indices + 1) * aggregate(select(indices, indices, <=), x)`` is the integer sum of x.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from fractions import Fraction

from compiler.analysis.intervals import Interval
from compiler.circuit import Form, Unit
from compiler.gadgets.gate import bend_where
from compiler.gadgets.mean import Piecewise
from compiler.gadgets.nearest import around_integers
from compiler.gadgets.staircase import clip
from compiler.lowering.features import MOST_UNITS, Features
from compiler.scores import EXACT
from rasp.graph.nodes import Sop


@dataclass(frozen=True)
class Ratio:
    """``top / bottom + shift``, where the bottom is at least 1; or 0 / 0 where the quotient is ``empty``, if that is given.

    ``near``, if it is given, is the quotient where that is an integer, and else one of the two integers that it lies between
    (``gadgets/nearest.py``); where the quotient is empty, it is the default.
    A shift keeps an integer apart from the quotient, since ``top + bottom·shift`` would cost a layer.
    """

    top: Form
    bottom: Form
    empty: Fraction | None = None
    shift: Form = field(default_factory=Form)
    near: Form | None = None

    @property
    def denominator(self) -> int | None:
        """The bottom if it is constant."""
        return None if self.bottom.terms else self.bottom.constant

    @property
    def is_plain(self) -> bool:
        """Whether it has no shift."""
        return not self.shift.terms and not self.shift.constant

    @property
    def constant(self) -> Fraction | None:
        """Its value, if that is the same everywhere."""
        if self.denominator is None or self.top.terms or self.shift.terms:
            return None
        if not self.denominator:  # nothing is ever selected
            return None if self.empty is None else self.empty + self.shift.constant
        return Fraction(self.top.constant, self.denominator) + self.shift.constant

    def __neg__(self) -> Ratio:
        return self.scaled(Fraction(-1))

    def scaled(self, factor: Fraction) -> Ratio:
        """It times a constant; the factor is whole if the shift varies."""
        top, bottom = self.top * factor.numerator, self.bottom * factor.denominator
        empty = None if self.empty is None else self.empty * factor
        if factor.denominator == 1:
            near = None if self.near is None else self.near * factor.numerator
            return Ratio(top, bottom, empty, self.shift * factor.numerator, near if abs(factor) == 1 else None)
        moved = self.shift.constant * factor
        if not moved:
            return Ratio(top, bottom, empty)
        return Ratio(
            top * moved.denominator + bottom * moved.numerator,
            bottom * moved.denominator,
            None if empty is None else empty + moved,
        )


class Arithmetic:
    """What operators make of ratios. The node is what a refusal names."""

    def __init__(self, features: Features) -> None:
        self._features = features

    def filled(self, ratio: Ratio) -> Ratio:
        """The same ratio, with a bottom of at least 1 also where nothing is selected."""
        if ratio.empty is None:
            return ratio
        none = self._nothing(ratio.bottom)
        top = ratio.top + none * ratio.empty.numerator
        bottom = ratio.bottom + none * ratio.empty.denominator
        return Ratio(top, bottom, shift=ratio.shift)

    def _nothing(self, bottom: Form) -> Form:
        return self._features.from_units("nothing is selected", [(Unit(1 - bottom), 1)], 0, 1)

    def whole(self, node: Sop, ratio: Ratio) -> Ratio:
        """The same ratio, with a bottom of at least 1 and without a shift; it takes one layer."""
        if ratio.is_plain:
            return self.filled(ratio)
        shift = ratio.shift
        if not shift.terms or ratio.denominator:
            filled = self.filled(ratio)
            return Ratio(filled.top + self._features.product(node, filled.bottom, shift), filled.bottom)
        top = ratio.top + self._features.product(node, ratio.bottom, shift)
        if ratio.empty is None:
            return Ratio(top, ratio.bottom)
        none = self._nothing(ratio.bottom)
        alone = self._features.from_units("shift", [(bend_where([ratio.bottom], shift, shift.low), 1)], 0, shift.high - shift.low)
        at_none = (alone + none * shift.low) * ratio.empty.denominator + none * ratio.empty.numerator
        return Ratio(top + at_none, ratio.bottom + none * ratio.empty.denominator)

    def sum(self, node: Sop, a: Ratio, b: Ratio) -> Ratio:
        """The sum of two ratios."""
        if a.bottom == b.bottom:
            empty = None if a.empty is None or b.empty is None else a.empty + b.empty
            return Ratio(a.top + b.top, a.bottom, empty, a.shift + b.shift)
        if a.denominator:
            a, b = b, a
        if b.denominator == 1:
            return replace(a, shift=a.shift + b.top + b.shift)
        if b.denominator and not b.top.terms:
            addend = Fraction(b.top.constant, b.denominator)
            top = a.top * addend.denominator + a.bottom * addend.numerator
            empty = None if a.empty is None else a.empty + addend
            return Ratio(top, a.bottom * addend.denominator, empty, a.shift + b.shift)
        shift = a.shift + b.shift
        a, b = self.filled(replace(a, shift=Form())), self.filled(replace(b, shift=Form()))
        if a.denominator and b.denominator:
            bottom = math.lcm(a.denominator, b.denominator)
            top = a.top * (bottom // a.denominator) + b.top * (bottom // b.denominator)
            return Ratio(top, Form(constant=bottom), shift=shift)
        top = self._features.product(node, a.top, b.bottom) + self._features.product(node, b.top, a.bottom)
        return Ratio(top, self._features.product(node, a.bottom, b.bottom), shift=shift)

    def product(self, node: Sop, a: Ratio, b: Ratio) -> Ratio:
        """The product of two ratios, with equal factors above and below cancelled."""
        for one, other in ((a, b), (b, a)):
            constant = one.constant
            if constant is not None and (constant.denominator == 1 or not other.shift.terms):
                return other.scaled(constant)
        a, b = (ratio if ratio.is_plain else self.whole(node, ratio) for ratio in (a, b))
        for one, other in ((a, b), (b, a)):
            factor = _multiple(other.top, one.bottom)
            if factor is not None and other.empty is None:  # nothing selected: 0 times a number is the 0 that the sum is
                return Ratio(one.top * factor.numerator, other.bottom * factor.denominator)
        a, b = self.filled(a), self.filled(b)
        return Ratio(self._features.product(node, a.top, b.top), self._features.product(node, a.bottom, b.bottom))

    def inverse(self, node: Sop, ratio: Ratio, interval: Interval) -> Ratio:
        """1 over a ratio that lies in an interval, and is not 0 wherever the program is defined."""
        ratio = ratio if ratio.is_plain else self.whole(node, ratio)
        if interval.low >= 0 and (ratio.empty is None or ratio.empty > 0):
            return Ratio(ratio.bottom, ratio.top, None if ratio.empty is None else 1 / ratio.empty)
        ratio = self.filled(ratio)
        if interval.low >= 0:
            return Ratio(ratio.bottom, ratio.top)
        if interval.high <= 0:
            return Ratio(-ratio.bottom, -ratio.top)
        top, bottom = ratio.top, ratio.bottom
        positive = self._features.staircase(node, top, [(top.low, 0), (1, 1)])
        return Ratio(self._features.choice(positive, bottom, -bottom), self._features.choice(positive, top, -top))

    def absolute(self, node: Sop, ratio: Ratio) -> Ratio:
        """The magnitude of a ratio."""
        ratio = self.whole(node, ratio)
        top = ratio.top
        if top.low >= 0 or top.high <= 0:
            return ratio if top.low >= 0 else -ratio
        magnitude = [(Unit(-top), 1), (Unit(top), 1)]
        return Ratio(self._features.from_units("magnitude", magnitude, 0, max(top.high, -top.low)), ratio.bottom)

    def choice(self, node: Sop, truth: Form, a: Ratio, b: Ratio) -> Ratio:
        """a where the truth form is 1, b where it is 0."""
        if a.bottom == b.bottom and a.top == b.top and a.empty == b.empty:
            return replace(a, shift=self._features.choice(truth, a.shift, b.shift))
        a, b = self.whole(node, a), self.whole(node, b)
        if a.denominator and b.denominator:
            bottom = math.lcm(a.denominator, b.denominator)
            one, other = a.top * (bottom // a.denominator), b.top * (bottom // b.denominator)
            return Ratio(self._features.choice(truth, one, other), Form(constant=bottom))
        return Ratio(self._features.choice(truth, a.top, b.top), self._features.choice(truth, a.bottom, b.bottom))

    def piecewise(self, node: Sop, ratio: Ratio, function: Piecewise, at_empty: int | None = None) -> Form:
        """A function of a ratio that changes at a few places.

        Args:
            at_empty: the value where nothing is selected, if the ratio can be empty and that is not the value of ``empty``.
        """
        given = ratio
        if at_empty is None or not ratio.is_plain:
            ratio = self.whole(node, ratio)
        if ratio.denominator:
            steps = [(ratio.top.low, function.first)]
            for place, included, change in function.changes:
                scaled = place * ratio.denominator
                at = math.ceil(scaled) if included else math.floor(scaled) + 1
                steps.append((at, steps[-1][1] + change))
            return self._features.staircase(node, ratio.top, clip(steps, ratio.top.low))
        units: list[tuple[Unit, int]] = []
        at_zero = function.first
        for place, included, change in function.changes:
            x = ratio.top * place.denominator - ratio.bottom * place.numerator
            units += [(Unit(x + int(included)), change), (Unit(x + int(included) - 1), -change)]
            at_zero += change if included else 0
        images = [function.low, function.high]
        if ratio.empty is not None and at_empty is not None:
            units.append((Unit(Form(constant=1) - ratio.bottom), at_empty - at_zero))
            images.append(at_empty)
        if sum(abs(coefficient) * unit.high for unit, coefficient in units) >= EXACT:
            made = self._by_nearest(node, given, function, at_empty)
            if made is not None:
                return made
        low, high = min(images) - function.first, max(images) - function.first
        return self._features.from_units("of a ratio", units, low, high) + function.first

    def _by_nearest(self, node: Sop, ratio: Ratio, function: Piecewise, at_empty: int | None) -> Form | None:
        """A function that changes at integers only, from the nearest integer and the side of it on which the ratio lies."""
        near = ratio.near
        if near is None or not ratio.is_plain or any(place.denominator != 1 for place, _, _ in function.changes):
            return None
        if near.high - near.low > MOST_UNITS:
            return None
        sides = around_integers(function, near.low, near.high)
        difference = ratio.top - self._features.product(node, near, ratio.bottom)
        made = self._features.staircase(node, near, list(sides.at.items()))
        units: list[tuple[Unit, int]] = []
        for side, changes in ((difference, sides.above), (-difference, sides.below)):
            for change in sorted(set(changes.values()) - {0}):
                here = [(k, int(found == change)) for k, found in changes.items()]
                off = (1 - self._features.staircase(node, near, here)) * side.high
                units += [(Unit(side - off), change), (Unit(side - off - 1), -change)]
        changed = [0, *sides.above.values(), *sides.below.values()]
        if ratio.empty is not None and at_empty is not None:
            units.append((Unit(1 - ratio.bottom), at_empty - sides.at[int(ratio.empty)]))
            changed.append(units[-1][1])
        return made + self._features.from_units("beside an integer", units, min(changed), max(changed))


def _multiple(form: Form, other: Form) -> Fraction | None:
    """The factor by which one form is the other, if the other varies."""
    if not other.terms or form.features != other.features:
        return None
    factor = Fraction(form.terms[0][1], other.terms[0][1])
    same = all(c == factor * d for (_, c), (_, d) in zip(form.terms, other.terms, strict=True))
    return factor if same and form.constant == factor * other.constant else None
