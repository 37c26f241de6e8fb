"""Frozen dataclasses as JSON and back, checked against their annotations. Reading makes data and nothing else."""

from __future__ import annotations

import dataclasses
import re
import types
from collections.abc import Mapping
from enum import Enum
from fractions import Fraction
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

_LARGE = 10_000
"""Integers of more bits are written in base 16: the host limits how long a decimal it converts."""

_HEX = r"-?0x[0-9a-f]+"


def to_json(value: Any) -> Any:
    """What JSON can hold of an atom, a member of an enumeration, a tuple, or a dataclass of these."""
    match value:
        case Enum():
            return value.value
        case bool() | str() | float() | None:
            return value
        case int():
            return value if value.bit_length() <= _LARGE else {"int": hex(value)}
        case Fraction():
            return {"float": f"{value.numerator:#x}/{value.denominator:#x}"}
        case tuple():
            return [to_json(item) for item in value]
        case _:
            fields = {field.name: to_json(getattr(value, field.name)) for field in dataclasses.fields(value)}
            return {"type": type(value).__name__, **fields}


def from_json(form: Any, data: Any) -> Any:
    """The value of an annotated form; the inverse of ``to_json``.

    Args:
        form: a dataclass, an ``Enum``, ``bool``, ``int``, ``float``, ``str``, ``Fraction``, ``None``, a ``Literal``, a union of
            these, or a ``tuple`` of these of any length.

    Raises:
        ValueError: the data is of another form.
    """
    origin, parts = get_origin(form), get_args(form)
    if origin in (Union, types.UnionType):
        return _one_of(parts, data)
    if origin is Literal and type(data) is str and data in parts:
        return data
    if origin is tuple and isinstance(data, list) and parts[1:] == (...,):
        return tuple(from_json(parts[0], item) for item in data)
    if dataclasses.is_dataclass(form) and isinstance(form, type):
        return _dataclass(form, data)
    if isinstance(form, type) and issubclass(form, Enum):
        return form(data)
    return _atom(form, data)


def _one_of(forms: tuple[Any, ...], data: Any) -> Any:
    for form in forms:
        try:
            return from_json(form, data)
        except _OtherForm:
            continue
    raise _OtherForm(forms, data)


class _OtherForm(ValueError):
    """The data is no value of the form at all; a fault inside a value of the form is a plain ``ValueError``."""

    def __init__(self, form: Any, data: Any) -> None:
        super().__init__(f"{str(data)[:60]!r} is no {form}")


def _dataclass(form: type[Any], data: Any) -> Any:
    if not isinstance(data, Mapping) or data.get("type") != form.__name__:
        raise _OtherForm(form.__name__, data)
    hints = get_type_hints(form)
    if data.keys() != hints.keys() | {"type"}:
        raise ValueError(f"{form.__name__} has fields {', '.join(hints)}, not {', '.join(map(str, data))}"[:200])
    try:
        return form(**{name: from_json(hint, data[name]) for name, hint in hints.items()})
    except ValueError as error:
        raise ValueError(f"{form.__name__}: {error}") from None


def _atom(form: Any, data: Any) -> Any:
    match form, data:
        case _ if form in (bool, int, str) and type(data) is form:
            return data
        case types.NoneType, None:
            return None
        case _ if form is float and type(data) in (int, float):
            return float(data)
        case _ if form is int and (found := _matched(_HEX, data, "int")):
            return int(found[0], 16)
        case _ if form is Fraction and (found := _matched(f"({_HEX})/(0x[1-9a-f][0-9a-f]*)", data, "float")):
            return Fraction(int(found[1], 16), int(found[2], 16))
        case _:
            raise _OtherForm(getattr(form, "__name__", form), data)


def _matched(pattern: str, data: Any, key: str) -> re.Match[str] | None:
    """A number that stands as a text under its only key."""
    text = data.get(key) if isinstance(data, Mapping) and len(data) == 1 else None
    return re.fullmatch(pattern, text) if isinstance(text, str) else None
