"""Aggregation: for each row of a selector the default, the one selected value, or the mean or extreme of several."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Literal, assert_never

import numpy as np

from rasp import limits
from rasp.errors import EvaluationError, RaspLimitError
from rasp.evaluate.blocks import block_matrix, row_blocks
from rasp.evaluate.column import (
    FLOAT,
    INT,
    SMALL,
    Column,
    Integers,
    choose,
    constant,
    int_column,
    integer_array,
    magnitude,
    tags,
)
from rasp.evaluate.extrema import selector_maxima
from rasp.evaluate.formula import Formula
from rasp.evaluate.ranks import ranks_of
from rasp.evaluate.rationals import reduced, times
from rasp.evaluate.summation import selector_sums
from rasp.evaluate.text import described
from rasp.graph import Atom
from rasp.graph.nodes import Reduction


def selector_width(formula: Formula, length: int) -> Column:
    """The number of selected positions in each row."""
    counts, _ = selector_sums(formula, [], length)
    return int_column(counts)


def aggregate(reduction: Reduction, formula: Formula, value: Column, default: Atom) -> Column:
    """The default, the one selected value, or the reduction of several, for each row.

    Raises:
        EvaluationError: a row selects several values that can't be reduced, or the result mixes strings with numbers.
    """
    match reduction:
        case "mean":
            return mean(formula, value, default)
        case "min" | "max":
            return extreme(reduction, formula, value, default)
        case _:
            assert_never(reduction)


def mean(formula: Formula, value: Column, default: Atom) -> Column:
    """The exact mean where a row selects several positions.

    Raises:
        EvaluationError: a row selects several positions of a sequence that is not of numbers, or the result mixes kinds.
    """
    n = len(value)
    positions = np.arange(n)
    scaled = None if value.kind in ("bool", "string") else _over_common_denominator(value)
    weights = [positions] if scaled is None else [positions, scaled[0]]
    counts, (selected, *sums) = selector_sums(formula, weights, n)
    single = value.take(np.where(counts == 1, selected, 0))
    several = counts > 1
    if not several.any():
        return _with_default(single, counts, default)
    _refuse_non_numbers(value, counts, "average")
    if scaled is None:
        _refuse_too_many_fractions(int(counts[several].sum()))
        averages = _means_row_by_row(formula, value, np.flatnonzero(several))
    else:
        total = np.where(several, sums[0], 0)
        averages = Column(*reduced(total, times(np.where(several, counts, 1), integer_array([scaled[1]]))), tags(FLOAT, n))
    return _with_default(choose(several, averages, single), counts, default)


def extreme(reduction: Literal["min", "max"], formula: Formula, value: Column, default: Atom) -> Column:
    """The least or greatest value where a row selects several positions; bools count as ints there.

    Of equal values of different kinds the widest is taken.

    Raises:
        EvaluationError: a row selects several strings, or the result mixes kinds.
    """
    n = len(value)
    order, size = ranks_of(value)
    ranks = (order if reduction == "max" else size - 1 - order) * 4 + value.tag
    best = selector_maxima(formula, ranks, n)
    holder = np.zeros(4 * size, np.intp)
    holder[ranks] = np.arange(n)
    chosen = value.take(holder[np.maximum(best, 0)])
    if value.kind in ("float", "int") and not bool((value.tag < INT).any()):
        return _with_default(chosen, best + 1, default)
    counts, _ = selector_sums(formula, [], n)
    _refuse_non_numbers(value, counts, f"take the {reduction} of", bools=True)
    tag = chosen.tag if value.is_text else np.where(counts > 1, np.maximum(chosen.tag, INT), chosen.tag).astype(np.uint8)
    return _with_default(Column(chosen.num, chosen.den, tag, chosen.vocabulary), counts, default)


def _with_default(result: Column, counts: Integers, default: Atom) -> Column:
    empty = counts == 0
    if not empty.any():
        return result
    try:
        return choose(empty, constant(default, len(result)), result)
    except EvaluationError as error:
        position = int(np.argmax(empty))
        raise EvaluationError(
            f"values of different types in one sequence: nothing is selected, so the default {described(default)} "
            f"is taken, while other positions hold {result.kind}s",
            position=position,
            hint=f"give aggregate a default of kind {result.kind}",
        ) from error


def _refuse_non_numbers(value: Column, counts: Integers, verb: str, *, bools: bool = False) -> None:
    several = counts > 1
    if several.any() and (value.is_text or (value.kind == "bool" and not bools)):
        position = int(np.argmax(several))
        raise EvaluationError(
            f"can't {verb} {int(counts[position])} values that are {value.kind}s, not numbers",
            position=position,
            hint="select one position for each row" if value.is_text else "convert bools with indicator",
        )


def _over_common_denominator(value: Column) -> tuple[Integers, int] | None:
    """Integers and the denominator they share, wide enough to be summed; None where that denominator is too large."""
    num, common = value.num, 1
    if value.den is not None:
        for den in np.unique(value.den).tolist():
            common = math.lcm(common, den)
            if common.bit_length() * len(value) > limits.COLUMN_BITS or common.bit_length() > limits.NUMBER_BITS:
                return None
        num = times(num, _quotients(common, value.den))
    if num.dtype != object and magnitude(num) * len(num) > SMALL:
        num = num.astype(object)
    return num, common


def _quotients(common: int, den: Integers) -> Integers:
    if common <= SMALL:
        return common // den
    return np.array([common], dtype=object) // den.astype(object)


def _refuse_too_many_fractions(count: int) -> None:
    if count > limits.AVERAGED_FRACTIONS:
        raise RaspLimitError(
            f"exact means that add {count:,} fractions of very many different denominators",
            hint="take a shorter input, or average fractions of fewer denominators",
        )


def _means_row_by_row(formula: Formula, value: Column, rows: Integers) -> Column:
    """Means of values with too many different denominators to bring them all to one."""
    wanted = np.zeros(len(value), np.bool_)
    wanted[rows] = True
    numbers = [Fraction(atom) for atom in value.to_atoms() if not isinstance(atom, str)]
    means: list[Atom] = [Fraction(0)] * len(value)
    for block in row_blocks(len(value)):
        matrix = block_matrix(formula, block, len(value))
        for row in (np.flatnonzero(wanted[block]) + block.start).tolist():
            selected = np.flatnonzero(matrix[row - block.start]).tolist()
            means[row] = _mean_of([numbers[position] for position in selected])
    return Column.from_atoms(means)


def _mean_of(numbers: list[Fraction]) -> Fraction:
    total = Fraction(0)
    for number in numbers:
        total += number
        if total.denominator.bit_length() > limits.NUMBER_BITS:
            raise RaspLimitError(f"a mean whose exact denominator has more than {limits.NUMBER_BITS:,} bits")
    return total / len(numbers)
