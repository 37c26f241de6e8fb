"""Attention maps as SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from compiler.inspection.attention import BOS, MOST_SHOWN, AttentionMaps, HeadMap
from rasp.draw.blocks import (
    CELL_HEIGHT,
    Block,
    above_each_other,
    cells,
    document,
    framed,
    line,
    paragraph,
    placed,
    rectangle,
    text_width,
    wrapped,
)
from rasp.draw.style import LIGHT, shade

PAGE_WIDTH, CAPTION_WIDTH = 1_000, 300
WIDEST_CELL = 80
GAP = 10
FAINTEST = 0.005
"""Weights below this part of the largest are not drawn."""


def attention_svg(maps: AttentionMaps) -> str:
    """The maps of all heads, layer by layer."""
    title = f"attention on {' '.join(maps.tokens[1:9])}{' …' if len(maps.tokens) > 9 else ''}"
    shown = maps.tokens[1 : MOST_SHOWN + 1]
    parts = [line(title, bold=True, widest=PAGE_WIDTH)]
    if len(shown) < len(maps.tokens) - 1:
        parts.append(line(f"the first {len(shown)} of {len(maps.tokens) - 1:,} positions are shown", fill=LIGHT.faint))
    for layer in dict.fromkeys(head.head.layer for head in maps.heads):
        heads = (_head(head, shown) for head in maps.heads if head.head.layer == layer)
        parts.append(wrapped(heads, PAGE_WIDTH, GAP))
    return document(above_each_other(parts, GAP), title)


def _head(head: HeadMap, shown: tuple[str, ...]) -> Block:
    grid = _grid(head, shown)
    widest = max(grid.width, CAPTION_WIDTH)
    most = float(head.weights[1:, 1:].max())
    scale = f"keys across, queries down; full shade is {most:.3g} (for {BOS}: 1)"
    parts = [paragraph(head.title, widest, bold=True), paragraph(scale, widest, fill=LIGHT.faint), grid]
    return framed(above_each_other(parts, 2), LIGHT.page)


def _grid(head: HeadMap, shown: tuple[str, ...]) -> Block:
    """Keys above the map, queries at its left; the weight of BOS in a column of its own."""
    width, aside = _cell_width(shown), _cell_width([BOS])
    count = len(shown)
    queries = above_each_other(cells([token], width, LIGHT.page) for token in shown)
    sink = _shaded(head.weights[1 : count + 1, :1], aside, LIGHT.greys)
    inside = _shaded(head.relative[:count, :count], width, LIGHT.scale)
    x, y = width + 4, CELL_HEIGHT + 4
    right = x + aside + 4
    elements = (
        placed(cells([BOS], aside, LIGHT.page), x, 0),
        placed(cells(shown, width, LIGHT.page), right, 0),
        placed(queries, 0, y),
        placed(sink, x, y),
        placed(inside, right, y),
    )
    return Block(right + inside.width, y + inside.height, elements)


def _cell_width(tokens: Sequence[str]) -> float:
    return max(CELL_HEIGHT, min(WIDEST_CELL, math.ceil(max(map(text_width, tokens))) + 8))


def _shaded(weights: np.ndarray, width: float, scale: Sequence[str]) -> Block:
    """A cell for each weight between 0 and 1, the darker the larger."""
    rows, columns = weights.shape
    elements = [rectangle(0, 0, columns * width, rows * CELL_HEIGHT, LIGHT.page, LIGHT.grid)]
    lines = [f"M{place * width:g} 0V{rows * CELL_HEIGHT:g}" for place in range(1, columns)]
    lines += [f"M0 {place * CELL_HEIGHT:g}H{columns * width:g}" for place in range(1, rows)]
    elements += [f'<path d="{"".join(lines)}" stroke="{LIGHT.grid}"/>'] if lines else []
    for row, column in np.argwhere(weights >= FAINTEST).tolist():
        fill = shade(float(weights[row, column]), scale)
        elements.append(rectangle(column * width + 1, row * CELL_HEIGHT + 1, width - 2, CELL_HEIGHT - 2, fill))
    return Block(columns * width, rows * CELL_HEIGHT, tuple(elements))
