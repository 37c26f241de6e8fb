"""Order-preserving small integers for the elements of columns.

Selectors compare keys with queries; after ranking them together, every comparison is one of small integers, whatever the
atoms were.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from rasp.evaluate.column import Column, Integers, magnitude, shared_codes

Ranks = NDArray[np.int64]

_FRACTION_BITS = 31


def joint_ranks(left: Column, right: Column) -> tuple[Ranks, Ranks, int]:
    """Ranks of two columns of one sort (both text or both numbers), and their bound.

    Equal elements have equal ranks, whatever their kinds; greater elements have greater ranks. Not every rank below the
    bound need occur, and the bound is O(n).
    """
    if left is right:
        ranks, size = ranks_of(left)
        return ranks, ranks, size
    n = len(left)
    ranks, size = ranks_of(_stacked(left, right))
    return ranks[:n], ranks[n:], size


def ranks_of(column: Column) -> tuple[Ranks, int]:
    """Ranks of one column and their bound."""
    if column.den is None:
        return dense(column.num)
    if column.num.dtype != object and column.den.dtype != object and magnitude(column.den) < 2**_FRACTION_BITS:
        return _ranks_by_fraction(column.num, column.den)
    return _ranks_of_objects(column)


def _stacked(left: Column, right: Column) -> Column:
    if left.is_text:
        mine, others, vocabulary = shared_codes(left, right)
        num = np.concatenate([mine, others])
        return Column(num, None, np.concatenate([left.tag, right.tag]), vocabulary)
    dens = [np.ones(len(c), np.int64) if c.den is None else c.den for c in (left, right)]
    den = None if left.den is None and right.den is None else np.concatenate(dens)
    return Column(np.concatenate([left.num, right.num]), den, np.concatenate([left.tag, right.tag]))


def dense(numbers: Integers) -> tuple[Ranks, int]:
    """Ranks of integers; those of a small range need no sorting."""
    if not len(numbers):
        return np.zeros(0, np.int64), 1
    low, high = int(numbers.min()), int(numbers.max())
    if numbers.dtype != object and high - low <= 4 * len(numbers) + 1024:
        return numbers - low, high - low + 1
    values, ranks = np.unique(numbers, return_inverse=True)
    return ranks.astype(np.int64), len(values)


def _ranks_by_fraction(num: Integers, den: Integers) -> tuple[Ranks, int]:
    """Orders by the integer part, then by 62 bits of the fraction.

    Two fractions with denominators below 2^31 differ by more than 2^-62, so cutting them there keeps them apart.
    """
    whole, rest = num // den, num % den
    high, rest = (rest << _FRACTION_BITS) // den, (rest << _FRACTION_BITS) % den
    bits = (high << _FRACTION_BITS) | ((rest << _FRACTION_BITS) // den)
    order = np.lexsort((bits, whole))
    sorted_whole, sorted_bits = whole[order], bits[order]
    steps = (sorted_whole[1:] != sorted_whole[:-1]) | (sorted_bits[1:] != sorted_bits[:-1])
    ranks = np.zeros(len(num), np.int64)
    ranks[order[1:]] = np.cumsum(steps)
    return ranks, int(ranks.max(initial=0)) + 1


def _ranks_of_objects(column: Column) -> tuple[Ranks, int]:
    dens = [] if column.den is None else column.den.tolist()
    fractions = [Fraction(num, den) for num, den in zip(column.num.tolist(), dens, strict=True)]
    rank = {value: position for position, value in enumerate(sorted(set(fractions)))}
    return np.fromiter((rank[value] for value in fractions), np.int64, len(fractions)), max(1, len(rank))
