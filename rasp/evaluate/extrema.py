"""The greatest selected value in each row of a selector, without its matrix."""

from __future__ import annotations

import numpy as np

from rasp.evaluate.blocks import block_maxima
from rasp.evaluate.column import Integers
from rasp.evaluate.conjunction import Axis, Layout, disjoint_conjunctions, layout
from rasp.evaluate.dominance import Positions, levels
from rasp.evaluate.formula import Formula
from rasp.evaluate.summation import sorted_ranges


def selector_maxima(formula: Formula, ranks: Integers, length: int) -> Integers:
    """For each row the largest rank of a selected key, -1 where nothing is selected; shape (length,).

    Args:
        ranks: natural numbers; shape (length,).
    """
    parts = _layouts(formula, length)
    if parts is None:
        return block_maxima(formula, ranks, length)
    best = np.full(length, -1, np.int64)
    for part in parts:
        some = _layout_maxima(part, ranks if part.key_positions is None else ranks[part.key_positions])
        rows = slice(None) if part.row_positions is None else part.row_positions
        best[rows] = np.maximum(best[rows], some)
    return best


def _layouts(formula: Formula, length: int) -> list[Layout] | None:
    """The geometry of each conjunction; None if one is no interval and no rectangle with a side at the edge."""
    if formula.cover is None:
        return None
    parts: list[Layout] = []
    for term in formula.cover:
        conjunctions = disjoint_conjunctions(term)
        if conjunctions is None:
            return None
        for conjunction in conjunctions:
            part = layout(conjunction, length)
            turned = None if part is None else _with_edge(part)
            if turned is None:
                return None
            parts.append(turned)
    return parts


def _with_edge(part: Layout) -> Layout | None:
    """The rectangle with its second axis bounded from above alone, if need be by reversing that axis."""
    second = part.second
    if second is None or not second.low.any():
        return part
    if bool((second.high == second.size).all()):
        size = second.size
        turned = Axis(size - 1 - second.keys, np.zeros_like(second.low), size - second.low, size)
        return Layout(part.key_positions, part.row_positions, part.line, turned)
    return None


def _layout_maxima(part: Layout, ranks: Integers) -> Integers:
    if part.second is None:
        at_code = np.full(part.line.size, -1, np.int64)
        np.maximum.at(at_code, part.line.keys, ranks)
        return range_maxima(at_code, part.line.low, part.line.high)
    order, low, high = sorted_ranges(part.line)
    best = np.full(len(low), -1, np.int64)
    for level in levels(part.second.keys[order], low, high, part.second.high):
        taking = np.flatnonzero(level.takes_zeros)
        zeros = ranks[order[level.order[level.zero]]]
        begin, end = level.zeros_before[level.low[taking]], level.zeros_before[level.high[taking]]
        best[taking] = np.maximum(best[taking], range_maxima(zeros, begin, end))
    return best


def range_maxima(values: Integers, low: Positions, high: Positions) -> Integers:
    """The maximum of ``values[low:high]`` for each query, -1 for an empty range.

    A sparse table of which only one level is held at a time: ranges of length 2^k to 2^(k+1) - 1 are two overlapping
    windows of length 2^k.
    """
    best = np.full(len(low), -1, np.int64)
    lengths = high - low
    longest = int(lengths.max(initial=0))
    level = 0
    while 1 << level <= longest:
        width = 1 << level
        here = np.flatnonzero((lengths >= width) & (lengths < 2 * width))
        best[here] = np.maximum(values[low[here]], values[high[here] - width])
        values = np.maximum(values[:-width], values[width:])
        level += 1
    return best
