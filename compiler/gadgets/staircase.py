"""Any function of an integer, with one hidden layer of ReLU units.

Formula: for f on low…high, with steps s(k) = f(k+1) - f(k),
``f(x) = f(low) + s(low)·(x - low) + Σ (s(k) - s(k-1)) · relu(x - k)`` over the k where the step changes. The first two
terms are a linear form and cost no unit. A function is given by the places where it changes, so one that is constant over
long stretches costs two units for each change, whatever its range.

Exact: for integer x, as long as ``Σ |s(k) - s(k-1)| · (high - k)`` and the linear part stay below 2²⁴, since every partial
sum is then an integer that float32 holds.

A function of many thousand integers can have larger sums. If it is constant up to some place, and from there on a function of
the digit ``y // B`` plus one of the digit ``y % B`` of the distance y, it takes two layers: the first digit is a staircase of
x, the second the linear form ``y - B·(y // B)``, and the rest are two short staircases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

MOST_DIGITS = 2**16
"""A function of more integers is not told by two digits: the staircase of the first would add up too much itself."""


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


@dataclass(frozen=True)
class Digits:
    """From ``origin`` on a sum of two functions, of the digits ``(x - origin) // base`` and ``(x - origin) % base``.

    Attributes:
        before: the value below the origin.
        of_high: by the first digit.
        of_low: by the second; 0 at 0.
    """

    origin: int
    base: int
    before: int
    of_high: tuple[int, ...]
    of_low: tuple[int, ...]


def in_digits(steps: Steps, high: int) -> Digits | None:
    """The digits to a power of two near the root of the range; None if the function is no such sum."""
    return next((found for start in (0, 1) if (found := _in_digits_from(steps, start, high)) is not None), None)


def _in_digits_from(steps: Steps, start: int, high: int) -> Digits | None:
    """The digits from the place of a step on."""
    if start >= len(steps) or high - steps[start][0] >= MOST_DIGITS:
        return None
    kept, origin = steps[start:], steps[start][0]
    base = 1 << ((high - origin + 1).bit_length() + 1) // 2
    ends = [*(at for at, _ in kept[1:]), high + 1]
    images = [value for (at, value), end in zip(kept, ends, strict=True) for _ in range(at, min(end, high + 1))]
    of_low = tuple(image - images[0] for image in images[:base])
    of_high = tuple(images[::base])
    separate = all(image == of_high[k // base] + of_low[k % base] for k, image in enumerate(images))
    return Digits(origin, base, steps[0][1], of_high, of_low) if separate else None


def as_steps(images: Sequence[int]) -> list[tuple[int, int]]:
    """The steps of a function of 0, 1, …"""
    return [(k, image) for k, image in enumerate(images) if not k or image != images[k - 1]]


def clip(steps: Steps, low: int) -> list[tuple[int, int]]:
    """Steps with those at or below the least integer merged into the first."""
    kept = [(low, steps[0][1])]
    for at, value in steps[1:]:
        if at <= low:
            kept[0] = (low, value)
        else:
            kept.append((at, value))
    return kept
