"""Functions of a mean, from the sum, the width, and what one selected value gives."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from compiler.analysis.valuesets import Numbers, ValueSets
from compiler.circuit import Form, Unit
from compiler.gadgets.mean import at_cuts, through_values
from compiler.lowering.features import Features
from compiler.lowering.forms import ToInt
from compiler.lowering.heads import HeadTable
from compiler.lowering.ratio import Ratio
from compiler.lowering.ratios import Ratios
from rasp.graph.nodes import Aggregate, Atom


class Means:
    """Functions of aggregates that may average.

    Where two or more positions are selected, the value is a float, a function of the ratio of sum and width. Where one is, it
    is the selected value, whatever its kind; where none is, the default.
    """

    def __init__(self, values: ValueSets, features: Features, heads: HeadTable, ratios: Ratios) -> None:
        self._values = values
        self._features = features
        self._heads = heads
        self._ratios = ratios

    def form(self, node: Aggregate, function: ToInt, cuts: Sequence[Atom]) -> Form:
        """``function`` of the mean; it changes at the cuts only, if the mean can't be listed."""
        total, scale = self._ratios.total(node)
        width = self._heads.width(node.selector)
        listed = self._values.of(node)
        low, high = self._ends(node)
        if isinstance(listed, Numbers):
            numbers = [Fraction(point) for point in self._values.representatives(node, cuts) if not isinstance(point, str)]
            edges = [Fraction(cut) for cut in cuts if not isinstance(cut, str)]
            piecewise = at_cuts(numbers, edges, function)
        else:
            averages = sorted({Fraction(v) for v in listed if not isinstance(v, str) and low <= v <= high})
            piecewise = through_values(averages, function)
        default = Fraction(0) if isinstance(node.default, str) else Fraction(node.default)
        empty = None if self._values.selections.width_range(node.selector)[0] else default
        ratio = Ratio(total, width * scale, empty, near=self._ratios.near(node))
        base = self._ratios.arithmetic.piecewise(node, ratio, piecewise, function(node.default))
        return base + self._of_one(node, width, function)

    def is_float(self, node: Aggregate, inner: Form) -> Form:
        """1 where the mean is a float, else 0.

        Args:
            inner: 1 where the averaged value is a float, else 0.
        """
        width = self._heads.width(node.selector)
        floats = self._heads.sum_form(node.value, node.selector, inner, "floats")
        units = [
            (Unit(floats - (width - 1) * 2), 1),  # of one selected value; 2 too many where none is
            (Unit(width - 1), 1),
            (Unit(width - 2), -1),
            (Unit(1 - width), int(isinstance(node.default, Fraction)) - 2),
        ]
        return self._features.from_units("is a float", units, 0, 1)

    def _ends(self, node: Aggregate) -> tuple[Fraction, Fraction]:
        """What averages lie between; the default may lie elsewhere."""
        if isinstance(self._values.of(node.value), Numbers):
            interval = self._values.interval(node.value)
            return interval.low, interval.high
        low, high, scale = self._values.scaled_range(node)
        return Fraction(low, scale), Fraction(high, scale)

    def _of_one(self, node: Aggregate, width: Form, function: ToInt) -> Form:
        """What the function gives more on the one selected value than on the float that the sum would be."""
        inner = self._values.of(node.value)
        if isinstance(inner, Numbers) or width.high < 1:
            return Form()
        low, _ = self._ends(node)

        def more(value: Atom) -> int:
            averaged = low if isinstance(value, str) else Fraction(value)
            return function(value) - function(averaged)

        extra = [more(value) for value in inner]
        least, most = min(extra), max(extra)
        if not least and not most:
            return Form()
        span = most - least
        above = self._heads.sum(node.selector, node.value, lambda value: more(value) - least, "one selected")
        bound = 2 * span
        units = [
            (Unit(above - (width - 1) * bound), 1),
            (Unit(Form(constant=2) - width), least),
            (Unit(Form(constant=1) - width), -2 * least - bound),
        ]
        return self._features.from_units("one selected", units, min(0, least), max(0, most))
