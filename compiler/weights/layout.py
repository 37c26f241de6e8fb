"""Gives every feature a cell of the residual stream, as a compiler allocates registers.

A cell whose feature has been read for the last time is emptied by the units of a layer, and then holds another one. The unit
that empties a cell is ``relu(x - low)`` with weight -1, and the bias adds -low: exact, because x is an integer from low up. In a
model that checks whether the program is defined, two units do it, ``relu(x)`` and ``relu(-x)``, whatever x is. What is added to
the cell in the same layer is part of the same sums, so a cell of large numbers is not used again.
"""

from __future__ import annotations

from dataclasses import dataclass

from compiler.circuit import Circuit, Feature, FromHeads, FromPosition, FromToken, FromUnits, IsBos, Reading
from compiler.gadgets import count
from compiler.scores import EXACT, table_bound
from compiler.weights.schedule import Schedule, last_reads, written


@dataclass(frozen=True)
class Clearing:
    """A cell that is emptied.

    Attributes:
        layer: the layer whose units empty it, from 1.
        old, new: the feature that it held, and the one that it is emptied for.
    """

    cell: int
    layer: int
    old: Feature
    new: Feature

    @property
    def low(self) -> int:
        """The least value that the cell can hold before."""
        return min(self.old.low, self.old.at_bos)

    @property
    def bound(self) -> int:
        """A bound of every partial sum in the cell while it is emptied and, if its units are in the same layer, filled."""
        held = max(abs(self.old.low), abs(self.old.high), abs(self.old.at_bos))
        filled = table_bound(self.new.origin) if isinstance(self.new.origin, FromUnits) else 0
        return 2 * held + 2 * abs(self.low) + (count.ROUNDER if is_rounded(self.new) else filled)


@dataclass(frozen=True)
class Layout:
    """Which cell each feature lives in.

    Attributes:
        cells: the cell of each feature; several may share one, one after the other.
        width: how many cells there are, at least 1.
        clearings: what is emptied between two features of a cell.
    """

    cells: dict[Feature, int]
    width: int
    clearings: tuple[Clearing, ...] = ()

    def first_in(self, feature: Feature) -> bool:
        """Whether nothing was in its cell before a feature."""
        return all(clearing.new is not feature for clearing in self.clearings)


def lay_out(circuit: Circuit, schedule: Schedule) -> Layout:
    """Each feature in the order of their times, in a cell that is free, or in a new one.

    What a check reads has a cell of its own: where the program is undefined, values leave their bounds and emptying fails.
    """
    last = last_reads(circuit, schedule)
    checked = {feature for check in circuit.checks for feature in check.form.features}
    cells: dict[Feature, int] = {}
    clearings: list[Clearing] = []
    tenants: list[Feature] = []
    for feature in sorted(schedule.features, key=lambda feature: (written(feature), feature.serial)):
        clearing = None if feature in checked else _clearing(feature, tenants, last)
        if clearing is None:
            cells[feature] = len(tenants)
            tenants.append(feature)
            continue
        clearings.append(clearing)
        cells[feature] = clearing.cell
        tenants[clearing.cell] = feature
    return Layout(cells, max(1, len(tenants)), tuple(clearings))


def is_rounded(feature: Feature) -> bool:
    """Whether a feature comes out of its heads with an error, so that its cell rounds it to an integer."""
    return isinstance(feature.origin, FromHeads) and any(
        channel.head.reading is not Reading.LOOK_UP for channel, _ in feature.origin.parts
    )


def _clearing(feature: Feature, tenants: list[Feature], last: dict[Feature, int]) -> Clearing | None:
    """Of a cell that can be emptied before something is added to the feature; units can empty and fill in one go."""
    if isinstance(feature.origin, FromToken | FromPosition | IsBos):
        return None
    latest = written(feature) if not isinstance(feature.origin, FromHeads) else written(feature) - 1
    free = (cell for cell, tenant in enumerate(tenants) if 2 * _emptied(tenant, last) <= latest)
    found = (Clearing(cell, _emptied(tenants[cell], last), tenants[cell], feature) for cell in free)
    return next((clearing for clearing in found if clearing.bound < EXACT), None)


def _emptied(tenant: Feature, last: dict[Feature, int]) -> int:
    """The layer whose units can empty the cell of a feature: the first after it is complete and read."""
    return (max(1, last.get(tenant, 0), tenant.ready) + 1) // 2
