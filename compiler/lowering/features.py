"""Makes features, and shares them: equal requests get one feature, so that it takes one cell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from compiler.analysis.valuesets import ValueSets
from compiler.circuit import Feature, Form, FromPosition, FromSlot, FromToken, FromUnits, IsBos, Unit
from compiler.errors import CompileError, amount
from compiler.gadgets.product import quarter_square, switched
from compiler.gadgets.staircase import Digits, Steps, as_steps, clip, in_digits, staircase
from compiler.lowering.forms import ToInt
from compiler.lowering.tables import Table
from compiler.scores import EXACT, table_bound
from rasp.graph.nodes import Sop

MOST_UNITS = 60_000
"""Largest number of ReLU units for one table."""


@dataclass(frozen=True)
class Embeddings:
    """The features that the embedding holds, for all circuits of a model."""

    bos: Feature = field(default_factory=lambda: Feature("BOS", IsBos(), 0, 0, at_bos=1))
    columns: dict[FromToken | FromPosition, Feature] = field(default_factory=dict)


class Features:
    """The features of one circuit that are not made by heads.

    Args:
        values: names the expression in a refusal.
        embeddings: the features of the embedding that other circuits of the model have made; new ones are added.
    """

    def __init__(self, values: ValueSets, embeddings: Embeddings) -> None:
        self._values = values
        self.bos = embeddings.bos
        self._embedded = embeddings.columns
        self._slots: dict[int, Feature] = {}
        self._made: dict[tuple[object, ...], Feature] = {}

    def slot(self, number: int) -> Form:
        """The number that a slot holds; a truth is 0 or 1."""
        slot = self._values.slots[number]
        values = slot.values
        if len(values) == 1:
            return Form(constant=int(values[0]))
        if number not in self._slots:
            low, high = int(min(values)), int(max(values))
            self._slots[number] = Feature(slot.label, FromSlot(number), low, high)
        return Form.of(self._slots[number])

    def embedding(self, origin: FromToken | FromPosition) -> Form:
        """A function of the token or of the index; functions that are linear in each other are one feature."""
        start, *others = origin.values
        step = math.gcd(*(value - start for value in others))
        if not step:
            return Form(constant=start)
        step = step if next(value for value in others if value != start) > start else -step
        base = type(origin)(tuple((value - start) // step for value in origin.values))
        if base not in self._embedded:
            label = "token" if isinstance(base, FromToken) else "index"
            self._embedded[base] = Feature(label, base, min(base.values), max(base.values))
        return Form.of(self._embedded[base], step) + start

    def from_units(self, label: str, units: Sequence[tuple[Unit, int]], low: int, high: int, largest: int | None = None) -> Form:
        """A feature that is a combination of units; equal ones are one."""
        gathered: dict[Unit, int] = {}
        for unit, factor in units:
            if unit.high:
                gathered[unit] = gathered.get(unit, 0) + factor
        parts = tuple((unit, factor) for unit, factor in gathered.items() if factor)
        if not parts:
            return Form()
        key = (frozenset(parts), low, high, largest)
        if key not in self._made:
            self._made[key] = Feature(label, FromUnits(parts, largest), low, high)
        return Form.of(self._made[key])

    def staircase(self, node: Sop, x: Form, steps: Steps, *, in_two: bool = True) -> Form:
        """The function of an integer form that has the given steps.

        Args:
            in_two: whether it may be told by two digits if it adds up too large numbers.
        """
        stairs = staircase(steps, x.high)
        if len(stairs.bends) > MOST_UNITS:
            raise self._too_many_units(node, len(stairs.bends))
        if not stairs.bends:
            return (x - stairs.low) * stairs.slope + stairs.start
        # One more unit for the slope keeps the bounds of the feature tight, and so those of whatever reads it.
        images = [value - stairs.start for _, value in steps]
        units = [(Unit(x - at), change) for at, change in ((stairs.low, stairs.slope), *stairs.bends)]
        if in_two and table_bound(FromUnits(tuple(units))) >= EXACT:
            digits = in_digits(steps, x.high)
            if digits is not None:
                return self._of_digits(node, x, digits)
        return self.from_units("staircase", units, min(images), max(images)) + stairs.start

    def _of_digits(self, node: Sop, x: Form, digits: Digits) -> Form:
        """A function of an integer from its two digits. Below the origin both are 0, and one more form is 0 there alone."""
        base, distance = digits.base, x - digits.origin
        places = clip([(base * k, k) for k in range(len(digits.of_high))], distance.low)
        digit = self.staircase(node, distance, places, in_two=False)
        reached = self.staircase(node, distance, clip([(distance.low, 0), (0, 1)], distance.low), in_two=False)
        upper = self.staircase(node, digit + reached, as_steps((digits.before, *digits.of_high)), in_two=False)
        lower = staircase(as_steps(digits.of_low), base - 1)
        bends = ((0, lower.slope), *lower.bends)
        units = [(Unit(distance - digit * base - at, base - 1 - at), change) for at, change in bends]
        return upper + self.from_units("digit", units, min(digits.of_low), max(digits.of_low))

    def table(self, node: Sop, table: Table[Any], function: ToInt) -> Form:
        """A function of what a table holds."""
        made = table.gated(function, MOST_UNITS)
        if isinstance(made, int):
            raise self._too_many_units(node, made)
        return self.from_units("table", made.units, made.low, made.high, made.largest) + made.base

    def choice(self, truth: Form, a: Form, b: Form) -> Form:
        """a where the truth form is 1, b where it is 0."""
        difference = a - b
        if not difference.terms:
            return b + truth * difference.constant
        if not truth.terms:
            return a if truth.constant else b
        low, high = min(a.low, b.low), max(a.high, b.high)
        span = high - low
        chosen = [(Unit(a - low - span + truth * span), 1), (Unit(b - low - truth * span), 1)]
        return self.from_units("choice", chosen, 0, span) + low

    def product(self, node: Sop, x: Form, y: Form) -> Form:
        """The product of two integer forms."""
        for one, other in ((x, y), (y, x)):
            if not one.terms:
                return other * one.constant
            if one.low >= 0 and one.high <= 1:
                unit, rest = switched(one, other)
                return self.from_units("product", [(unit, 1)], 0, other.high - other.low) + rest
        units: list[tuple[Unit, int]] = []
        start = 0
        for z, sign in ((x + y, 1), (x - y, -1)):
            if z.magnitude**2 // 4 >= EXACT:
                raise self._values.refuse(
                    node,
                    f"this product takes squares of up to {amount(z.magnitude**2 // 4)}, which float32 does not hold exactly",
                    hint="compile for a smaller max_length, or with smaller constants",
                )
            stairs = staircase([(k, quarter_square(k)) for k in range(z.low, z.high + 1)], z.high)
            start += sign * stairs.start
            units += [(Unit(z - at), sign * change) for at, change in ((z.low, stairs.slope), *stairs.bends)]
        corners = [a * b for a in (x.low, x.high) for b in (y.low, y.high)]
        return self.from_units("product", units, min(corners) - start, max(corners) - start) + start

    def _too_many_units(self, node: Sop, units: int) -> CompileError:
        return self._values.refuse(
            node,
            f"the table of this expression needs more than {MOST_UNITS:,} units ({units:,})",
            hint="a smaller vocabulary or max_length",
        )
