"""Results as text and as JSON."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

from rasp import atoms
from rasp.evaluate import Column
from rasp.evaluate.text import atom_text


def column_text(column: Column) -> str:
    """``[1, 0.333] (floats)``: all items, floats to three decimals."""
    return f"[{', '.join(atom_text(atom) for atom in column.to_atoms())}] ({column.kind}s)"


def to_json(value: Any) -> str:
    """A result as one line of JSON: a fraction as the nearest double.

    Raises:
        RaspLimitError: a fraction beyond the range of doubles.
    """
    return json.dumps(_plain(value))


def _plain(value: Any) -> Any:
    match value:
        case Fraction():
            return atoms.to_host(value)
        case list():
            return [_plain(item) for item in value]
        case _:
            return value
