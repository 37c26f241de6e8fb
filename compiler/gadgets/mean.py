"""Functions of a mean, without division.

A mean is a pair of integers, the sum S (times a common denominator d of the values) and the width W. Formula: a function of
S / (d·W) that is constant between the thresholds t₁ < t₂ < … is
``f(least) + Σ (f after tᵢ - f before tᵢ) · [S/(dW) > tᵢ]``, and for tᵢ = p/q the bracket is a threshold of the integer form
``q·S - p·d·W``: ``relu(x) - relu(x - 1)``. Where nothing is selected S = W = 0, every bracket is 0, and
``relu(1 - W)`` times a constant turns f(least) into f(default).

Exact: always, as long as ``q·|S| + |p|·d·W`` stays below 2²⁴.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction


def means(low: int, high: int, scale: int, widths: int) -> Iterator[Fraction]:
    """Every S / (scale·W) for W in 1…widths and integer S in low·W…high·W, some more than once."""
    for width in range(1, widths + 1):
        for total in range(low * width, high * width + 1):
            yield Fraction(total, scale * width)


def how_many(low: int, high: int, widths: int) -> int:
    """How many pairs ``means`` goes through."""
    return (high - low) * widths * (widths + 1) // 2 + widths


def thresholds(values: Sequence[Fraction], function: Callable[[Fraction], int]) -> list[tuple[Fraction, int]]:
    """The (t, change) at which a function of ascending values changes: by ``change`` for values above t."""
    images = [function(value) for value in values]
    pairs = zip(values, zip(images, images[1:], strict=False), strict=False)
    return [(value, after - before) for value, (before, after) in pairs if after != before]
