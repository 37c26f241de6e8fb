"""Numbers as pairs of integers: a form above and a positive form below the line.

A mean is (sum, width); sums, products and quotients of pairs are pairs again. A factor that stands above and below is
cancelled, so ``(indices + 1) * aggregate(select(indices, indices, <=), x)`` is the integer sum of x.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from compiler.circuit import Form, Unit
from compiler.errors import CompileError
from compiler.features import Features
from compiler.forms import Forms, scaled
from compiler.gadgets.gate import bend_where
from compiler.gadgets.mean import Piecewise, at_cuts
from compiler.gadgets.nearest import is_zero
from compiler.gadgets.product import quarter_square, switched
from compiler.gadgets.staircase import clip, staircase
from compiler.heads import HeadTable
from compiler.intervals import Interval
from compiler.valuesets import Numbers, ValueSets, representatives
from rasp.graph.nodes import Aggregate, Atom, Map, Op, Sop

MOST_FLOORS = 4_096
"""A quotient of more whole values is not rounded down."""

_COMPARISONS = {Op.EQ, Op.NE, Op.LT, Op.LE, Op.GT, Op.GE}

LARGEST = 2**24
"""Pairs that can be larger are not made."""


@dataclass(frozen=True)
class Ratio:
    """``top / bottom + shift``, where the bottom is at least 1; or 0 / 0 where the quotient is ``empty``, if that is given.

    Where the quotient is an integer, ``near`` is that integer, if it is given (``gadgets/nearest.py``).
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


class Ratios:
    """The ratio of every s-op of numbers that needs one."""

    def __init__(self, values: ValueSets, features: Features, heads: HeadTable, forms: Forms) -> None:
        self._values = values
        self._features = features
        self._heads = heads
        self._forms = forms
        self._known: dict[Sop, Ratio] = {}
        self._structural: dict[Sop, Ratio | None] = {}

    def of(self, node: Sop) -> Ratio:
        """The ratio of an s-op of numbers.

        Raises:
            CompileError: no construction makes one.
        """
        if node not in self._known:
            self._known[node] = self._of(node)
        return self._known[node]

    def known(self) -> Mapping[Sop, Ratio]:
        """The ratios that were asked for."""
        return {node: ratio for node, ratio in (*self._structural.items(), *self._known.items()) if ratio is not None}

    def is_computed(self, node: Sop) -> bool:
        """Whether a number is a ratio of integers that are at hand."""
        return self.structural(node) is not None

    def is_integral(self, node: Sop) -> bool:
        """Whether every value of a number is integral, though it may be a float."""
        ratio = self.structural(node)
        return ratio is not None and ratio.denominator == 1

    def integral_bounds(self, node: Sop) -> tuple[int, int] | None:
        """The least and the greatest value of a number whose values are all integral."""
        ratio = self.structural(node)
        if ratio is None or ratio.denominator != 1:
            return None
        number = ratio.top + ratio.shift
        return number.low, number.high

    def least(self, node: Sop) -> Fraction:
        """What no value of a number but 0 is smaller than in magnitude; 0 if that is not known."""
        ratio = self.structural(node)
        return Fraction(0) if ratio is None or ratio.bottom.high < 1 else Fraction(1, ratio.bottom.high)

    def _of(self, node: Sop) -> Ratio:
        values = self._values.of(node)
        mean = self.structural(node) if isinstance(node, Aggregate) else None
        if mean is not None:
            return mean
        if isinstance(values, tuple):
            numbers = [Fraction(value) for value in values if not isinstance(value, str)]
            if all(number.denominator == 1 for number in numbers):
                return Ratio(self._forms.form(node, scaled), Form(constant=1))
        ratio = self.structural(node)
        if ratio is not None:
            return ratio
        if isinstance(values, Numbers):
            raise self._values.refuse(
                node, "this number can take too many values to be listed, and no construction computes it otherwise"
            )
        scale = math.lcm(*(Fraction(value).denominator for value in values if not isinstance(value, str)))
        return Ratio(self._forms.form(node, lambda value: scaled(value, scale)), Form(constant=scale))

    def structural(self, node: Sop) -> Ratio | None:
        """The ratio from the arguments of an operator or from the sums of an aggregate, where there is one."""
        if node not in self._structural:
            try:
                made = self._made(node)
            except CompileError:
                made = None
            fits = made is not None and max(made.top.magnitude, made.bottom.magnitude) < LARGEST
            self._structural[node] = made if fits else None
        return self._structural[node]

    def _made(self, node: Sop) -> Ratio | None:
        match node:
            case Aggregate() if self._values.is_mean(node):
                return self._mean(node)
            case Aggregate(default=default) if isinstance(self._values.of(node.value), Numbers) and not isinstance(default, str):
                return self._carried(node, Fraction(default))
            case Map(op=op, args=args) if all(self._values.kinds.is_number(arg) for arg in args):
                return self._computed(node, op, args)
            case _:
                return None

    def _mean(self, node: Aggregate) -> Ratio | None:
        if isinstance(node.default, str):
            return None
        width = self._heads.width(node.selector)
        empty = None if self._values.selections.width_range(node.selector)[0] else Fraction(node.default)
        total, scale = self.total(node)
        integers = scale == 1 and isinstance(self._values.of(node.value), tuple) and (empty is None or empty.denominator == 1)
        near = self._heads.nearest_mean(node, scaled) if integers else None
        return Ratio(total, width * scale, empty, near=near)

    def total(self, node: Aggregate) -> tuple[Form, int]:
        """The sum that a mean divides by the width, and the common denominator that it is over."""
        if isinstance(self._values.of(node.value), Numbers):
            ratio = self.whole(node, self.of(node.value))
            if ratio.denominator is None:
                raise self._values.refuse(
                    node, "this averages fractions of many denominators", hint="average rounded numbers, or sums"
                )
            return self._heads.sum_form(node.value, node.selector, ratio.top, "sum"), ratio.denominator
        low, high, scale = self._values.scaled_range(node)
        if low == high:
            return self._heads.width(node.selector) * low, scale

        def summand(value: Atom) -> int:
            return low if isinstance(value, str) else scaled(value, scale)

        return self._heads.sum(node.selector, node.value, summand, "sum"), scale

    def _carried(self, node: Aggregate, default: Fraction) -> Ratio:
        """A ratio that is looked up: both its parts travel."""
        ratio = self.whole(node, self.of(node.value))
        return Ratio(
            self._heads.looked_up_form(node, ratio.top, default.numerator),
            self._heads.looked_up_form(node, ratio.bottom, default.denominator),
        )

    def _computed(self, node: Map, op: Op, args: tuple[Sop, ...]) -> Ratio | None:
        match op, args:
            case Op.ADD, (a, b):
                return self.sum(node, self.of(a), self.of(b))
            case Op.SUB, (a, b):
                return self.sum(node, self.of(a), _negative(self.of(b)))
            case Op.NEG, (a,):
                return _negative(self.of(a))
            case Op.POS, (a,):
                return self.of(a)
            case Op.ABS, (a,):
                return self._absolute(self.whole(node, self.of(a)))
            case Op.MUL, (a, b):
                return self._product(node, self.of(a), self.of(b))
            case Op.DIV, (a, b):
                return self._product(node, self.of(a), self._inverse(node, b))
            case ((Op.MOD | Op.FLOORDIV), (a, b)):
                return self._floored(node, op, a, b)
            case Op.IF, (condition, a, b):
                return self._chosen(node, self._forms.truth(condition), self.of(a), self.of(b))
            case _:
                return None

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
        top = self._times(node, a.top, b.bottom) + self._times(node, b.top, a.bottom)
        return Ratio(top, self._times(node, a.bottom, b.bottom), shift=shift)

    def difference(self, node: Sop) -> Form | None:
        """For a comparison of numbers, a form with the sign of the difference."""
        match node:
            case Map(op=op, args=(left, right)) if op in _COMPARISONS and all(map(self._values.kinds.is_number, node.args)):
                return self.whole(node, self.sum(node, self.of(left), _negative(self.of(right)))).top
            case _:
                return None

    def integer(self, node: Sop) -> tuple[Form, Form] | None:
        """A form that is the value of a number where that is an integer, and a form that is 1 there and else 0."""
        ratio = self.of(node)
        if ratio.near is None:
            return None
        difference = ratio.top - self._times(node, ratio.near, ratio.bottom)
        return ratio.near + ratio.shift, self._features.from_units("is an integer", is_zero(difference), 0, 1)

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
        shift = ratio.shift
        if not shift.terms and not shift.constant:
            return self.filled(ratio)
        if not shift.terms or ratio.denominator:
            filled = self.filled(ratio)
            return Ratio(filled.top + self._times(node, filled.bottom, shift), filled.bottom)
        top = ratio.top + self._times(node, ratio.bottom, shift)
        if ratio.empty is None:
            return Ratio(top, ratio.bottom)
        none = self._nothing(ratio.bottom)
        alone = self._features.from_units("shift", [(bend_where([ratio.bottom], shift, shift.low), 1)], 0, shift.high - shift.low)
        at_none = (alone + none * shift.low) * ratio.empty.denominator + none * ratio.empty.numerator
        return Ratio(top + at_none, ratio.bottom + none * ratio.empty.denominator)

    def _product(self, node: Sop, a: Ratio, b: Ratio) -> Ratio:
        for one, other in ((a, b), (b, a)):
            constant = _constant(one)
            if constant is not None and (constant.denominator == 1 or not other.shift.terms):
                return _scaled_ratio(other, constant)
        a, b = (ratio if _is_plain(ratio) else self.whole(node, ratio) for ratio in (a, b))
        for one, other in ((a, b), (b, a)):
            factor = _multiple(other.top, one.bottom)
            if factor is not None and other.empty is None:  # nothing selected: 0 times a number is the 0 that the sum is
                return Ratio(one.top * factor.numerator, other.bottom * factor.denominator)
        a, b = self.filled(a), self.filled(b)
        return Ratio(self._times(node, a.top, b.top), self._times(node, a.bottom, b.bottom))

    def _inverse(self, node: Sop, divisor: Sop) -> Ratio:
        ratio = self.of(divisor)
        ratio = ratio if _is_plain(ratio) else self.whole(node, ratio)
        interval = self._values.interval(divisor)
        if interval.low == interval.high == 0:
            raise self._values.refuse(node, "this is undefined on every input: division by zero")
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

    def _absolute(self, ratio: Ratio) -> Ratio:
        top = ratio.top
        if top.low >= 0 or top.high <= 0:
            return ratio if top.low >= 0 else _negative(ratio)
        magnitude = [(Unit(-top), 1), (Unit(top), 1)]
        return Ratio(self._features.from_units("magnitude", magnitude, 0, max(top.high, -top.low)), ratio.bottom)

    def _floored(self, node: Map, op: Op, a: Sop, b: Sop) -> Ratio | None:
        """a // b is the floor of a / b, and a % b = a - b·(a // b)."""
        low, high = self._quotients(a, b)
        if high - low > MOST_FLOORS:
            return None
        floors = [Fraction(k) for k in range(low, high + 1)]
        points = representatives(Interval(Fraction(low), Fraction(high + 1)), floors)
        quotient = self._product(node, self.of(a), self._inverse(node, b))
        if max(quotient.top.magnitude, quotient.bottom.magnitude) >= LARGEST:
            return None
        floor = Ratio(self.piecewise(node, quotient, at_cuts(points, floors, math.floor)), Form(constant=1))
        if op is Op.FLOORDIV:
            return floor
        return self.sum(node, self.of(a), _negative(self._product(node, self.of(b), floor)))

    def _quotients(self, a: Sop, b: Sop) -> tuple[int, int]:
        one, other = self._values.interval(a), self._values.interval(b)
        least = max(other.least, min(abs(other.low), abs(other.high)) if other.low > 0 or other.high < 0 else Fraction(0))
        if not least:
            raise self._values.refuse(b, "no bound is known of this divisor from below")
        most = math.ceil(one.magnitude / least)
        positive = one.low >= 0 and other.low >= 0
        return 0 if positive else -most, most

    def _chosen(self, node: Sop, truth: Form, a: Ratio, b: Ratio) -> Ratio:
        if a.bottom == b.bottom and a.top == b.top and a.empty == b.empty:
            return replace(a, shift=self._features.choice(truth, a.shift, b.shift))
        a, b = self.whole(node, a), self.whole(node, b)
        if a.denominator and b.denominator:
            bottom = math.lcm(a.denominator, b.denominator)
            one, other = a.top * (bottom // a.denominator), b.top * (bottom // b.denominator)
            return Ratio(self._features.choice(truth, one, other), Form(constant=bottom))
        return Ratio(self._features.choice(truth, a.top, b.top), self._features.choice(truth, a.bottom, b.bottom))

    def _times(self, node: Sop, x: Form, y: Form) -> Form:
        for one, other in ((x, y), (y, x)):
            if not one.terms:
                return other * one.constant
            if one.low >= 0 and one.high <= 1:
                unit, rest = switched(one, other)
                return self._features.from_units("product", [(unit, 1)], 0, other.high - other.low) + rest
        units: list[tuple[Unit, int]] = []
        start = 0
        for z, sign in ((x + y, 1), (x - y, -1)):
            if z.magnitude**2 // 4 >= LARGEST:
                raise self._values.refuse(
                    node,
                    f"this product can reach {x.magnitude * y.magnitude:,}, beyond what float32 holds exactly",
                    hint="compile for a smaller max_length",
                )
            stairs = staircase([(k, quarter_square(k)) for k in range(z.low, z.high + 1)], z.high)
            start += sign * stairs.start
            units += [(Unit(z - at), sign * change) for at, change in ((z.low, stairs.slope), *stairs.bends)]
        corners = [a * b for a in (x.low, x.high) for b in (y.low, y.high)]
        return self._features.from_units("product", units, min(corners) - start, max(corners) - start) + start

    def piecewise(self, node: Sop, ratio: Ratio, function: Piecewise, at_empty: int | None = None) -> Form:
        """A function of a ratio that changes at a few places.

        Args:
            at_empty: the value where nothing is selected, if the ratio can be empty and that is not the value of ``empty``.
        """
        if at_empty is None or not _is_plain(ratio):
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
        low, high = min(images) - function.first, max(images) - function.first
        return self._features.from_units("of a ratio", units, low, high) + function.first


def _is_plain(ratio: Ratio) -> bool:
    return not ratio.shift.terms and not ratio.shift.constant


def _constant(ratio: Ratio) -> Fraction | None:
    if ratio.denominator is None or ratio.top.terms or ratio.shift.terms:
        return None
    return Fraction(ratio.top.constant, ratio.denominator) + ratio.shift.constant


def _scaled_ratio(ratio: Ratio, factor: Fraction) -> Ratio:
    """A ratio times a constant; whole if the ratio is shifted by what varies."""
    top, bottom = ratio.top * factor.numerator, ratio.bottom * factor.denominator
    empty = None if ratio.empty is None else ratio.empty * factor
    if factor.denominator == 1:
        near = None if ratio.near is None else ratio.near * factor.numerator
        return Ratio(top, bottom, empty, ratio.shift * factor.numerator, near if abs(factor) == 1 else None)
    moved = ratio.shift.constant * factor
    if not moved:
        return Ratio(top, bottom, empty)
    return Ratio(
        top * moved.denominator + bottom * moved.numerator,
        bottom * moved.denominator,
        None if empty is None else empty + moved,
    )


def _negative(ratio: Ratio) -> Ratio:
    return _scaled_ratio(ratio, Fraction(-1))


def _multiple(form: Form, other: Form) -> Fraction | None:
    """The factor by which one form is the other, if the other varies."""
    if not other.terms or form.features != other.features:
        return None
    factor = Fraction(form.terms[0][1], other.terms[0][1])
    same = all(c == factor * d for (_, c), (_, d) in zip(form.terms, other.terms, strict=True))
    return factor if same and form.constant == factor * other.constant else None
