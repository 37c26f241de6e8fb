"""Any function of an integer, with one hidden layer of ReLU units.

Formula: for f on low…high, with steps s(k) = f(k+1) - f(k),
``f(x) = f(low) + s(low)·(x - low) + Σ (s(k) - s(k-1)) · relu(x - k)`` over the k where the step changes. The first two
terms are a linear form and cost no unit.

Exact: for integer x, as long as ``Σ |s(k) - s(k-1)| · (high - k)`` and the linear part stay below 2²⁴, since every partial
sum is then an integer that float32 holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


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


def staircase(low: int, values: Sequence[int | None]) -> Staircase:
    """The staircase through the values at low, low + 1, …; None is a point that never occurs and takes its neighbour's value."""
    filled = _filled(values)
    steps = [after - before for before, after in zip(filled, filled[1:], strict=False)]
    bends = [
        (low + k, step - before)
        for k, (before, step) in enumerate(zip(steps, steps[1:], strict=False), start=1)
        if step != before
    ]
    return Staircase(low, filled[0], steps[0] if steps else 0, tuple(bends))


def _filled(values: Sequence[int | None]) -> list[int]:
    known = next((value for value in values if value is not None), 0)
    filled: list[int] = []
    for value in values:
        known = known if value is None else value
        filled.append(known)
    return filled
