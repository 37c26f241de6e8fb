"""Gives every feature a cell of the residual stream, as a compiler allocates registers.

A cell whose feature has been read for the last time is emptied by the units of a layer, and then holds another one. The unit
that empties a cell is ``relu(x - low)`` with weight -1, and the bias adds -low: exact, because x is an integer from low up. In a
model that checks whether the program is defined, two units do it, ``relu(x)`` and ``relu(-x)``, whatever x is. What is added to
the cell in the same layer is part of the same sums, so a cell of large numbers is not used again.

A model with loops is laid out stage by stage. The embedding and the slots have cells of their own, for all stages. The other
cells serve every stage, and are *at rest* between any two, so that a block of layers can be run any number of times: each holds
0, or the number that rounds what attention adds to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from compiler.circuit import Circuit, Feature, FromHeads, FromPosition, FromSlot, FromToken, FromUnits, IsBos, Reading
from compiler.gadgets import count
from compiler.scores import EXACT, table_bound
from compiler.weights.schedule import Schedule, last_reads, written
from rasp.errors import Span


@dataclass(frozen=True)
class Clearing:
    """A cell that is emptied.

    Attributes:
        layer: the layer whose units empty it, from 1.
        old, new: the feature that it held, and the one that it is emptied for; None at the end of a stage.
        rounds: whether what is added to it from then on is rounded.
    """

    cell: int
    layer: int
    old: Feature
    new: Feature | None
    rounds: bool

    @property
    def low(self) -> int:
        """The least value that the cell can hold before."""
        return min(self.old.low, self.old.at_bos)

    @property
    def bound(self) -> int:
        """A bound of every partial sum in the cell while it is emptied and, if its units are in the same layer, filled."""
        held = max(abs(self.old.low), abs(self.old.high), abs(self.old.at_bos))
        filled = table_bound(self.new.origin) if self.new is not None and isinstance(self.new.origin, FromUnits) else 0
        return 2 * held + 2 * abs(self.low) + (count.ROUNDER if self.rounds else filled)

    @property
    def span(self) -> Span | None:
        """What it is done for."""
        return (self.new or self.old).span


@dataclass(frozen=True)
class Ground:
    """What a stage finds when it is laid out.

    Attributes:
        embedded: the cells of features that stay for all stages; of a model of one stage none is here.
        slots: the cell of each slot.
        resting: for each other cell that an earlier stage uses, whether it rounds what is added to it.
    """

    embedded: Mapping[Feature, int] = field(default_factory=dict)
    slots: Mapping[int, int] = field(default_factory=dict)
    resting: tuple[bool, ...] = ()

    @property
    def first(self) -> int:
        """The first cell that is free between stages."""
        return len(self.embedded) + len(self.slots)

    @staticmethod
    def of(features: Iterable[Feature], slots: Iterable[int]) -> Ground:
        """Cells for what stays, one after the other."""
        embedded = {feature: cell for cell, feature in enumerate(features)}
        return Ground(embedded, {slot: cell for cell, slot in enumerate(slots, start=len(embedded))})


@dataclass(frozen=True)
class Layout:
    """Which cell each feature lives in.

    Attributes:
        cells: the cell of each feature; several may share one, one after the other.
        width: how many cells there are, at least 1.
        resting: for each cell that belongs to no embedding and no slot for good, whether at first it rounds what is added to it.
        clearings: what is emptied between two features of a cell, and at the end of a stage.
    """

    cells: dict[Feature, int]
    width: int
    resting: tuple[bool, ...]
    clearings: tuple[Clearing, ...] = ()


def lay_out(circuit: Circuit, schedule: Schedule, ground: Ground | None = None) -> Layout:
    """Each feature in the order of their times, in a cell that is free, or in a new one.

    What a check reads has a cell of its own: where the program is undefined, values leave their bounds and emptying fails.
    """
    ground = ground or Ground()
    last = last_reads(circuit, schedule)
    checked = {feature for check in circuit.checks for feature in check.form.features}
    cells, clearings = _kept(circuit, schedule, ground)
    tenants: dict[int, Feature] = {}
    resting = list(ground.resting)
    for feature in sorted(schedule.features, key=lambda feature: (written(feature), feature.serial)):
        if feature in cells:
            continue
        clearing = None if feature in checked else _clearing(feature, tenants, last)
        cell = _new_cell(feature, tenants, ground.first, resting) if clearing is None else clearing.cell
        if clearing is not None:
            clearings.append(clearing)
        cells[feature] = cell
        tenants[cell] = feature
    if not circuit.outputs:
        rest = ((cell, tenant, resting[cell - ground.first]) for cell, tenant in tenants.items())
        clearings += [Clearing(cell, schedule.layers, tenant, None, rounds) for cell, tenant, rounds in rest]
    return Layout(cells, max(1, ground.first + len(resting)), tuple(resting), tuple(clearings))


def _kept(circuit: Circuit, schedule: Schedule, ground: Ground) -> tuple[dict[Feature, int], list[Clearing]]:
    """The cells of what stays between stages; a slot that is filled again is emptied in the same layer."""
    cells: dict[Feature, int] = {}
    clearings: list[Clearing] = []
    for feature in schedule.features:
        match feature.origin:
            case FromSlot(slot=slot):
                cells[feature] = ground.slots[slot]
            case _ if feature in ground.embedded:
                cells[feature] = ground.embedded[feature]
            case _:
                pass
    for delivery in circuit.deliveries:
        cell = cells[delivery.feature] = ground.slots[delivery.slot]
        if delivery.old is not None:
            cells[delivery.old] = cell
            clearings.append(Clearing(cell, schedule.layers, delivery.old, delivery.feature, False))
    return cells, clearings


def _new_cell(feature: Feature, tenants: Mapping[int, Feature], first: int, resting: list[bool]) -> int:
    """A cell that nothing has been in during this stage, and that rests as the feature needs it."""
    rounds = is_rounded(feature)
    free = (first + place for place, kind in enumerate(resting) if kind == rounds and first + place not in tenants)
    cell = next(free, None)
    if cell is None:
        resting.append(rounds)
        cell = first + len(resting) - 1
    return cell


def is_rounded(feature: Feature) -> bool:
    """Whether a feature comes out of its heads with an error, so that its cell rounds it to an integer."""
    return isinstance(feature.origin, FromHeads) and any(
        channel.head.reading is not Reading.LOOK_UP for channel, _ in feature.origin.parts
    )


def _clearing(feature: Feature, tenants: Mapping[int, Feature], last: dict[Feature, int]) -> Clearing | None:
    """Of a cell that can be emptied before something is added to the feature; units can empty and fill in one go."""
    if isinstance(feature.origin, FromToken | FromPosition | IsBos):
        return None
    latest = written(feature) if not isinstance(feature.origin, FromHeads) else written(feature) - 1
    free = (cell for cell, tenant in sorted(tenants.items()) if 2 * _emptied(tenant, last) <= latest)
    rounds = is_rounded(feature)
    found = (Clearing(cell, _emptied(tenants[cell], last), tenants[cell], feature, rounds) for cell in free)
    return next((clearing for clearing in found if clearing.bound < EXACT), None)


def _emptied(tenant: Feature, last: dict[Feature, int]) -> int:
    """The layer whose units can empty the cell of a feature: the first after it is complete and read."""
    return (max(1, last.get(tenant, 0), tenant.ready) + 1) // 2
