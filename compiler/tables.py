"""Tables: functions of several values at once, as gated ReLU units."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from compiler.circuit import Feature, Form, FromUnits, Unit
from compiler.gadgets.gate import all_of, bend_where
from compiler.gadgets.staircase import staircase
from rasp.graph.nodes import Atom

Point = TypeVar("Point")


@dataclass(frozen=True)
class Axis(Generic[Point]):
    """One of the values that a table goes through.

    Attributes:
        points: the values, each once.
        indicator: the form that is 1 where the value is a given point, else 0.
    """

    points: Sequence[Point]
    indicator: Callable[[Point], Form]


@dataclass(frozen=True)
class Scalar(Generic[Point]):
    """An integer that a table runs over without indicators: ``points[k]`` is the value where the form is ``low + k``.

    A point that is None never occurs.
    """

    form: Form
    low: int
    points: Sequence[Point | None]


def size(axes: Sequence[Axis[Point]]) -> int:
    """How many combinations of points there are."""
    return math.prod(len(axis.points) for axis in axes)


@dataclass(frozen=True)
class Table(Generic[Point]):
    """A function of several values, written out.

    Attributes:
        rows: for each combination of points of the axes, the values along the scalar (or the one value); None where undefined.
    """

    axes: Sequence[Axis[Point]]
    scalar: Scalar[Point] | None
    rows: Sequence[tuple[tuple[Point, ...], list[Atom | None]]]

    @staticmethod
    def of(
        axes: Sequence[Axis[Point]], scalar: Scalar[Point] | None, at: Callable[[Sequence[Point]], Atom | None]
    ) -> Table[Point]:
        """Write a function out; it is called with one point of each axis and, last, of the scalar if there is one."""
        along = scalar.points if scalar else None
        rows = [
            (points, [at(points)] if along is None else [None if last is None else at((*points, last)) for last in along])
            for points in itertools.product(*(axis.points for axis in axes))
        ]
        return Table(axes, scalar, rows)

    def gated(self, image: Callable[[Atom], int], most_units: int) -> Form | int:
        """The form of an integer function of the table's values, or the number of units if that is too large."""
        rows = [(points, [None if value is None else image(value) for value in row]) for points, row in self.rows]
        known = [value for _, row in rows for value in row if value is not None]
        base, _ = Counter(known).most_common(1)[0]
        x = self.scalar.form if self.scalar else Form()
        low = self.scalar.low if self.scalar else 0
        units: list[tuple[Unit, int]] = []
        for points, row in rows:
            stairs = staircase(low, [None if value is None else value - base for value in row])
            if not (stairs.start or stairs.slope or stairs.bends):
                continue
            where = [axis.indicator(point) for axis, point in zip(self.axes, points, strict=True)]
            if stairs.start:
                units.append((all_of(where), stairs.start))
            bends = ((low, stairs.slope), *stairs.bends) if stairs.slope else stairs.bends
            units.extend((bend_where(where, x, at), change) for at, change in bends)
            if len(units) > most_units:
                return len(units)
        return Form.of(Feature("table", FromUnits(tuple(units)), min(known) - base, max(known) - base)) + base
