"""Counts and sums over the rows of a selector, without its matrix."""

from __future__ import annotations

import numpy as np

from rasp.evaluate.blocks import block_sums
from rasp.evaluate.column import Integers
from rasp.evaluate.conjunction import Axis, Layout, layout, signed_conjunctions
from rasp.evaluate.dominance import dominance_sums, running_total
from rasp.evaluate.formula import Formula

Sums = tuple[Integers, list[Integers]]


def selector_sums(formula: Formula, weights: list[Integers], length: int) -> Sums:
    """For each row the number of selected keys, and the sum of each weight over them; shape (length,).

    Args:
        weights: integers; the sum of the magnitudes of an int64 array fits an int64.
    """
    parts = _layouts(formula, length)
    if parts is None:
        return block_sums(formula, weights, length)
    counts = np.zeros(length, np.int64)
    sums: list[Integers] = [np.zeros(length, weight.dtype) for weight in weights]
    for sign, part in parts:
        mine = [weight if part.key_positions is None else weight[part.key_positions] for weight in weights]
        some_counts, some_sums = layout_sums(part, mine)
        for total, some in zip([counts, *sums], [some_counts, *some_sums], strict=True):
            rows = slice(None) if part.row_positions is None else part.row_positions
            total[rows] += sign * some
    return counts, sums


def _layouts(formula: Formula, length: int) -> list[tuple[int, Layout]] | None:
    if formula.cover is None:
        return None
    parts: list[tuple[int, Layout]] = []
    for term in formula.cover:
        conjunctions = signed_conjunctions(term)
        if conjunctions is None:
            return None
        for sign, conjunction in conjunctions:
            part = layout(conjunction, length)
            if part is None:
                return None
            parts.append((sign, part))
    return parts


def layout_sums(part: Layout, weights: list[Integers]) -> Sums:
    """Counts and sums for the rows that take part; the weights are those of the keys that do."""
    if part.second is None:
        return _interval_sums(part.line, weights)
    order, low, high = sorted_ranges(part.line)
    values = part.second.keys[order]
    arranged = [weight[order] for weight in weights]
    counts, sums = dominance_sums(values, low, high, part.second.high, arranged)
    if not part.second.low.any():
        return counts, sums
    fewer, less = dominance_sums(values, low, high, part.second.low, arranged)
    return counts - fewer, [more - some for more, some in zip(sums, less, strict=True)]


def _interval_sums(line: Axis, weights: list[Integers]) -> Sums:
    before = running_total(np.bincount(line.keys, minlength=line.size))
    counts = before[line.high] - before[line.low]
    sums: list[Integers] = []
    for weight in weights:
        at_code = np.zeros(line.size, weight.dtype)
        np.add.at(at_code, line.keys, weight)
        total = running_total(at_code)
        sums.append(total[line.high] - total[line.low])
    return counts, sums


def sorted_ranges(line: Axis) -> tuple[Integers, Integers, Integers]:
    """The keys in the order of the line, and each query's interval as a range of places in it."""
    before = running_total(np.bincount(line.keys, minlength=line.size))
    return np.argsort(line.keys, kind="stable"), before[line.low], before[line.high]
