"""What a compiled model is made of, for people: who lives in which cell of the residual stream and when, heads, and units.

Time counts sublayers as the schedule does: 0 is the embedding, 2l - 1 the attention of layer l (from 1), 2l its units, and
2·layers + 1 the unembedding. Names are those of the source where the compiler knows the place that something comes from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, assert_never

from compiler.circuit import Channel, Feature, Form, FromHeads, FromPosition, FromSlot, FromToken, FromUnits, Head, IsBos, Reading
from compiler.places import Place
from compiler.repetition import Loop
from compiler.weights.layout import Layout
from compiler.weights.part import Part
from compiler.weights.schedule import Schedule, last_reads
from rasp.graph import Graph
from rasp.graph.nodes import SELECTOR_TYPES, topological

Kind: TypeAlias = Literal["token", "position", "start", "count", "lookup", "table", "carried"]


@dataclass(frozen=True)
class CellUse:
    """The stay of one value in a cell of the residual stream.

    Attributes:
        cell: which cell.
        label: what the value is.
        kind: how it is made.
        low, high: its least and largest value.
        written: the time of the first sublayer that adds to it.
        complete: the time from which it can be read.
        last_read: the time of its last reader; ``complete`` if nothing reads it.
        place: the expression that it belongs to.
    """

    cell: int
    label: str
    kind: Kind
    low: int
    high: int
    written: int
    complete: int
    last_read: int
    place: Place | None


@dataclass(frozen=True)
class HeadUse:
    """An attention head of a layer.

    Attributes:
        layer: its layer, from 1.
        label: what it selects.
        reading: what it does with what it selects.
        compares: the cells that its queries and keys read.
        carries: the cells that its values read.
        writes: the cells that it writes.
        place: the selector or aggregate that it belongs to.
    """

    layer: int
    label: str
    reading: Reading
    compares: tuple[int, ...]
    carries: tuple[int, ...]
    writes: tuple[int, ...]
    place: Place | None


@dataclass(frozen=True)
class BlockUse:
    """Units of one MLP that make up a value, in one cell or several. A unit of several blocks is one unit of the model.

    Attributes:
        layer: whose MLP it is part of, from 1.
        units: how many.
        reads: the cells that they read.
        writes: the cells that they write.
        place: the expression that it belongs to.
    """

    layer: int
    label: str
    units: int
    reads: tuple[int, ...]
    writes: tuple[int, ...]
    place: Place | None


@dataclass(frozen=True)
class LoopUse:
    """Layers that are run several times.

    Attributes:
        first, last: the layers, from 1.
        times: how many steps, if that is fixed.
        cell: else the cell that holds it at the last position.
        most: the most steps that an input can ask for.
        limit: the most for which the layers are exact; None for any number.
        place: the loop.
    """

    first: int
    last: int
    times: int | None
    cell: int | None
    most: int
    limit: int | None
    place: Place | None


@dataclass(frozen=True)
class Executed:
    """A layer as it is run; ``step`` counts from 1 in a loop."""

    layer: int
    step: int = 0

    def __str__(self) -> str:
        return f"layer {self.layer}{f' in step {self.step}' if self.step else ''}"


@dataclass(frozen=True)
class NamedValue:
    """An s-op that the source names.

    Attributes:
        number: its place in the topological order of the graph that was compiled.
        place: where the source names it.
    """

    number: int
    place: Place


@dataclass(frozen=True)
class Blueprint:
    """The parts of a model.

    Attributes:
        layers: how many.
        width: cells of the residual stream.
        cells: the stays, by cell and time.
        heads: by layer, in the order of the weights.
        blocks: by layer.
        named: the s-ops that the source names.
        loops: the layers that are run several times, in order.
    """

    layers: int
    width: int
    cells: tuple[CellUse, ...]
    heads: tuple[HeadUse, ...]
    blocks: tuple[BlockUse, ...]
    named: tuple[NamedValue, ...] = ()
    loops: tuple[LoopUse, ...] = ()

    @property
    def end(self) -> int:
        """The time of the unembedding."""
        return 2 * self.layers + 1

    @property
    def repeats(self) -> tuple[Loop, ...]:
        """The loops as the transformer runs them."""
        return tuple(Loop(loop.first - 1, loop.last, loop.times, loop.cell, loop.most) for loop in self.loops)

    def executed(self, steps: Sequence[int]) -> tuple[Executed, ...]:
        """The layers in the order in which they are run, if the loops take so many steps."""
        order: list[Executed] = []
        done = 0
        for loop, times in zip(self.loops, steps, strict=True):
            order += [Executed(layer) for layer in range(done + 1, loop.first)]
            order += [Executed(layer, step) for step in range(1, times + 1) for layer in range(loop.first, loop.last + 1)]
            done = loop.last
        return (*order, *(Executed(layer) for layer in range(done + 1, self.layers + 1)))

    def heads_of(self, layer: int) -> tuple[HeadUse, ...]:
        return tuple(head for head in self.heads if head.layer == layer)

    def blocks_of(self, layer: int) -> tuple[BlockUse, ...]:
        return tuple(block for block in self.blocks if block.layer == layer)

    def labels(self) -> tuple[str, ...]:
        """What each cell holds, one value after the other."""
        names: dict[int, dict[str, None]] = defaultdict(dict)
        for use in self.cells:
            names[use.cell][use.label] = None
        return tuple(", then ".join(names[cell]) for cell in range(self.width))


def sublayer(time: int, layers: int) -> str:
    """The name of a time."""
    if time == 0:
        return "embedding"
    if time > 2 * layers:
        return "unembedding"
    return f"layer {(time + 1) // 2} {'attention' if time % 2 else 'MLP'}"


def blueprint(parts: Sequence[Part], named: Iterable[NamedValue] = ()) -> Blueprint:
    """The blueprint of a laid-out model."""
    uses: list[CellUse] = []
    kept: dict[int, CellUse] = {}
    for part in parts:
        for feature, use in stays(part).items():
            if use.cell >= part.ground.first:
                uses.append(use)
                continue
            is_made = isinstance(feature.origin, FromUnits)
            first = use if is_made else replace(use, written=0, complete=0)  # the embedding fills what no stage has filled
            kept[use.cell] = _joined(kept.get(use.cell, first), use)
    loops = tuple(loop for part in parts if (loop := _loop(part)) is not None)
    for loop in loops:
        if loop.cell is not None and loop.cell not in kept:
            kept[loop.cell] = CellUse(loop.cell, "steps", "carried", 0, loop.most, 0, 0, 2 * loop.first - 2, loop.place)
    return Blueprint(
        parts[-1].end,
        max(part.layout.width for part in parts),
        tuple(sorted([*kept.values(), *uses], key=lambda use: (use.cell, use.written))),
        tuple(head for part in parts for head in _heads(part)),
        tuple(sorted((block for part in parts for block in _all_blocks(part, parts)), key=lambda block: block.layer)),
        tuple(named),
        loops,
    )


def stays(part: Part) -> dict[Feature, CellUse]:
    """For each feature its stay in the residual stream; the units that empty a cell are its last reader."""
    schedule = part.schedule
    last_read = last_reads(part.circuit, schedule)
    for clearing in part.layout.clearings:
        last_read[clearing.old] = max(last_read.get(clearing.old, 0), 2 * clearing.layer)
    times = {
        channel: 2 * layer - 1 for layer, heads in schedule.heads.items() for channels in heads.values() for channel in channels
    }
    return {feature: _cell_use(feature, cell, part, times, last_read) for feature, cell in part.layout.cells.items()}


def _joined(one: CellUse, other: CellUse) -> CellUse:
    """The stay of what several stages keep in a cell."""
    return replace(
        one,
        low=min(one.low, other.low),
        high=max(one.high, other.high),
        last_read=max(one.last_read, other.last_read),
        place=one.place or other.place,
    )


def fixed_loop(loop: LoopUse, times: int) -> LoopUse:
    """A loop that is run so many times."""
    return replace(loop, times=times, cell=None, most=times)


def _loop(part: Part) -> LoopUse | None:
    steps = part.steps
    if steps is None or not part.schedule.layers:
        return None
    cell = None if steps.slot is None else part.ground.slots[steps.slot]
    limit = None if steps.any_number else steps.most
    return LoopUse(part.before + 1, part.end, steps.times, cell, steps.most, limit, Place.of(steps.span))


def named_values(graph: Graph) -> Iterator[NamedValue]:
    """The s-ops of a graph that the source names; of several that begin at one place, the outermost."""
    found: dict[tuple[str, int, int], NamedValue] = {}
    for number, node in enumerate(topological(graph.root)):
        place = Place.of(graph.spans.get(node))
        if place is not None and place.name and not isinstance(node, SELECTOR_TYPES):
            found[place.file, place.line, place.column] = NamedValue(number, place)
    return iter(found.values())


def _kind(feature: Feature) -> Kind:
    """How a feature is made."""
    match feature.origin:
        case FromToken():
            return "token"
        case FromPosition():
            return "position"
        case IsBos():
            return "start"
        case FromHeads(parts=parts):
            return "count" if any(channel.head.reading is Reading.SUM for channel, _ in parts) else "lookup"
        case FromUnits(layer=layer):
            return "carried" if layer else "table"
        case FromSlot():
            return "carried"
        case _:
            assert_never(feature.origin)


def _unit_forms(feature: Feature) -> list[Form]:
    match feature.origin:
        case FromUnits(parts=parts):
            return [unit.form for unit, _ in parts]
        case _:
            return []


def _channels(feature: Feature) -> list[Channel]:
    match feature.origin:
        case FromHeads(parts=parts):
            return [channel for channel, _ in parts]
        case _:
            return []


def _cell_use(feature: Feature, cell: int, part: Part, times: dict[Channel, int], last_read: dict[Feature, int]) -> CellUse:
    made = [times[channel] for channel in _channels(feature)] or [2 * part.schedule.unit_layer.get(feature, 0)]
    start = 2 * part.before
    return CellUse(
        cell=cell,
        label=feature.label,
        kind=_kind(feature),
        low=feature.low,
        high=feature.high,
        written=start + min(made),
        complete=start + max(made),
        last_read=start + max(*made, last_read.get(feature, 0)),
        place=Place.of(feature.span),
    )


def _heads(part: Part) -> Iterator[HeadUse]:
    written: dict[Channel, set[int]] = defaultdict(set)
    for feature, cell in part.layout.cells.items():
        for channel in _channels(feature):
            written[channel].add(cell)
    for layer, heads in sorted(part.schedule.heads.items()):
        for head, channels in heads.items():
            yield _head_use(part.before + layer, head, channels, written, part.layout)


def _head_use(layer: int, head: Head, channels: list[Channel], written: dict[Channel, set[int]], layout: Layout) -> HeadUse:
    return HeadUse(
        layer=layer,
        label=head.label,
        reading=head.reading,
        compares=_cells(head.reads, layout),
        carries=_cells((channel.form for channel in channels), layout),
        writes=tuple(sorted({cell for channel in channels for cell in written[channel]})),
        place=Place.of(head.span),
    )


def _all_blocks(part: Part, parts: Sequence[Part]) -> Iterator[BlockUse]:
    checked = any(other.circuit.checks for other in parts)
    for block in (*_blocks(part.schedule, part.layout), *_emptyings(part.layout, 2 if checked else 1)):
        yield replace(block, layer=part.before + block.layer)


def _blocks(schedule: Schedule, layout: Layout) -> Iterator[BlockUse]:
    """The blocks by layer; features of one expression that read the same cells are one block."""
    alike: dict[tuple[object, ...], list[Feature]] = defaultdict(list)
    for feature, layer in sorted(schedule.unit_layer.items(), key=lambda item: item[1]):
        alike[layer, feature.label, feature.span, _cells(_unit_forms(feature), layout)].append(feature)
    for features in alike.values():
        first = features[0]
        forms = {form for feature in features for form in _unit_forms(feature)}
        writes = tuple(sorted(layout.cells[feature] for feature in features))
        layer, place = schedule.unit_layer[first], Place.of(first.span)
        yield BlockUse(layer, first.label, len(forms), _cells(forms, layout), writes, place)


def _emptyings(layout: Layout, units: int) -> Iterator[BlockUse]:
    """The units that empty cells, by layer; a model with checks takes two for each (``compiler/weights/layout.py``)."""
    for layer in sorted({clearing.layer for clearing in layout.clearings}):
        cells = tuple(sorted(clearing.cell for clearing in layout.clearings if clearing.layer == layer))
        yield BlockUse(layer, "empty cells", len(cells) * units, cells, cells, None)


def _cells(forms: Iterable[Form], layout: Layout) -> tuple[int, ...]:
    return tuple(sorted({layout.cells[feature] for form in forms for feature in form.features}))
