"""Cells of the residual stream that hold the same kind of thing at the same time, as one row."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from compiler.blueprint import Blueprint, CellUse


@dataclass(frozen=True)
class Row:
    """Neighbouring cells with equal stays.

    Attributes:
        first, last: the cells.
        stays: what each of them holds, one value after the other; ranges are those of all cells together.
    """

    first: int
    last: int
    stays: tuple[CellUse, ...]

    @property
    def cells(self) -> int:
        """How many cells."""
        return self.last - self.first + 1

    @property
    def name(self) -> str:
        return ranges(range(self.first, self.last + 1))


def rows(plan: Blueprint) -> list[Row]:
    """The rows of a blueprint, by cell."""
    stays: dict[int, list[CellUse]] = defaultdict(list)
    for use in plan.cells:
        stays[use.cell].append(use)
    groups = itertools.groupby(range(plan.width), key=lambda cell: tuple(_without_numbers(use) for use in stays[cell]))
    return [_row([stays[cell] for cell in cells], cells) for cells in (list(group) for _, group in groups)]


def cells_in_use(plan: Blueprint, time: int) -> int:
    """How many cells hold something that is being made or will still be read."""
    return len({use.cell for use in plan.cells if use.written <= time <= use.last_read})


def ranges(numbers: Iterable[int]) -> str:
    """``1-3, 7`` for ascending numbers."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(f"{first}" if first == last else f"{first}-{last}" for first, last in runs)


def _without_numbers(use: CellUse) -> CellUse:
    return replace(use, cell=0, low=0, high=0)


def _row(stays: list[list[CellUse]], cells: list[int]) -> Row:
    together = (
        replace(uses[0], low=min(use.low for use in uses), high=max(use.high for use in uses))
        for uses in zip(*stays, strict=True)
    )
    return Row(cells[0], cells[-1], tuple(together))
