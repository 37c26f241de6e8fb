"""Functions of a mean, without division.

A mean is a pair of integers, the sum S (times a common denominator d of the values) and the width W. Formula: a function of
S / (d·W) that is constant between the thresholds t₁ < t₂ < … is
``f(least) + Σ (f after tᵢ - f before tᵢ) · [S/(dW) > tᵢ]``, and for tᵢ = p/q the bracket is a threshold of the integer form
``q·S - p·d·W``: ``relu(x) - relu(x - 1)``. Where nothing is selected S = W = 0, every bracket is 0, and
``relu(1 - W)`` times a constant turns f(least) into f(default).

Exact: always, as long as ``q·|S| + |p|·d·W`` stays below 2²⁴.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction


def means(low: int, high: int, scale: int, widths: int) -> Iterator[Fraction]:
    """Every S / (scale·W) for W in 1…widths and integer S in low·W…high·W, some more than once."""
    for width in range(1, widths + 1):
        for total in range(low * width, high * width + 1):
            yield Fraction(total, scale * width)


def how_many(low: int, high: int, widths: int) -> int:
    """How many pairs ``means`` goes through."""
    return (high - low) * widths * (widths + 1) // 2 + widths


@dataclass(frozen=True)
class Piecewise:
    """A function of a rational number that changes at a few places.

    Attributes:
        first: its value below all places.
        changes: (place, whether the place itself belongs to what is above it, by how much the value changes), ascending.
        low, high: its least and greatest value.
    """

    first: int
    changes: tuple[tuple[Fraction, bool, int], ...]
    low: int
    high: int


def through_values(values: Sequence[Fraction], function: Callable[[Fraction], int]) -> Piecewise:
    """A function of a number that is one of the ascending values; it changes at the simplest place between two."""
    images = [function(value) for value in values]
    pairs = zip(itertools.pairwise(values), itertools.pairwise(images), strict=True)
    changes = [(*between(*ends), after - before) for ends, (before, after) in pairs if after != before]
    return _piecewise(images, changes)


def at_cuts(points: Sequence[Fraction], cuts: Iterable[Fraction], function: Callable[[Fraction], int]) -> Piecewise:
    """A function that is constant between cuts; the points are the cuts, and one point of each part that they leave."""
    images = [function(point) for point in points]
    known = set(cuts)
    changes: list[tuple[Fraction, bool, int]] = []
    for (left, right), (before, after) in zip(itertools.pairwise(points), itertools.pairwise(images), strict=True):
        changes.append((right, True, after - before) if right in known else (left, False, after - before))
    return _piecewise(images, changes)


def _piecewise(images: Sequence[int], changes: Sequence[tuple[Fraction, bool, int]]) -> Piecewise:
    return Piecewise(images[0], tuple(change for change in changes if change[2]), min(images), max(images))


def between(low: Fraction, high: Fraction) -> tuple[Fraction, bool]:
    """The simplest place t with low < high on different sides of it, and whether t itself belongs to the upper side.

    Simplest is the least denominator, which keeps ``q·S - p·d·W`` small.
    """
    simplest = _simplest(low, high)
    return simplest, simplest > low


def _simplest(low: Fraction, high: Fraction) -> Fraction:
    """The fraction of least denominator from low to high."""
    whole = math.ceil(low)
    if whole <= high:
        return Fraction(whole)
    floor = whole - 1
    return floor + 1 / _simplest(1 / (high - floor), 1 / (low - floor))
