"""Gives every feature a cell of the residual stream."""

from __future__ import annotations

from dataclasses import dataclass

from compiler.circuit import Feature
from compiler.schedule import Schedule


@dataclass(frozen=True)
class Layout:
    """Which cell each feature lives in.

    Attributes:
        cells: the cell of each feature.
        width: how many cells there are, at least 1.
    """

    cells: dict[Feature, int]
    width: int

    def labels(self) -> list[str]:
        """What each cell holds."""
        names = [""] * self.width
        for feature, cell in self.cells.items():
            names[cell] = feature.label
        return names


def lay_out(schedule: Schedule) -> Layout:
    """One cell for each feature, in the order in which they are computed."""
    cells = {feature: cell for cell, feature in enumerate(schedule.features)}
    return Layout(cells, max(1, len(cells)))
