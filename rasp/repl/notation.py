"""Values written as one line: in the host's notation, as the reference REPL shows lists and dictionaries."""

from __future__ import annotations

from fractions import Fraction
from typing import assert_never

from rasp.elaborate.kinds import Value
from rasp.errors import RaspLimitError
from rasp.evaluate.text import host_text
from rasp.graph.nodes import Atom
from rasp.values import Function, Selector, SOp, Tokens

DEEPEST = 20
"""Lists nested more deeply are cut."""


def example_text(tokens: Tokens) -> str:
    """An input as displays quote it: a string in double quotes, anything else in host notation."""
    return quoted(tokens) if isinstance(tokens, str) else host_notation(list(tokens))


def quoted(value: Value) -> str:
    """A value of a display line: a string in double quotes."""
    return f'"{value}"' if isinstance(value, str) else host_notation(value)


def host_notation(value: Value, depth: int = 0) -> str:
    """A value in the host's notation: strings in single quotes, floats in full."""
    match value:
        case str():
            return repr(value)
        case list() | dict() if depth > DEEPEST:
            return "…"
        case list():
            return f"[{', '.join(host_notation(item, depth + 1) for item in value)}]"
        case dict():
            return f"{{{', '.join(f'{host_notation(key)}: {host_notation(item, depth + 1)}' for key, item in value.items())}}}"
        case SOp(label=label) | Selector(label=label):
            return label
        case Function(name=name):
            return f"function {name}"
        case bool() | int() | Fraction():
            return number_text(value)
        case _:
            assert_never(value)


def number_text(value: Atom) -> str:
    """A number in full; a float that no double can hold is only named."""
    try:
        return host_text(value)
    except RaspLimitError:
        return "(float)"
