"""Sums over rectangles: for each query the keys in a range of one order that are below a bound in another.

A wavelet matrix read level by level (Claude, Navarro, Ordóñez 2015, 'The wavelet matrix'): the second order's ranks are
taken bit by bit from the highest; at each level a query whose bound has a 1 adds the keys of its range that have a 0 and
goes on among those that have a 1, any other query goes on among those that have a 0. O((keys + queries) · log keys).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rasp.evaluate.column import Integers, Mask

Positions = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Level:
    """One bit of the ranks.

    Attributes:
        order: the original position of each key, as keys are arranged at this level; shape (keys,).
        zero: whether the key there has a 0; shape (keys,).
        zeros_before: how many zeros lie before each place; shape (keys + 1,).
        low, high: each query's range at this level; shape (rows,).
        takes_zeros: whether the query's bound has a 1, so that the zeros of its range are below it.
    """

    order: Positions
    zero: Mask
    zeros_before: Positions
    low: Positions
    high: Positions
    takes_zeros: Mask


def levels(values: Integers, low: Positions, high: Positions, bound: Integers) -> Iterator[Level]:
    """The levels of a wavelet matrix over ``values`` for the queries ``low <= place < high`` and ``values < bound``.

    Args:
        values: natural numbers; shape (keys,).
        low, high, bound: shape (rows,).
    """
    top = max(int(values.max(initial=0)), int(bound.max(initial=0)))
    order = np.arange(len(values))
    for bit in range(top.bit_length() - 1, -1, -1):
        zero = (values >> bit) & 1 == 0
        zeros_before = np.zeros(len(values) + 1, np.intp)
        np.cumsum(zero, out=zeros_before[1:])
        takes_zeros = (bound >> bit) & 1 == 1
        yield Level(order, zero, zeros_before, low, high, takes_zeros)
        zeros = zeros_before[-1]
        low_zeros, high_zeros = zeros_before[low], zeros_before[high]
        low = np.where(takes_zeros, low - low_zeros + zeros, low_zeros)
        high = np.where(takes_zeros, high - high_zeros + zeros, high_zeros)
        values = np.concatenate([values[zero], values[~zero]])
        order = np.concatenate([order[zero], order[~zero]])


def dominance_sums(
    values: Integers, low: Positions, high: Positions, bound: Integers, weights: list[Integers]
) -> tuple[Integers, list[Integers]]:
    """For each query the number of keys in its rectangle, and the sum of each weight over them."""
    counts = np.zeros(len(low), np.int64)
    sums: list[Integers] = [np.zeros(len(low), weight.dtype) for weight in weights]
    for level in levels(values, low, high, bound):
        taking = np.flatnonzero(level.takes_zeros)
        begin, end = level.low[taking], level.high[taking]
        counts[taking] += level.zeros_before[end] - level.zeros_before[begin]
        for total, weight in zip(sums, weights, strict=True):
            before = running_total(np.where(level.zero, weight[level.order], 0))
            total[taking] += before[end] - before[begin]
    return counts, sums


def running_total(weight: Integers) -> Integers:
    """The sum of the first i weights, for each i from 0 to the number of weights."""
    total = np.zeros(len(weight) + 1, weight.dtype)
    np.cumsum(weight, out=total[1:])
    return total
