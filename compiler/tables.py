"""Tables: functions of several values at once, as gated ReLU units."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from compiler.circuit import Feature, Form, FromUnits, Unit
from compiler.gadgets.gate import all_of, bend_where
from compiler.gadgets.staircase import staircase

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


def rows(axes: Sequence[Axis[Point]]) -> int:
    """How many combinations of points there are."""
    return math.prod(len(axis.points) for axis in axes)


def gated(
    axes: Sequence[Axis[Point]],
    scalar: Scalar[Point] | None,
    image: Callable[[Sequence[Point]], int | None],
    most_units: int,
) -> Form | int:
    """The table of a function.

    Args:
        image: the function of one point of each axis and, last, of the scalar if there is one; None where it is undefined.
        most_units: the largest number of units allowed.

    Returns:
        The form, or the number of units if that is too large.
    """
    table = list(_rows(axes, scalar, image))
    known = [value for _, row in table for value in row if value is not None]
    base = max(set(known), key=known.count)
    x = scalar.form if scalar else Form()
    low = scalar.low if scalar else 0
    units: list[tuple[Unit, int]] = []
    for points, row in table:
        stairs = staircase(low, [None if value is None else value - base for value in row])
        if not (stairs.start or stairs.slope or stairs.bends):
            continue
        where = [axis.indicator(point) for axis, point in zip(axes, points, strict=True)]
        if stairs.start:
            units.append((all_of(where), stairs.start))
        bends = ((low, stairs.slope), *stairs.bends) if stairs.slope else stairs.bends
        units.extend((bend_where(where, x, at), change) for at, change in bends)
        if len(units) > most_units:
            return len(units)
    return Form.of(Feature("table", FromUnits(tuple(units)), min(known) - base, max(known) - base)) + base


def _rows(
    axes: Sequence[Axis[Point]], scalar: Scalar[Point] | None, image: Callable[[Sequence[Point]], int | None]
) -> Iterator[tuple[tuple[Point, ...], list[int | None]]]:
    for points in itertools.product(*(axis.points for axis in axes)):
        if scalar is None:
            yield points, [image(points)]
        else:
            yield points, [None if last is None else image((*points, last)) for last in scalar.points]
