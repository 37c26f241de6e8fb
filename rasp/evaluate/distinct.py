"""The distinct elements of a column, and functions applied to those alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rasp.errors import EvaluationError, RaspError, RaspLimitError
from rasp.evaluate.column import Column, Integers, check_column_bits, magnitude
from rasp.graph import Atom

_CHARACTER_BITS = 8
_SMALL_BITS = 64


@dataclass(frozen=True, eq=False)
class Distinct:
    """What is distinct in n elements.

    Attributes:
        ids: for each element the number of its equal; shape (n,).
        first: for each number the first position that has it; shape (count,).
    """

    ids: NDArray[np.intp]
    first: NDArray[np.intp]

    @property
    def count(self) -> int:
        return len(self.first)


def numbered(codes: Integers) -> Distinct:
    """Distinct integers, numbered in ascending order; without sorting where their range is small."""
    if not len(codes):
        return Distinct(np.zeros(0, np.intp), np.zeros(0, np.intp))
    low, high = int(codes.min()), int(codes.max())
    if codes.dtype == object or high - low > 8 * len(codes) + 1024:
        _, first, ids = np.unique(codes, return_index=True, return_inverse=True)
        return Distinct(ids, first)
    shifted = codes - low
    first_at = np.full(high - low + 1, -1, np.intp)
    first_at[shifted[::-1]] = np.arange(len(codes) - 1, -1, -1)
    present = first_at >= 0
    return Distinct((np.cumsum(present) - 1)[shifted], first_at[present])


def distinct(column: Column) -> Distinct:
    """Distinct elements; equal numbers of different kinds are distinct."""
    if column.is_text:
        return numbered(column.num)
    if column.den is None and magnitude(column.num) < 2**60:
        return numbered(column.num * 4 + column.tag)
    parts = [numbered(column.num), numbered(column.tag.astype(np.int64))]
    return joined(parts if column.den is None else [*parts, numbered(column.den)])


def joined(parts: Sequence[Distinct]) -> Distinct:
    """Distinct tuples, given what is distinct in each place of the tuple."""
    whole = parts[0]
    for part in parts[1:]:
        whole = numbered(whole.ids * part.count + part.ids)
    return whole


def apply_to_distinct(function: Callable[..., Atom], columns: Sequence[Column]) -> Column:
    """A function of atoms at each position, called once for each distinct tuple of arguments.

    Raises:
        EvaluationError: the function fails, with the first position at which it does.
        RaspLimitError: a result is too large, or all of them together are.
    """
    tuples = joined([distinct(column) for column in columns])
    representatives = [column.take(tuples.first).to_atoms() for column in columns]
    results: list[Atom] = [0] * tuples.count
    occurrences = np.bincount(tuples.ids, minlength=tuples.count).tolist()
    bits = 0
    for which in np.argsort(tuples.first, kind="stable").tolist():
        try:
            results[which] = function(*(values[which] for values in representatives))
        except RaspLimitError:
            raise
        except RaspError as error:
            position = int(tuples.first[which])
            raise EvaluationError(error.message, position=position, hint=error.hint) from None
        bits += _size_in_bits(results[which]) * occurrences[which]
        check_column_bits(bits)
    return spread(results, tuples)


def _size_in_bits(atom: Atom) -> int:
    """What an atom takes in a sequence of large values; a number that fits a machine word counts nothing."""
    if isinstance(atom, str):
        return len(atom) * _CHARACTER_BITS
    bits = atom.numerator.bit_length() + atom.denominator.bit_length()
    return bits if bits > _SMALL_BITS else 0


def spread(results: Sequence[Atom], tuples: Distinct) -> Column:
    """The result for each distinct tuple, put at each position."""
    try:
        return Column.from_atoms(results).take(tuples.ids)
    except EvaluationError:
        return Column.from_atoms([results[which] for which in tuples.ids.tolist()])
