"""A computation flow as a graph in Graphviz's DOT language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rasp.draw.blocks import escaped
from rasp.draw.flow import Flow, HeadPicture, LayerPicture, Row
from rasp.draw.style import FONTS, LIGHT, TEXT
from rasp.graph.nodes import Node

PLAIN, SELECTED, VALUE, RESULT = LIGHT.page, LIGHT.most, LIGHT.cream, LIGHT.sky
FONT = f'fontname="{",".join(FONTS)}", fontsize={TEXT:g}'
LONGEST_CELL, LONGEST_LABEL = 12, 80


def dot(flow: Flow) -> str:
    """The drawing of a flow, as DOT text: a cluster a layer, a table a head, an edge for each s-op that is read."""
    homes: dict[Node, str] = {row.node: f"input{place}" for place, row in enumerate(flow.inputs)}
    lines = ["digraph flow {", f"  graph [rankdir=TB, {FONT}, labeljust=l];"]
    lines += [f"  node [shape=plain, {FONT}];", f'  edge [color="{LIGHT.faint}"];']
    lines += [f"  {homes[row.node]} [label={_table([_row(row.label, row, PLAIN)])}];" for row in flow.inputs]
    for number, layer in enumerate(flow.layers):
        lines += _cluster(number, layer, homes)
    return "\n".join([*lines, "}", ""])


def _cluster(number: int, layer: LayerPicture, homes: dict[Node, str]) -> Iterator[str]:
    """The lines of a layer. ``homes`` learns which table shows each of its s-ops."""
    if not layer.heads and not layer.feed_forward:
        return
    edges: list[str] = []
    yield f"  subgraph cluster{number} {{"
    yield f'    label="layer {number}";'
    for place, head in enumerate(layer.heads, start=1):
        name = f"layer{number}head{place}"
        yield f"    {name} [label={_head_table(place, head)}];"
        edges += _edges((row.node for row in _read_by(head)), name, homes)
        homes.update((result.row.node, name) for result in head.results)
    for place, row in enumerate(layer.feed_forward, start=1):
        name = f"layer{number}forward{place}"
        yield f"    {name} [label={_table([_row(row.label, row, RESULT)], row.formula)}];"
        edges += _edges(row.reads, name, homes)
        homes[row.node] = name
    yield "  }"
    yield from edges


def _read_by(head: HeadPicture) -> list[Row]:
    return [*head.keys, *head.queries, *(result.value for result in head.results if result.value)]


def _edges(read: Iterable[Node], reader: str, homes: Mapping[Node, str]) -> list[str]:
    """An edge from every table that shows something read; constants are shown by none."""
    sources = dict.fromkeys(homes[node] for node in read if node in homes)
    return [f"  {source} -> {reader};" for source in sources if source != reader]


def _head_table(place: int, head: HeadPicture) -> str:
    """Keys and values above the matrix, queries at its left, results at its right."""
    blank = [_cell("")] * len(head.results)
    lines = [_label_cell(row.label, head) + _cells(row, PLAIN) + "".join(blank) for row in head.keys]
    lines += [
        _label_cell(f"[{number}] {result.value.label}", head) + _cells(result.value, VALUE) + "".join(blank)
        for number, result in enumerate(head.results, start=1)
        if result.value
    ]
    corner = "".join(_cell("") for _ in head.matrix)
    numbers = "".join(_cell(f"[{number}]") for number in range(1, len(head.results) + 1))
    lines.append(_label_cell("queries: " + " · ".join(row.label for row in head.queries), head) + corner + numbers)
    for position, selected in enumerate(head.matrix.tolist()):
        queries = "".join(_cell(row.cells[position], PLAIN) for row in head.queries)
        weights = "".join(_cell(" ", SELECTED if chosen else PLAIN) for chosen in selected)
        lines.append(queries + weights + "".join(_cell(result.row.cells[position], RESULT) for result in head.results))
    notes = "; ".join(f"[{number}] {result.text}" for number, result in enumerate(head.results, start=1))
    return _table([f"<TR>{line}</TR>" for line in lines], f"head {place}: {head.name}", notes)


def _label_cell(label: str, head: HeadPicture) -> str:
    return f'<TD BORDER="0" ALIGN="RIGHT" COLSPAN="{len(head.queries)}">{_text(label, LONGEST_LABEL)}</TD>'


def _row(label: str, row: Row, fill: str) -> str:
    return f"<TR>{_cell(label)}{_cells(row, fill)}</TR>"


def _cells(row: Row, fill: str) -> str:
    return "".join(_cell(value, fill) for value in row.cells)


def _cell(text: str, fill: str = "") -> str:
    style = f'BGCOLOR="{fill}"' if fill else 'BORDER="0"'
    return f"<TD {style}>{_text(text, LONGEST_CELL if fill else LONGEST_LABEL)}</TD>"


def _table(rows: Iterable[str], *captions: str) -> str:
    """An HTML-like label: the captions, and the rows below the first."""
    lines = [f'<TR><TD BORDER="0" ALIGN="LEFT" COLSPAN="999">{_text(text, LONGEST_LABEL)}</TD></TR>' for text in captions if text]
    body = "".join([*lines[:1], *rows, *lines[1:]])
    return f'<<TABLE BORDER="0" CELLBORDER="1" CELLSPACING="0" CELLPADDING="3">{body}</TABLE>>'


def _text(text: str, longest: int) -> str:
    cut = text if len(text) <= longest else text[: longest - 1] + "…"
    return escaped(cut)
