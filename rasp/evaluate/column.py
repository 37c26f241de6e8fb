"""A typed sequence of atoms, held as NumPy arrays.

Numbers are exact rationals in lowest terms: an array of numerators, one of denominators where any is not 1, and one tag an
element that tells bools, ints and floats apart (a float may be integral). Integers of at most ``SMALL`` are ``int64``, a
column that holds a larger one is an array of Python ints. Strings are codes into a sorted vocabulary, so codes compare as
the strings do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import repeat
from typing import Any, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from rasp import atoms, limits
from rasp.errors import EvaluationError, RaspLimitError
from rasp.evaluate.text import described
from rasp.graph import Atom

BOOL, INT, FLOAT, STRING = 0, 1, 2, 3
KINDS = ("bool", "int", "float", "string")
TAGS: dict[type, int] = {bool: BOOL, int: INT, Fraction: FLOAT, str: STRING}

_ATOMS: tuple[Callable[[int, int], Atom], ...] = (lambda num, _: bool(num), lambda num, _: num, Fraction)
"""Makes the atom of each tag of numbers."""

SMALL = 2**62 - 1
"""Largest magnitude held in an int64, chosen so that the sum of two never overflows."""

LARGEST_EXACT_DOUBLE = 2**53

Integers: TypeAlias = NDArray[Any]
"""One dimension; int64, or Python ints in an object array."""

Mask: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Column:
    """A sequence of n atoms, all numbers or all strings.

    Attributes:
        num: numerators, or codes into the vocabulary; shape (n,).
        den: denominators, positive and coprime to ``num``; None where all are 1.
        tag: BOOL, INT, FLOAT or STRING of each element.
        vocabulary: the sorted, distinct strings that ``num`` counts; None for numbers.
    """

    num: Integers
    den: Integers | None
    tag: NDArray[np.uint8]
    vocabulary: tuple[str, ...] | None = None

    @staticmethod
    def from_atoms(items: Iterable[Atom]) -> Column:
        """The column of these atoms.

        Raises:
            EvaluationError: strings are mixed with numbers.
        """
        values = list(items)
        types = set(map(type, values))
        if types == {str}:
            return string_column(cast(list[str], values))
        if str in types:
            raise mixed_kinds(values)
        if types == {int}:
            return Column(integer_array(cast(list[int], values)), None, tags(INT, len(values)))
        numbers = cast(list[bool | int | Fraction], values)
        tag = np.fromiter((TAGS[type(value)] for value in numbers), np.uint8, len(numbers))
        num = integer_array([value.numerator for value in numbers])
        den = integer_array([value.denominator for value in numbers]) if Fraction in types else None
        return Column(num, None if den is None else without_ones(den), tag)

    def __len__(self) -> int:
        return len(self.num)

    @property
    def kind(self) -> str:
        """``bool``, ``int``, ``float`` or ``string``: what the whole sequence is called; a mixture has the widest kind."""
        return KINDS[int(self.tag.max())] if len(self) else "int"

    @property
    def is_text(self) -> bool:
        return self.vocabulary is not None

    def atom(self, position: int) -> Atom:
        """The exact atom at a position."""
        return self.take(np.array([position])).to_atoms()[0]

    def to_atoms(self) -> list[Atom]:
        """The exact atoms, floats as ``Fraction``."""
        if self.vocabulary is not None:
            return [self.vocabulary[code] for code in self.num.tolist()]
        if bool((self.tag == INT).all()):
            return self.num.tolist()
        dens = repeat(1) if self.den is None else self.den.tolist()
        return [_ATOMS[tag](num, den) for num, den, tag in zip(self.num.tolist(), dens, self.tag.tolist(), strict=False)]

    def to_list(self) -> list[bool | int | float | str]:
        """Python values; each float is the double nearest to the exact value.

        Raises:
            RaspLimitError: a float beyond the range of doubles.
        """
        if not bool((self.tag == FLOAT).any()):
            return cast(list[bool | int | float | str], self.to_atoms())
        den = np.ones(len(self), np.int64) if self.den is None else self.den
        if max(magnitude(self.num), magnitude(den)) > LARGEST_EXACT_DOUBLE:
            return [atoms.to_host(atom) for atom in self.to_atoms()]
        parts = zip(self.num.tolist(), (self.num / den).tolist(), self.tag.tolist(), strict=True)
        return [double if tag == FLOAT else bool(num) if tag == BOOL else num for num, double, tag in parts]

    def take(self, positions: NDArray[np.intp]) -> Column:
        """The elements at these positions, in their order."""
        den = None if self.den is None else self.den[positions]
        return Column(self.num[positions], den, self.tag[positions], self.vocabulary)


def magnitude(numbers: Integers) -> int:
    """The largest absolute value, 0 for none."""
    return max(-int(numbers.min()), int(numbers.max())) if numbers.size else 0


def settled(numbers: Integers) -> Integers:
    """The same integers in the representation that their magnitude asks for.

    Raises:
        RaspLimitError: a number of more than ``limits.NUMBER_BITS`` bits, or more than ``limits.COLUMN_BITS`` in all.
    """
    largest = magnitude(numbers)
    if largest <= SMALL:
        return numbers.astype(np.int64) if numbers.dtype == object else numbers
    bits = largest.bit_length()
    if bits > limits.NUMBER_BITS:
        raise RaspLimitError(f"a number of more than {limits.NUMBER_BITS:,} bits")
    if bits * len(numbers) > limits.COLUMN_BITS:
        check_column_bits(sum(map(int.bit_length, numbers.tolist())))
    return numbers.astype(object)


def check_column_bits(bits: int) -> None:
    """Refuse a sequence whose elements together are too large to be held."""
    if bits > limits.COLUMN_BITS:
        raise RaspLimitError(
            f"a sequence of very large values: more than {limits.COLUMN_BITS:,} bits together",
            hint="take a shorter input, or keep the numbers or strings at each position small",
        )


def integer_array(values: Sequence[int]) -> Integers:
    """Python ints as an array."""
    try:
        return settled(np.array(values, np.int64))
    except OverflowError:
        wide = np.empty(len(values), dtype=object)
        wide[:] = values
        return settled(wide)


def tags(kind: int, length: int) -> NDArray[np.uint8]:
    """The same tag for each element."""
    return np.full(length, kind, np.uint8)


def int_column(values: NDArray[Any]) -> Column:
    """Ints that are known to be small."""
    return Column(values.astype(np.int64, copy=False), None, tags(INT, len(values)))


def bool_column(mask: NDArray[Any]) -> Column:
    return Column(mask.astype(np.int64), None, tags(BOOL, len(mask)))


def string_column(texts: Sequence[str]) -> Column:
    vocabulary = tuple(sorted(set(texts)))
    codes = {text: code for code, text in enumerate(vocabulary)}
    num = np.fromiter((codes[text] for text in texts), np.int64, len(texts))
    return Column(num, None, tags(STRING, len(texts)), vocabulary)


def constant(atom: Atom, length: int) -> Column:
    """The same atom at every position; takes no memory for each position."""
    one = Column.from_atoms([atom])
    den = None if one.den is None else np.broadcast_to(one.den, length)
    return Column(np.broadcast_to(one.num, length), den, np.broadcast_to(one.tag, length), one.vocabulary)


def truth(column: Column) -> Mask:
    """Where an element is truthy: not 0, not the empty string."""
    if column.vocabulary is None:
        return np.asarray(column.num != 0, dtype=np.bool_)
    empty = bool(column.vocabulary) and column.vocabulary[0] == ""
    return column.num > 0 if empty else np.ones(len(column), np.bool_)


def shared_codes(left: Column, right: Column) -> tuple[Integers, Integers, tuple[str, ...]]:
    """The codes of two string columns in one vocabulary."""
    mine, others = left.vocabulary or (), right.vocabulary or ()
    if mine == others:
        return left.num, right.num, mine
    union = tuple(sorted({*mine, *others}))
    code = {text: position for position, text in enumerate(union)}
    of_mine = np.array([code[text] for text in mine], np.int64)
    of_others = np.array([code[text] for text in others], np.int64)
    return of_mine[left.num], of_others[right.num], union


def choose(condition: Mask, left: Column, right: Column) -> Column:
    """``left`` where the condition holds, else ``right``.

    Raises:
        EvaluationError: the result mixes strings with numbers.
    """
    if left.is_text != right.is_text:
        return _only_one(condition, left, right)
    tag = np.where(condition, left.tag, right.tag)
    if left.is_text:
        mine, others, vocabulary = shared_codes(left, right)
        return Column(np.where(condition, mine, others), None, tag, vocabulary)
    num = settled(np.where(condition, left.num, right.num))
    if left.den is None and right.den is None:
        return Column(num, None, tag)
    den = np.where(condition, 1 if left.den is None else left.den, 1 if right.den is None else right.den)
    return Column(num, without_ones(settled(den)), tag)


def without_ones(den: Integers) -> Integers | None:
    """Denominators, or None where all are 1."""
    return None if bool((den == 1).all()) else den


def _only_one(condition: Mask, left: Column, right: Column) -> Column:
    if bool(condition.all()):
        return left
    if not bool(condition.any()):
        return right
    position = int(np.argmax(condition != condition[0]))
    first, other = (left, right) if condition[0] else (right, left)
    raise mixed_kinds([first.atom(0), other.atom(position)], position)


def mixed_kinds(values: Sequence[Atom], position: int | None = None) -> EvaluationError:
    """The error for a sequence of strings and numbers."""
    if position is None:
        is_text = [isinstance(value, str) for value in values]
        position = is_text.index(not is_text[0])
        values = [values[0], values[position]]
    first, other = values
    return EvaluationError(
        f"values of different types in one sequence: {described(first)} at position 0, then {described(other)}",
        position=position,
    )
