"""Any function of an integer, with one hidden layer of ReLU units.

Formula: for f on low…high, with steps s(k) = f(k+1) - f(k),
``f(x) = f(low) + s(low)·(x - low) + Σ (s(k) - s(k-1)) · relu(x - k)`` over the k where the step changes. The first two
terms are a linear form and cost no unit. A function is given by the places where it changes, so one that is constant over
long stretches costs two units for each change, whatever its range.

Exact: for integer x, as long as ``Σ |s(k) - s(k-1)| · (high - k)`` and the linear part stay below 2²⁴, since every partial
sum is then an integer that float32 holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Staircase:
    """``start + slope·(x - low) + Σ change·relu(x - at)``."""

    low: int
    start: int
    slope: int
    bends: tuple[tuple[int, int], ...]  # (at, change)

    def __call__(self, x: int) -> int:
        """The value at an integer, for tests."""
        return self.start + self.slope * (x - self.low) + sum(change * max(0, x - at) for at, change in self.bends)


Steps: TypeAlias = Sequence[tuple[int, int]]
"""A function of an integer as (k, value from k on), ascending; the first k is the least integer."""


def staircase(steps: Steps, high: int) -> Staircase:
    """The staircase with the given steps, for integers up to ``high``."""
    low, start = steps[0]
    changes: dict[int, int] = {}
    before = start
    for at, value in steps[1:]:
        jump = value - before
        changes[at - 1] = changes.get(at - 1, 0) + jump
        changes[at] = changes.get(at, 0) - jump
        before = value
    slope = changes.pop(low, 0)
    bends = tuple((at, change) for at, change in sorted(changes.items()) if change and at < high)
    return Staircase(low, start, slope, bends)


def clip(steps: Steps, low: int) -> list[tuple[int, int]]:
    """Steps with those at or below the least integer merged into the first."""
    kept = [(low, steps[0][1])]
    for at, value in steps[1:]:
        if at <= low:
            kept[0] = (low, value)
        else:
            kept.append((at, value))
    return kept
