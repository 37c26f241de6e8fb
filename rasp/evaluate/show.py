"""Sequences as the reference REPL prints them."""

from __future__ import annotations

from rasp.evaluate.column import Column
from rasp.evaluate.text import atom_text, joined_text, value_text

__all__ = ["atom_text", "items_text", "sequence_text"]


def sequence_text(column: Column) -> str:
    """``[0, 1, 2] (ints)``; equal items are written once: ``[T]*3 (bools)``."""
    return f"{items_text(column)} ({column.kind}s)"


def items_text(column: Column) -> str:
    """The items alone; elements that are equal but of different kinds count as equal, the first is shown."""
    if len(column) > 1 and _all_equal(column):
        return f"[{atom_text(column.atom(0))}]*{len(column)}"
    return f"[{joined_text(map(value_text, column.to_list()))}]"


def _all_equal(column: Column) -> bool:
    same_num = bool((column.num == column.num[0]).all())
    return same_num and (column.den is None or bool((column.den == column.den[0]).all()))
