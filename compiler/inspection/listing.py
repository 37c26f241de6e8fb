"""The parts of a model as text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from compiler.blueprint import BlockUse, Blueprint, CellUse, HeadUse, LoopUse, sublayer
from compiler.circuit import Reading
from compiler.inspection.rows import Row, cells_in_use, ranges, rows
from compiler.model import Model
from compiler.places import Place

MOST_ROWS = 200
"""Rows of the residual stream that are listed."""

LONGEST_LABEL = 160


DOES = {
    Reading.LOOK_UP: "looks up",
    Reading.SUM: "sums over",
    Reading.AVERAGE: "averages",
    Reading.GREATEST: "takes the greatest of",
}
"""What a head does with what it selects, in words."""


def listing(model: Model) -> str:
    """Sizes, then each layer's heads and units with what they are for, then the residual stream."""
    return "\n".join([size(model), *_target(model), *_layers(model), *_stream(model.blueprint)])


def size(model: Model) -> str:
    """One line: layers, heads, widths, parameters, margin."""
    config = model.config
    layers = f"{config.layers} layer{'s' * (config.layers != 1)}"
    return (
        f"{model.sop.name or 's-op'}: {layers}, heads {config.heads}, residual width {config.d_model}, "
        f"units {config.d_mlp}, {config.parameters:,} parameters, margin {model.certificate.margin:.3f}"
    )


def _target(model: Model) -> Iterator[str]:
    target = model.target
    yield f"vocabulary of {len(target.vocab):,}, length up to {target.max_length:,}{', causal' * target.causal}"


def _layers(model: Model) -> Iterator[str]:
    plan = model.blueprint
    for layer, (units, bound) in enumerate(zip(model.config.d_mlp, model.certificate.layers, strict=True), start=1):
        yield from (loop_text(loop) for loop in plan.loops if loop.first == layer)
        heads, blocks = plan.heads_of(layer), plan.blocks_of(layer)
        yield f"layer {layer}: {_counted(len(heads), 'head')}, {_counted(units, 'unit')}; {_bound(bound)}"
        for number, head in enumerate(heads, start=1):
            yield from _head(number, head)
        for block in blocks:
            yield from _block(block)


def loop_text(loop: LoopUse) -> str:
    """Which layers are run again and again, and how often."""
    layers = f"layer {loop.first} is" if loop.first == loop.last else f"layers {loop.first} to {loop.last} are"
    times = f"in {_counted(loop.times or 0, 'step')}"
    asked = f"in as many steps as cell {loop.cell} holds at the last position, {loop.most:,} at most"
    limit = "any number of steps" if loop.limit is None else f"up to {_counted(loop.limit, 'step')}"
    return f"loop: {layers} repeated {times if loop.cell is None else asked}; exact for {limit}{_of(loop.place)}"


def _head(number: int, head: HeadUse) -> Iterator[str]:
    yield f"  head {number} {DOES[head.reading]} {_cut(head.label)}{_of(head.place)}"
    yield f"    {_cells_of(compares=head.compares, carries=head.carries, writes=head.writes)}"


def _block(block: BlockUse) -> Iterator[str]:
    yield f"  {_counted(block.units, 'unit')} for {block.label}{_of(block.place)}"
    yield f"    {_cells_of(reads=block.reads, writes=block.writes)}"


def _cells_of(**cells: tuple[int, ...]) -> str:
    """What is done with which cells."""
    named = ((verb, ranges(found), len(found)) for verb, found in cells.items())
    return "; ".join(f"{verb} {'cell' if count == 1 else 'cells'} {text}" for verb, text, count in named if count)


def _stream(plan: Blueprint) -> Iterator[str]:
    times = range(plan.end + 1)
    most = max(cells_in_use(plan, time) for time in times)
    yield f"residual stream: {_counted(plan.width, 'cell')}, at most {most:,} in use at once"
    found = rows(plan)
    for row in found[:MOST_ROWS]:
        yield from _row(row, plan.layers)
    if len(found) > MOST_ROWS:
        yield f"  and {len(found) - MOST_ROWS:,} more"


def _row(row: Row, layers: int) -> Iterator[str]:
    name = f"{'cell' if row.cells == 1 else 'cells'} {row.name}"
    for stay in row.stays:
        yield f"  {name:<13} {stay.label}: {_stay(stay, layers)}"


def _stay(stay: CellUse, layers: int) -> str:
    span = f"{stay.kind}, {stay.low} to {stay.high}, from {sublayer(stay.written, layers)}"
    return f"{span} to {sublayer(stay.last_read, layers)}{_of(stay.place)}"


def _bound(bound: Any) -> str:
    """The numbers of a layer's part of the certificate, by their names."""
    numbers = ((field.name.replace("_", " "), getattr(bound, field.name)) for field in fields(bound))
    return ", ".join(f"{name} {value:,.{0 if value == round(value) else 3}f}" for name, value in numbers)


def _cut(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"


def _of(place: Place | None) -> str:
    return f" ({place})" if place else ""


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
