"""Selectors' matrices and two-row sequence displays, as lines of text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rasp.evaluate import Column
from rasp.graph.nodes import Atom
from rasp.repl.notation import number_text
from rasp.repl.paint import Paint


def matrix_lines(items: Sequence[Atom], matrix: np.ndarray, indent: str, paint: Paint) -> list[str]:
    """A header of the items and a row for each: ``1`` where a key is selected; columns are as wide as their items."""
    labels = [cell_text(item) for item in items]
    widths = [len(label) for label in labels]
    widest = max(widths)
    header = f"{indent} \t\t\t{' ' * (widest + 4)}{paint.value(' '.join(labels))}"
    rows = [
        f"{indent} \t\t\t {paint.value(label.rjust(widest))} {paint.general('|')} {paint.value(_cells(row, widths))}"
        for label, row in zip(labels, matrix.tolist(), strict=True)
    ]
    return [header, *rows]


def matrix_text(items: Sequence[Atom], matrix: np.ndarray) -> str:
    """The same by itself, without colours."""
    return "\n".join(line.removeprefix(" \t\t\t") for line in matrix_lines(items, matrix, "", Paint()))


def _cells(row: list[bool], widths: list[int]) -> str:
    return " ".join(("1" if selected else "").rjust(width) for selected, width in zip(row, widths, strict=True))


def two_rows(example: Column, values: Column, indent: str, paint: Paint) -> list[str]:
    """The full display of a sequence: the input above the output, item by item, floats unrounded."""
    inputs, outputs = _row(example), _row(values)
    width = max(len(text) for text in (*inputs, *outputs))
    return [
        f"{indent} {paint.general(name)} {paint.value(' '.join(text.rjust(width) for text in texts))}"
        f" \t {paint.general(f'({column.kind}s)')}"
        for name, texts, column in (("\t\tinput:  ", inputs, example), ("\t\toutput: ", outputs, values))
    ]


def _row(column: Column) -> list[str]:
    """The items of a row; of bools only the rarer value is written."""
    atoms = column.to_atoms()
    if column.kind != "bool":
        return [cell_text(atom) for atom in atoms]
    trues = sum(bool(atom) for atom in atoms)
    true_text = "T" if 2 * trues <= len(atoms) else ""
    false_text = "F" if 2 * trues >= len(atoms) else ""
    return [true_text if atom else false_text for atom in atoms]


def cell_text(atom: Atom) -> str:
    return atom if isinstance(atom, str) else number_text(atom)
