"""Tables: functions of several values at once, as gated ReLU units."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from compiler.circuit import Form, Unit
from compiler.gadgets.gate import all_of, bend_where
from compiler.gadgets.staircase import staircase
from rasp.graph.nodes import Atom

Point = TypeVar("Point")


@dataclass(frozen=True)
class Axis(Generic[Point]):
    """One of the values that a table goes through.

    Attributes:
        points: the values, each once.
        missing: the form that is 0 where the value is a given point, and at least 1 elsewhere.
    """

    points: Sequence[Point]
    missing: Callable[[Point], Form]


@dataclass(frozen=True)
class Scalar(Generic[Point]):
    """A value that an integer form decides, so that a table can run over it without indicators.

    Attributes:
        steps: (k, the value where the form is k or more), ascending; the first k is the least that the form can be.
    """

    form: Form
    steps: Sequence[tuple[int, Point]]


@dataclass(frozen=True)
class Gated:
    """An integer function of a table's values as units.

    Attributes:
        units: with their coefficients.
        base: what is to be added.
        low, high: the least and the greatest sum of units.
        largest: a bound of partial sums; the units of all rows but one are 0.
    """

    units: list[tuple[Unit, int]]
    base: int
    low: int
    high: int
    largest: int


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
        along = [()] if scalar is None else [(point,) for _, point in scalar.steps]
        rows = [
            (points, [at((*points, *last)) for last in along]) for points in itertools.product(*(axis.points for axis in axes))
        ]
        return Table(axes, scalar, rows)

    def gated(self, image: Callable[[Atom], int], most_units: int) -> Gated | int:
        """The units of an integer function of the table's values; or how many they are, if too many."""
        rows = [(points, [None if value is None else image(value) for value in row]) for points, row in self.rows]
        known = [value for _, row in rows for value in row if value is not None]
        base, _ = Counter(known).most_common(1)[0]
        x = self.scalar.form if self.scalar else Form()
        places = [at for at, _ in self.scalar.steps] if self.scalar else [0]
        units: list[tuple[Unit, int]] = []
        largest = 0
        for points, row in rows:
            stairs = staircase(_known_steps(places, row, base), x.high)
            if not (stairs.start or stairs.slope or stairs.bends):
                continue
            where = [axis.missing(point) for axis, point in zip(self.axes, points, strict=True)]
            bends = ((stairs.low, stairs.slope), *stairs.bends) if stairs.slope else stairs.bends
            of_row = [(all_of(where), stairs.start)] if stairs.start else []
            of_row += [(bend_where(where, x, at), change) for at, change in bends]
            units += of_row
            largest = max(largest, sum(abs(change) * unit.high for unit, change in of_row))
            if len(units) > most_units:
                return len(units)
        return Gated(units, base, min(known) - base, max(known) - base, largest)


def _known_steps(places: Sequence[int], row: Sequence[int | None], base: int) -> list[tuple[int, int]]:
    """The row as steps, less the base; what never occurs takes its neighbour's value."""
    known = next((value for value in row if value is not None), base)
    steps: list[tuple[int, int]] = []
    for place, value in zip(places, row, strict=True):
        known = known if value is None else value
        if not steps or steps[-1][1] != known - base:
            steps.append((place, known - base))
    return steps
