"""Which ratio an s-op of numbers is: of an aggregate by its sum and width, of an operator by the ratios of its arguments."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

from compiler.analysis.intervals import Interval
from compiler.analysis.valuesets import Numbers, ValueSets, representatives
from compiler.circuit import Form
from compiler.errors import CompileError
from compiler.gadgets.mean import at_cuts
from compiler.gadgets.nearest import is_zero
from compiler.lowering.features import Features
from compiler.lowering.forms import Forms, scaled
from compiler.lowering.heads import HeadTable
from compiler.lowering.ratio import Arithmetic, Ratio
from compiler.scores import EXACT
from rasp.graph.nodes import Aggregate, Atom, Carried, Map, Op, Sop

MOST_FLOORS = 4_096
"""A quotient of more whole values is not rounded down."""

_COMPARISONS = {Op.EQ, Op.NE, Op.LT, Op.LE, Op.GT, Op.GE}


class Ratios:
    """The ratio of every s-op of numbers that needs one."""

    def __init__(self, values: ValueSets, features: Features, heads: HeadTable, forms: Forms) -> None:
        self._values = values
        self._features = features
        self._heads = heads
        self._forms = forms
        self.arithmetic = Arithmetic(features)
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
        if ratio is None or ratio.bottom.high < 1:
            return Fraction(0)
        least = Fraction(1, ratio.bottom.high)
        if not ratio.empty:
            return least
        return min(least, Fraction(1, ratio.empty.denominator), abs(ratio.empty))

    def near(self, node: Aggregate) -> Form | None:
        """The integer that a mean is or lies next to, where that is at hand."""
        ratio = self.structural(node)
        return None if ratio is None else ratio.near

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
                node,
                "this number can take too many values to be listed, and no construction computes it otherwise",
                hint="round what it is computed from, or compile for a smaller max_length",
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
            fits = made is not None and max(made.top.magnitude, made.bottom.magnitude) < EXACT
            self._structural[node] = made if fits else None
        return self._structural[node]

    def _made(self, node: Sop) -> Ratio | None:
        match node:
            case Carried():
                return Ratio(self._features.slot(node.index), Form(constant=1))
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
            ratio = self.arithmetic.whole(node, self.of(node.value))
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
        ratio = self.arithmetic.whole(node, self.of(node.value))
        return Ratio(
            self._heads.looked_up_form(node, ratio.top, default.numerator),
            self._heads.looked_up_form(node, ratio.bottom, default.denominator),
        )

    def _computed(self, node: Map, op: Op, args: tuple[Sop, ...]) -> Ratio | None:
        match op, args:
            case Op.ADD, (a, b):
                return self.arithmetic.sum(node, self.of(a), self.of(b))
            case Op.SUB, (a, b):
                return self.arithmetic.sum(node, self.of(a), -self.of(b))
            case Op.NEG, (a,):
                return -self.of(a)
            case Op.POS, (a,):
                return self.of(a)
            case Op.ABS, (a,):
                return self.arithmetic.absolute(node, self.of(a))
            case Op.MUL, (a, b):
                return self.arithmetic.product(node, self.of(a), self.of(b))
            case Op.DIV, (a, b):
                return self.arithmetic.product(node, self.of(a), self._inverse(node, b))
            case ((Op.MOD | Op.FLOORDIV), (a, b)):
                return self._floored(node, op, a, b)
            case Op.IF, (condition, a, b):
                return self.arithmetic.choice(node, self._forms.truth(condition), self.of(a), self.of(b))
            case _:
                return None

    def difference(self, node: Sop) -> Form | None:
        """For a comparison of numbers, a form with the sign of the difference."""
        match node:
            case Map(op=op, args=(left, right)) if op in _COMPARISONS and all(map(self._values.kinds.is_number, node.args)):
                return self.arithmetic.whole(node, self.arithmetic.sum(node, self.of(left), -self.of(right))).top
            case _:
                return None

    def integer(self, node: Sop) -> tuple[Form, Form] | None:
        """A form that is the value of a number where that is an integer, and a form that is 1 there and else 0."""
        ratio = self.of(node)
        if ratio.near is None:
            return None
        difference = ratio.top - self._features.product(node, ratio.near, ratio.bottom)
        return ratio.near + ratio.shift, self._features.from_units("is an integer", is_zero(difference), 0, 1)

    def _inverse(self, node: Sop, divisor: Sop) -> Ratio:
        ratio, interval = self.of(divisor), self._values.interval(divisor)
        if interval.low == interval.high == 0:
            raise self._values.refuse(node, "this is undefined on every input: division by zero")
        return self.arithmetic.inverse(node, ratio, interval)

    def _floored(self, node: Map, op: Op, a: Sop, b: Sop) -> Ratio | None:
        """a // b is the floor of a / b, and a % b = a - b·(a // b)."""
        low, high = self._quotients(a, b)
        if high - low > MOST_FLOORS:
            return None
        floors = [Fraction(k) for k in range(low, high + 1)]
        points = representatives(Interval(Fraction(low), Fraction(high + 1)), floors)
        quotient = self.arithmetic.product(node, self.of(a), self._inverse(node, b))
        if max(quotient.top.magnitude, quotient.bottom.magnitude) >= EXACT:
            return None
        floor = Ratio(self.arithmetic.piecewise(node, quotient, at_cuts(points, floors, math.floor)), Form(constant=1))
        if op is Op.FLOORDIV:
            return floor
        return self.arithmetic.sum(node, self.of(a), -self.arithmetic.product(node, self.of(b), floor))

    def _quotients(self, a: Sop, b: Sop) -> tuple[int, int]:
        one, other = self._values.interval(a), self._values.interval(b)
        least = max(other.least, min(abs(other.low), abs(other.high)) if other.low > 0 or other.high < 0 else Fraction(0))
        if not least:
            raise self._values.refuse(
                b, "this divisor may come arbitrarily close to 0", hint="round it, or divide by a number that is 0 or at least 1"
            )
        most = math.ceil(one.magnitude / least)
        positive = one.low >= 0 and other.low >= 0
        return 0 if positive else -most, most
