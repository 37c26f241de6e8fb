"""Selectors a block of rows at a time: the way for formulas that no faster method takes, in O(n · rows) memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from rasp.evaluate.column import LARGEST_EXACT_DOUBLE, Integers, magnitude
from rasp.evaluate.formula import Compound, Formula, Leaf, Opaque, Pair, SideMask, Table, relation, select_outcomes
from rasp.evaluate.selectors import evaluate_grid

BLOCK_CELLS = 1 << 22

Matrix = NDArray[np.bool_]


def row_blocks(length: int) -> Iterator[slice]:
    """Slices of rows whose matrices have about ``BLOCK_CELLS`` cells."""
    rows = max(1, BLOCK_CELLS // max(1, length))
    for start in range(0, length, rows):
        yield slice(start, min(start + rows, length))


def block_matrix(formula: Formula, rows: slice, length: int) -> Matrix:
    """These rows of the selector's matrix; shape (rows, length)."""
    parts = _postorder(formula)
    readers = Counter(operand for part in parts for operand in _operands(part))
    matrices: dict[Formula, Matrix] = {}
    for part in parts:
        matrices[part] = _part_matrix(part, matrices, rows, length)
        for operand in _operands(part):
            readers[operand] -= 1
            if not readers[operand]:
                matrices.pop(operand, None)
    return matrices[formula]


def _part_matrix(part: Formula, matrices: Mapping[Formula, Matrix], rows: slice, length: int) -> Matrix:
    match part:
        case Leaf():
            return np.broadcast_to(_leaf_matrix(part, rows), (rows.stop - rows.start, length))
        case Compound(connective="not", operands=(operand,)):
            return ~matrices[operand]
        case Compound(connective="and", operands=(left, right)):
            return matrices[left] & matrices[right]
        case Compound(connective="or", operands=(left, right)):
            return matrices[left] | matrices[right]
        case _:
            raise AssertionError("a connective of the wrong number of operands")


def _operands(part: Formula) -> tuple[Formula, ...]:
    return part.operands if isinstance(part, Compound) else ()


def _postorder(formula: Formula) -> list[Formula]:
    order: list[Formula] = []
    seen: set[Formula] = set()
    stack: list[tuple[Formula, bool]] = [(formula, False)]
    while stack:
        part, expanded = stack.pop()
        if expanded:
            order.append(part)
        elif part not in seen:
            seen.add(part)
            stack.append((part, True))
            stack.extend((operand, False) for operand in _operands(part))
    return order


def _leaf_matrix(part: Leaf, rows: slice) -> Matrix:
    match part.variable:
        case Pair(keys=keys, queries=queries):
            return relation(keys[None, :], queries[rows, None], part.allowed)
        case SideMask(side=side, mask=mask):
            chosen = mask[None, :] if side == "key" else mask[rows, None]
            return select_outcomes(chosen, part.allowed)
        case Table(truth=truth, key_ids=key_ids, query_classes=query_classes):
            return select_outcomes(truth[query_classes[rows]][:, key_ids], part.allowed)
        case Opaque():
            return select_outcomes(_opaque_matrix(part.variable, rows), part.allowed)
        case _:
            assert_never(part.variable)


def _opaque_matrix(variable: Opaque, rows: slice) -> Matrix:
    positions = np.arange(rows.start, rows.stop)
    return evaluate_grid(variable.body, variable.keys, variable.queries, positions)[:, variable.key_ids]


def block_sums(formula: Formula, weights: list[Integers], length: int) -> tuple[Integers, list[Integers]]:
    """For each row the number of selected keys, and the sum of each weight over them."""
    counts = np.zeros(length, np.int64)
    sums: list[Integers] = [np.zeros(length, weight.dtype) for weight in weights]
    for rows in row_blocks(length):
        matrix = block_matrix(formula, rows, length)
        counts[rows] = matrix.sum(axis=1)
        for total, weight in zip(sums, weights, strict=True):
            total[rows] = _row_sums(matrix, weight)
    return counts, sums


def _row_sums(matrix: Matrix, weight: Integers) -> Integers:
    if weight.dtype != object and magnitude(weight) * len(weight) < LARGEST_EXACT_DOUBLE:
        return (matrix.astype(np.float64) @ weight.astype(np.float64)).astype(np.int64)
    return np.where(matrix, weight[None, :], 0).sum(axis=1)


def block_maxima(formula: Formula, ranks: Integers, length: int) -> Integers:
    """For each row the largest rank selected, -1 where nothing is."""
    best = np.full(length, -1, np.int64)
    for rows in row_blocks(length):
        best[rows] = np.where(block_matrix(formula, rows, length), ranks[None, :], -1).max(axis=1)
    return best
