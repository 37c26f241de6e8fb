"""Single atoms as text, for sequences and for error messages."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import assert_never

from rasp import atoms, limits
from rasp.errors import RaspLimitError
from rasp.graph import Atom

_CHUNK_DIGITS = 4_000
"""Fewer than the host converts at once by default."""

_CHUNK = 10**_CHUNK_DIGITS

_LONGEST_QUOTE = 60


def integer_text(number: int) -> str:
    """The decimal digits of an int of any size."""
    if number < 0:
        return "-" + integer_text(-number)
    chunks: list[int] = []
    while number >= _CHUNK:
        number, rest = divmod(number, _CHUNK)
        chunks.append(rest)
    return str(number) + "".join(str(chunk).zfill(_CHUNK_DIGITS) for chunk in reversed(chunks))


def host_text(atom: Atom) -> str:
    """What the host's ``str`` gives: ``True``, ``1.0``, ``hello``."""
    return integer_text(atom) if isinstance(atom, int) and not isinstance(atom, bool) else str(atoms.to_host(atom))


def atom_text(atom: Atom) -> str:
    """An atom as an item of a sequence: bools as T and F, floats rounded to 3 decimals, strings bare."""
    return value_text(atoms.to_host(atom))


def value_text(value: bool | int | float | str) -> str:
    """The same for the host's value of an atom."""
    match value:
        case bool():
            return "T" if value else "F"
        case float():
            return str(round(value, 3))
        case int():
            return integer_text(value)
        case str():
            return value
        case _:
            assert_never(value)


def joined_text(texts: Iterable[str]) -> str:
    """Texts with commas between.

    Raises:
        RaspLimitError: they are longer than ``limits.OUTPUT_CHARACTERS`` together.
    """
    parts: list[str] = []
    length = 0
    for text in texts:
        length += len(text) + 2
        if length > limits.OUTPUT_CHARACTERS:
            raise RaspLimitError(f"a result of more than {limits.OUTPUT_CHARACTERS:,} characters is not written out")
        parts.append(text)
    return ", ".join(parts)


def described(atom: Atom) -> str:
    """An atom with its kind, as error messages show it."""
    match atom:
        case str():
            shown = f'"{atom}"'
        case Fraction():
            shown = integer_text(atom.numerator)
            shown += "" if atom.denominator == 1 else f"/{integer_text(atom.denominator)}"
        case _:
            shown = host_text(atom)
    return f"{atoms.kind_of(atom)} {shown if len(shown) <= _LONGEST_QUOTE else shown[: _LONGEST_QUOTE - 3] + '...'}"
