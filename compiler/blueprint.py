"""What a compiled model is made of, for people: who lives in which cell of the residual stream and when, heads, and units.

Time counts sublayers as the schedule does: 0 is the embedding, 2l - 1 the attention of layer l (from 1), 2l its units, and
2·layers + 1 the unembedding. Names are those of the source where the compiler knows the place that something comes from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias, assert_never

from compiler.circuit import Channel, Circuit, Feature, Form, FromHeads, FromPosition, FromToken, FromUnits, Head, IsBos, Reading
from compiler.places import Place
from compiler.weights.layout import Layout
from compiler.weights.schedule import Schedule, last_reads
from rasp.graph import Graph
from rasp.graph.nodes import SELECTOR_TYPES, topological

Kind: TypeAlias = Literal["token", "position", "start", "count", "lookup", "table"]


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
    """

    layers: int
    width: int
    cells: tuple[CellUse, ...]
    heads: tuple[HeadUse, ...]
    blocks: tuple[BlockUse, ...]
    named: tuple[NamedValue, ...] = ()

    @property
    def end(self) -> int:
        """The time of the unembedding."""
        return 2 * self.layers + 1

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


def blueprint(circuit: Circuit, schedule: Schedule, layout: Layout, named: Iterable[NamedValue] = ()) -> Blueprint:
    """The blueprint of a laid-out circuit."""
    written: dict[Channel, set[int]] = defaultdict(set)
    for feature, cell in layout.cells.items():
        for channel in _channels(feature):
            written[channel].add(cell)
    uses = stays(circuit, schedule, layout).values()
    heads = [
        _head_use(layer, head, channels, written, layout)
        for layer, heads in sorted(schedule.heads.items())
        for head, channels in heads.items()
    ]
    return Blueprint(
        schedule.layers,
        layout.width,
        tuple(sorted(uses, key=lambda use: (use.cell, use.written))),
        tuple(heads),
        (*_blocks(schedule, layout), *_emptyings(circuit, layout)),
        tuple(named),
    )


def stays(circuit: Circuit, schedule: Schedule, layout: Layout) -> dict[Feature, CellUse]:
    """For each feature its stay in the residual stream; the units that empty a cell are its last reader."""
    last_read = last_reads(circuit, schedule)
    for clearing in layout.clearings:
        last_read[clearing.old] = max(last_read.get(clearing.old, 0), 2 * clearing.layer)
    times = {
        channel: 2 * layer - 1 for layer, heads in schedule.heads.items() for channels in heads.values() for channel in channels
    }
    return {feature: _cell_use(feature, cell, schedule, times, last_read) for feature, cell in layout.cells.items()}


def named_values(graph: Graph) -> Iterator[NamedValue]:
    """The s-ops of a graph that the source names; of several that begin at one place, the outermost."""
    found: dict[tuple[str, int, int], NamedValue] = {}
    for number, node in enumerate(topological(graph.root)):
        place = Place.of(graph.spans.get(node))
        if place is not None and place.name and not isinstance(node, SELECTOR_TYPES):
            found[place.file, place.line, place.column] = NamedValue(number, place)
    return iter(found.values())


def kind_of(feature: Feature) -> Kind:
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
        case FromUnits():
            return "table"
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


def _cell_use(
    feature: Feature, cell: int, schedule: Schedule, times: dict[Channel, int], last_read: dict[Feature, int]
) -> CellUse:
    made = [times[channel] for channel in _channels(feature)] or [2 * schedule.unit_layer.get(feature, 0)]
    return CellUse(
        cell=cell,
        label=feature.label,
        kind=kind_of(feature),
        low=feature.low,
        high=feature.high,
        written=min(made),
        complete=max(made),
        last_read=max(*made, last_read.get(feature, 0)),
        place=Place.of(feature.span),
    )


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


def _emptyings(circuit: Circuit, layout: Layout) -> Iterator[BlockUse]:
    """The units that empty cells, by layer; a model with checks takes two for each (``compiler/weights/layout.py``)."""
    for layer in sorted({clearing.layer for clearing in layout.clearings}):
        cells = tuple(sorted(clearing.cell for clearing in layout.clearings if clearing.layer == layer))
        yield BlockUse(layer, "empty cells", len(cells) * (2 if circuit.checks else 1), cells, cells, None)


def _cells(forms: Iterable[Form], layout: Layout) -> tuple[int, ...]:
    return tuple(sorted({layout.cells[feature] for form in forms for feature in form.features}))
