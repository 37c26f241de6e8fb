"""Inputs as the command line writes them."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any, Literal, TypeAlias, cast, get_args

from rasp.errors import InputError, Source
from rasp.syntax.ast import Dialect

Style: TypeAlias = Literal["json", "chars", "words", "ints"]
STYLES: tuple[Style, ...] = get_args(Style)

Items: TypeAlias = str | list[Any]

_LARGEST_EXPONENT = 5_000
_NUMBERS = "numbers are ints of up to 4,300 digits, and decimals such as 2.5 or 1e-3"
_ITEM_INSIDE = re.compile(r'[0-9",]|true|false')


def input_texts(arguments: Iterable[str]) -> Iterator[str]:
    """The arguments, with the lines of stdin in place of ``-``."""
    for argument in arguments:
        if argument == "-":
            yield from (line.rstrip("\r\n") for line in sys.stdin)
        else:
            yield argument


@contextmanager
def placed(text: str) -> Iterator[None]:
    """Give the errors that an input causes a place in it, unless they have one."""
    try:
        yield
    except InputError as error:
        raise error.located(Source("<input>", text).span(0, len(text))) from None


def read_input(text: str, dialect: Dialect, style: Style | None) -> Items:
    """The tokens that a text stands for.

    Without a style, a list in brackets is one; anything else is characters in RASP and ints in RASP-L.

    Raises:
        InputError: the text is malformed.
    """
    source = Source("<input>", text)
    _check_text(source)
    match style or _usual_style(text, dialect):
        case "json":
            return _json_items(source)
        case "words":
            return text.split()
        case "ints":
            return _ints(source)
        case "chars":
            return text


def _usual_style(text: str, dialect: Dialect) -> Style:
    """A program on brackets, such as Dyck languages, takes ``[()]`` as characters: a list has an item inside."""
    inside = text.strip()
    is_list = inside.startswith("[") and inside.endswith("]")
    if dialect == "rasp-l":
        return "json" if is_list else "ints"
    return "json" if is_list and _ITEM_INSIDE.search(inside) else "chars"


def _check_text(source: Source) -> None:
    wrong = next((at for at, character in enumerate(source.text) if "\ud800" <= character <= "\udfff"), None)
    if wrong is not None:
        raise InputError("the input is no UTF-8 text", source.span(wrong, wrong + 1), hint="give it in UTF-8")


def _ints(source: Source) -> list[Any]:
    items: list[Any] = []
    for found in re.finditer(r"[^\s,]+", source.text):
        if not re.fullmatch(r"[-+]?[0-9]{1,4000}", found[0]):
            hint = "write 3 1 4, 3,1,4 or [3,1,4]; --tokens chars reads characters"
            raise InputError(f"{found[0][:40]!a} is no int", source.span(*found.span()), hint=hint)
        items.append(int(found[0]))
    return items


def _json_items(source: Source) -> list[Any]:
    hint = 'write a list such as [1, 2.5] or ["a", "b"]; --tokens chars reads the text as characters'
    whole = source.span(0, len(source.text))
    try:
        items = json.loads(source.text, parse_float=_fraction, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        place = source.span(error.pos, error.pos + 1)
        raise InputError(f"the input is no list of tokens: {error.msg.lower()}", place, hint=hint) from None
    except ValueError as error:
        raise InputError(f"the input holds a number that can't be read: {error}", whole, hint=_NUMBERS) from None
    except RecursionError:
        raise InputError("the input nests lists too deeply: tokens are numbers, bools or strings", whole, hint=hint) from None
    if not isinstance(items, list):
        raise InputError("the input is no list of tokens", whole, hint=hint)
    wrong = next((at for at, item in enumerate(items) if not isinstance(item, bool | int | Fraction | str)), None)
    if wrong is not None:
        raise InputError(f"item {wrong} of the input is no token: tokens are numbers, bools or strings", whole, hint=hint)
    return cast(list[Any], items)


def _fraction(text: str) -> Fraction:
    exponent = re.search(r"[eE]([-+]?[0-9]+)$", text)
    if len(text) > _LARGEST_EXPONENT or (exponent and abs(int(exponent[1])) > _LARGEST_EXPONENT):
        raise ValueError(f"{text[:40]} is too large or too fine")
    return Fraction(text)


def _refuse(text: str) -> Any:
    raise ValueError(f"{text} is no number")
