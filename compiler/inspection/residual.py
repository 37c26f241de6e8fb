"""The residual stream over depth, as SVG, which reads in print as well: colours differ in lightness and bars have labels."""

from __future__ import annotations

from collections.abc import Iterator

from compiler.blueprint import Blueprint, CellUse, Kind, sublayer
from compiler.inspection.rows import Row, cells_in_use, rows
from rasp.draw.blocks import (
    CELL_HEIGHT,
    LINE_HEIGHT,
    Block,
    above_each_other,
    document,
    escaped,
    line,
    placed,
    rectangle,
    shortened,
    text_element,
    text_width,
    wrapped,
)
from rasp.draw.style import LIGHT

MOST_ROWS = 200
"""Rows that a picture shows."""

COLUMN = 88
ROW = CELL_HEIGHT + 2
FILLS: dict[Kind, str] = {
    "token": LIGHT.cream,
    "position": LIGHT.sky,
    "start": LIGHT.page,
    "count": LIGHT.peach,
    "lookup": LIGHT.azure,
    "table": LIGHT.lilac,
    "carried": LIGHT.mint,
}
MEANINGS: dict[Kind, str] = {
    "token": "token: of the token embedding",
    "position": "position: of the positional embedding",
    "start": "start: tells BOS from the tokens",
    "count": "count: a sum over what heads select",
    "lookup": "lookup: read by a head from one position",
    "table": "table: computed by units",
    "carried": "carried: through the steps of a loop",
}


def residual_svg(plan: Blueprint, name: str) -> str:
    """The picture as the text of an SVG file: rows are cells, columns are sublayers."""
    title = f"{name}: the residual stream"
    found = rows(plan)
    shown = found[:MOST_ROWS]
    notes = [line(f"the first {MOST_ROWS} of {len(found):,} rows are shown", fill=LIGHT.faint)] if len(found) > MOST_ROWS else []
    chart = _chart(plan, shown)
    parts = [line(title, bold=True), _legend(plan, max(chart.width, 600)), *notes, chart]
    return document(above_each_other(parts, 10), title)


def _legend(plan: Blueprint, widest: float) -> Block:
    kinds = {use.kind for use in plan.cells}
    return wrapped((_key(kind) for kind in FILLS if kind in kinds), widest, 16, below=2)


def _key(kind: Kind) -> Block:
    text = MEANINGS[kind]
    elements = (rectangle(0, 3, 14, 14, FILLS[kind], LIGHT.rule), text_element(text, 20, 14))
    return Block(20 + text_width(text), LINE_HEIGHT, elements)


def _chart(plan: Blueprint, shown: list[Row]) -> Block:
    left = max([text_width("cells in use"), *(text_width(_row_name(row)) for row in shown)]) + 10
    top = 2 * LINE_HEIGHT + 6
    bottom = top + len(shown) * ROW
    width = left + (plan.end + 1) * COLUMN
    elements = [*_columns(plan, left, top, bottom), *_in_use(plan, left, bottom)]
    for place, row in enumerate(shown):
        y = top + place * ROW
        elements.append(text_element(_row_name(row), left - 10, y + CELL_HEIGHT - 6, anchor="end"))
        elements += (placed(_bar(stay, row, plan), left + _start(stay) * COLUMN, y) for stay in row.stays)
    return Block(width, bottom + ROW, tuple(elements))


def _row_name(row: Row) -> str:
    return f"{'cell' if row.cells == 1 else 'cells'} {row.name}"


def _columns(plan: Blueprint, left: float, top: float, bottom: float) -> Iterator[str]:
    """Headings, and bands that tell the layers apart."""
    for layer in range(1, plan.layers + 1):
        x = left + (2 * layer - 1) * COLUMN
        if layer % 2:
            yield rectangle(x, 0, 2 * COLUMN, bottom, LIGHT.panel)
        looped = any(loop.first <= layer <= loop.last for loop in plan.loops)
        yield text_element(f"layer {layer}{' (loop)' * looped}", x + COLUMN, LINE_HEIGHT - 4, anchor="middle", bold=True)
    for time in range(plan.end + 1):
        heading = sublayer(time, plan.layers).split()[-1]
        x = left + (time + 0.5) * COLUMN
        yield text_element(heading, x, 2 * LINE_HEIGHT - 4, anchor="middle")
        yield f'<path d="M{x:g} {top:g}V{bottom:g}" stroke="{LIGHT.grid}"/>'


def _in_use(plan: Blueprint, left: float, bottom: float) -> Iterator[str]:
    y = bottom + CELL_HEIGHT - 4
    yield text_element("cells in use", left - 10, y, anchor="end", fill=LIGHT.faint)
    for time in range(plan.end + 1):
        x = left + (time + 0.5) * COLUMN
        yield text_element(f"{cells_in_use(plan, time):,}", x, y, anchor="middle", fill=LIGHT.faint)


def _start(stay: CellUse) -> float:
    """A bar begins and ends in the middle of a column, so that a cell's next value can begin where the last one ends."""
    return stay.written + 0.5


def _bar(stay: CellUse, row: Row, plan: Blueprint) -> Block:
    width = max(0.45, stay.last_read - stay.written) * COLUMN
    label = _name(stay) if row.cells == 1 else f"{_name(stay)} ×{row.cells}"
    text = text_element(shortened(label, width - 8), 5, CELL_HEIGHT - 6)
    bar = rectangle(0, 0, width, CELL_HEIGHT, FILLS[stay.kind], LIGHT.rule, radius=3)
    half_done = (stay.complete - stay.written) * COLUMN
    unfinished = [f'<path d="M{half_done:g} 0V{CELL_HEIGHT}" stroke="{LIGHT.rule}" stroke-dasharray="3 2"/>'] if half_done else []
    title = f"<title>{escaped(_told(stay, plan))}</title>"
    return Block(width, CELL_HEIGHT, (title, bar, *unfinished, text))


def _name(stay: CellUse) -> str:
    """What the source calls it, if layers computed it; else what it is."""
    computed = stay.kind in ("count", "lookup", "table", "carried")
    return stay.place.name or stay.label if computed and stay.place else stay.label


def _told(stay: CellUse, plan: Blueprint) -> str:
    """What the reader sees when pointing at a bar."""
    times = f"from {sublayer(stay.written, plan.layers)} to {sublayer(stay.last_read, plan.layers)}"
    place = f"; {stay.place}" if stay.place else ""
    return f"{stay.label}: {stay.kind}, {stay.low} to {stay.high}, {times}{place}"
