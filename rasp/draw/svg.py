"""A computation flow as SVG, which reads in print and without colour: colours differ in lightness and have labels."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from rasp.draw.blocks import (
    CELL_HEIGHT,
    Anchor,
    Block,
    above_each_other,
    cells,
    document,
    framed,
    line,
    paragraph,
    placed,
    rectangle,
    shortened,
    text_element,
    text_width,
    wrapped,
)
from rasp.draw.flow import Flow, HeadPicture, LayerPicture, Result, Row
from rasp.draw.style import LIGHT

PAGE_WIDTH = 1_000
"""Where heads go on below; one head may be wider."""

CAPTION_WIDTH = 300
"""Of the texts of a head, if the matrix is no wider, and of formulas beside values."""

FORMULA_LINES = 6

PLAIN, VALUE, RESULT = LIGHT.page, LIGHT.cream, LIGHT.sky
WIDEST_LABEL, WIDEST_CELL = 200, 80
GAP = 10


def svg(flow: Flow) -> str:
    """The drawing of a flow, as the text of an SVG file."""
    title = f"{flow.result.label}: computation flow"
    parts = [line(title, bold=True, widest=PAGE_WIDTH), *_note(flow), table(flow.inputs, PLAIN)]
    layers = [_layer(number, layer) for number, layer in enumerate(flow.layers) if layer.heads or layer.feed_forward]
    widest = max((layer.width for layer in layers), default=0) + 2 * GAP
    parts += [framed(layer, LIGHT.panel, least=widest) for layer in layers]
    parts += [line("result", bold=True), table([replace(flow.result, formula="")], RESULT)]
    return document(above_each_other(parts, GAP), title)


def _note(flow: Flow) -> list[Block]:
    count = len(flow.result.cells)
    return [line(f"the first {count} of {flow.length} positions are shown", fill=LIGHT.faint)] if count < flow.length else []


def _layer(number: int, layer: LayerPicture) -> Block:
    widest = PAGE_WIDTH - 2 * GAP
    parts = [line(f"layer {number}", bold=True)]
    if layer.heads:
        heads = (_head(place, head) for place, head in enumerate(layer.heads, start=1))
        parts.append(wrapped(heads, widest, GAP))
    if layer.feed_forward:
        parts += [line("feed-forward"), table(layer.feed_forward, RESULT)]
    return above_each_other(parts, 6)


def table(rows: Sequence[Row], fill: str) -> Block:
    """Sequences below each other: label, values, formula."""
    label_width = _label_width(row.label for row in rows)
    width = _cell_width(row.cells for row in rows)
    return above_each_other(_table_row(row, label_width, width, fill) for row in rows)


def _table_row(row: Row, label_width: float, width: float, fill: str) -> Block:
    values = cells(row.cells, width, fill)
    elements = [_label(row.label, label_width), placed(values, label_width + 8, 0)]
    right = label_width + 8 + values.width
    if not row.formula:
        return Block(right, CELL_HEIGHT, tuple(elements))
    formula = paragraph(f"= {row.formula}", CAPTION_WIDTH, fill=LIGHT.faint, lines=FORMULA_LINES)
    elements.append(placed(formula, right + 8, 1))
    return Block(right + 8 + formula.width, max(CELL_HEIGHT, formula.height + 2), tuple(elements))


def _label(text: str, right: float, anchor: Anchor = "end") -> str:
    return text_element(shortened(text, WIDEST_LABEL), right, CELL_HEIGHT - 6, anchor=anchor, full=text)


def _label_width(labels: Iterable[str]) -> float:
    return min(WIDEST_LABEL, max(map(text_width, labels), default=0))


def _cell_width(rows: Iterable[Iterable[str]]) -> float:
    """Wide enough for the widest value, and at least square."""
    widest = max((text_width(value) for row in rows for value in row), default=0)
    return max(CELL_HEIGHT, min(WIDEST_CELL, math.ceil(widest) + 8))


def _head(number: int, head: HeadPicture) -> Block:
    grid = _grid(head)
    widest = max(grid.width, CAPTION_WIDTH)
    keys, queries = (" · ".join(row.label for row in side) for side in (head.keys, head.queries))
    captions = [paragraph(f"[{place}] {result.text}", widest) for place, result in enumerate(head.results, start=1)]
    parts = [
        paragraph(f"head {number}: {head.name}", widest, bold=True),
        paragraph(f"keys across: {keys}", widest, fill=LIGHT.faint),
        paragraph(f"queries down: {queries}", widest, fill=LIGHT.faint),
        grid,
        *captions,
    ]
    return framed(above_each_other(parts, 2), LIGHT.page)


def _grid(head: HeadPicture) -> Block:
    """Keys and values above the matrix, queries at its left, results at its right."""
    values = [(f"[{place}] {result.value.label}", result.value) for place, result in enumerate(head.results, 1) if result.value]
    above = [(row.label, row, PLAIN) for row in head.keys] + [(label, row, VALUE) for label, row in values]
    width = _cell_width(row.cells for _, row, _ in above)
    queries = [_query_column(row) for row in head.queries]
    left = max(_label_width(label for label, _, _ in above), sum(column.width for column in queries) - 8) + 8
    elements: list[str] = []
    for place, (label, row, fill) in enumerate(above):
        elements.append(placed(Block(0, 0, (_label(label, left - 8),)), 0, place * CELL_HEIGHT))
        elements.append(placed(cells(row.cells, width, fill), left, place * CELL_HEIGHT))
    top = len(above) * CELL_HEIGHT + 4
    side = left - sum(column.width for column in queries)
    for column in queries:
        elements.append(placed(column, side, top))
        side += column.width
    matrix = _matrix(head.matrix, width)
    elements.append(placed(matrix, left, top))
    right = left + matrix.width + 6
    for place, result in enumerate(head.results, start=1):
        column = _result_column(place, result)
        elements.append(placed(column, right, top - CELL_HEIGHT))
        right += column.width + 4
    return Block(right, top + matrix.height + 4, tuple(elements))


def _query_column(row: Row) -> Block:
    width = _cell_width([row.cells])
    return above_each_other(cells([value], width, PLAIN) for value in row.cells)


def _result_column(place: int, result: Result) -> Block:
    width = max(_cell_width([result.row.cells]), 30)
    header = Block(width, CELL_HEIGHT, (text_element(f"[{place}]", width / 2, CELL_HEIGHT - 10, anchor="middle"),))
    return above_each_other([header, *(cells([value], width, RESULT) for value in result.row.cells)])


def _matrix(matrix: np.ndarray, width: float) -> Block:
    """Dark where a query position (down) selects a key position (across)."""
    rows, columns = matrix.shape
    elements = [rectangle(0, 0, columns * width, rows * CELL_HEIGHT, LIGHT.page, LIGHT.grid)]
    across, down = columns * width, rows * CELL_HEIGHT
    lines = [f"M{place * width:g} 0V{down:g}" for place in range(1, columns)]
    lines += [f"M0 {place * CELL_HEIGHT:g}H{across:g}" for place in range(1, rows)]
    elements += [f'<path d="{"".join(lines)}" stroke="{LIGHT.grid}"/>'] if lines else []
    for row, column in np.argwhere(matrix).tolist():
        elements.append(rectangle(column * width + 2, row * CELL_HEIGHT + 2, width - 4, CELL_HEIGHT - 4, LIGHT.most))
    return Block(across, down, tuple(elements))
