"""From what a user passes as an input to the base s-ops on it.

Conversions are those of the host language: ``int("12")``, ``int`` of a float truncates, the truth of a string is that it is
not empty.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import assert_never, cast

import numpy as np

from rasp import atoms
from rasp.errors import EvaluationError, InputError
from rasp.evaluate.column import FLOAT, INT, STRING, TAGS, Column, bool_column, int_column, settled, tags, truth
from rasp.evaluate.distinct import distinct, spread
from rasp.evaluate.rationals import truncated
from rasp.evaluate.text import described, host_text
from rasp.graph import Atom
from rasp.graph.nodes import InputName


@dataclass(frozen=True, eq=False)
class Tokens:
    """The items of an input.

    Attributes:
        column: the items as a column; None where strings are mixed with numbers.
        items: the items one by one where there is no column.
    """

    column: Column | None
    items: tuple[Atom, ...] = ()

    def __len__(self) -> int:
        return len(self.items) if self.column is None else len(self.column)


def read_tokens(tokens: object) -> Tokens:
    """The items of a string (its characters), a list, tuple or array of atoms, a dictionary (its keys), or a column.

    Raises:
        InputError: anything else, or items that are no atoms.
    """
    match tokens:
        case Column():
            return Tokens(tokens)
        case str():
            return Tokens(_characters(tokens))
        case np.ndarray():
            return _from_array(tokens)
        case Mapping():
            return _from_items(list(tokens))
        case Sequence() if not isinstance(tokens, bytes | bytearray | memoryview):
            return _from_items(tokens)
        case _:
            raise InputError(
                f"an input is a string, a list or a dictionary, not {type(tokens).__name__}",
                hint='pass a sequence such as "hello" or [1, 2, 3]',
            )


def _characters(text: str) -> Column:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    points, ids = np.unique(codes, return_inverse=True)
    return Column(ids.astype(np.int64), None, tags(STRING, len(text)), tuple(chr(point) for point in points.tolist()))


def _from_array(array: np.ndarray) -> Tokens:
    if array.ndim != 1:
        raise InputError(f"an input is one sequence, not an array of {array.ndim} dimensions")
    if array.dtype.kind == "b":
        return Tokens(bool_column(array))
    if array.dtype.kind in "iu":
        num = settled(array.astype(np.int64 if array.dtype.kind == "i" else object))
        return Tokens(Column(num, None, tags(INT, len(num))))
    return _from_items(array.tolist())


def _from_items(items: Sequence[object]) -> Tokens:
    values: list[Atom] = list(cast(Sequence[Atom], items))
    if not set(map(type, values)) <= TAGS.keys():
        values = [_item(item, position) for position, item in enumerate(values)]
    try:
        return Tokens(Column.from_atoms(values))
    except EvaluationError:
        return Tokens(None, tuple(values))


def _item(item: object, position: int) -> Atom:
    try:
        return atoms.from_host(item)
    except InputError as error:
        raise InputError(f"position {position} of the input: {error.message}") from None


def base_column(name: InputName, tokens: Tokens) -> Column:
    """The column of a base s-op.

    Raises:
        InputError: an item can't be converted.
    """
    match name:
        case "indices":
            return int_column(np.arange(len(tokens)))
        case "tokens_asis":
            return _as_is(tokens)
        case "tokens_str":
            return _strings(tokens)
        case "tokens_bool":
            return _bools(tokens)
        case "tokens_int":
            return _ints(tokens)
        case "tokens_float":
            return _floats(tokens)
        case _:
            assert_never(name)


def _as_is(tokens: Tokens) -> Column:
    if tokens.column is not None:
        return tokens.column
    position = next(at for at, item in enumerate(tokens.items) if isinstance(item, str) != isinstance(tokens.items[0], str))
    first, other = described(tokens.items[0]), described(tokens.items[position])
    raise InputError(
        f"the input mixes strings and numbers: {first} at position 0, {other} at position {position}",
        hint="read it with tokens_str, or give items of one kind",
    )


def _strings(tokens: Tokens) -> Column:
    if tokens.column is not None and tokens.column.is_text:
        return tokens.column
    return _converted(tokens, host_text)


def _bools(tokens: Tokens) -> Column:
    return _converted(tokens, bool) if tokens.column is None else bool_column(truth(tokens.column))


def _ints(tokens: Tokens) -> Column:
    column = tokens.column
    if column is None or column.is_text:
        return _converted(tokens, _int)
    return Column(*truncated((column.num, column.den)), tags(INT, len(column)))


def _floats(tokens: Tokens) -> Column:
    column = tokens.column
    if column is None or column.is_text:
        return _converted(tokens, _float)
    return Column(column.num, column.den, tags(FLOAT, len(column)))


def _converted(tokens: Tokens, convert: Callable[[Atom], Atom]) -> Column:
    if tokens.column is None:
        return Column.from_atoms([_convert_one(convert, item, at) for at, item in enumerate(tokens.items)])
    different = distinct(tokens.column)
    values = tokens.column.take(different.first).to_atoms()
    results: list[Atom] = [0] * different.count
    for which in np.argsort(different.first, kind="stable").tolist():
        results[which] = _convert_one(convert, values[which], int(different.first[which]))
    return spread(results, different)


def _convert_one(convert: Callable[[Atom], Atom], item: Atom, position: int) -> Atom:
    try:
        return convert(item)
    except ValueError:
        wanted = "an int" if convert is _int else "a float"
        raise InputError(f"{described(item)} at position {position} of the input can't be read as {wanted}") from None


def _int(item: Atom) -> int:
    return int(item) if isinstance(item, str) else math.trunc(item)


def _float(item: Atom) -> Fraction:
    if not isinstance(item, str):
        return Fraction(item)
    number = float(item)
    if not math.isfinite(number):
        raise ValueError(item)
    return Fraction(repr(number))
