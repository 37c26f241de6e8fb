"""Results as text and as JSON."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

from rasp import atoms
from rasp.evaluate import Column
from rasp.evaluate.text import atom_text, integer_text, joined_text


def column_text(column: Column) -> str:
    """``[1, 0.333] (floats)``: all items, floats to three decimals.

    Raises:
        RaspLimitError: a fraction beyond the range of doubles, or a text that is too long.
    """
    return f"[{joined_text(map(atom_text, column.to_atoms()))}] ({column.kind}s)"


def to_json(value: Any) -> str:
    """A result as one line of JSON: a fraction as the nearest double.

    Raises:
        RaspLimitError: a fraction beyond the range of doubles, or a text that is too long.
    """
    match value:
        case list():
            return f"[{joined_text(map(to_json, value))}]"
        case int() if not isinstance(value, bool):
            return integer_text(value)
        case Fraction():
            return json.dumps(atoms.to_host(value))
        case _:
            return json.dumps(value)
