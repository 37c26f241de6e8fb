"""Rectangles of SVG: text, cells, and how they are put together. A block is drawn from (0, 0) and placed by whoever holds it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape

from rasp.draw.style import FINE, FONTS, LETTER, LIGHT, TEXT

PIXELS = 4 / 3
"""In a point."""

FONT_SIZE = TEXT * PIXELS
CHARACTER_WIDTH = LETTER * FONT_SIZE
LINE_HEIGHT = 18
CELL_HEIGHT = 20

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True)
class Block:
    """A rectangle of SVG elements."""

    width: float
    height: float
    elements: tuple[str, ...]


def text_width(text: str) -> float:
    """Width in pixels of a text in the drawing's font."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return CHARACTER_WIDTH * (len(text) + wide)


def shortened(text: str, width: float) -> str:
    """The text cut to a width, ending in ``…`` where it was cut."""
    if text_width(text) <= width:
        return text
    text = text[: int(width / CHARACTER_WIDTH)]
    while text and text_width(text) + CHARACTER_WIDTH > width:
        text = text[:-1]
    return text + "…"


def escaped(text: str) -> str:
    """The text as XML may hold it: no control characters, no lone surrogates."""
    return escape("".join(character if character.isprintable() else "\ufffd" for character in text), {'"': "&quot;"})


def text_element(
    text: str, x: float, y: float, *, anchor: Anchor = "start", bold: bool = False, fill: str = LIGHT.ink, full: str = ""
) -> str:
    """A line of text whose baseline is at y.

    Args:
        full: shown when the reader points at the text, where the text is a cut form of it.
    """
    style = f' text-anchor="{anchor}"' if anchor != "start" else ""
    style += ' font-weight="bold"' if bold else ""
    style += f' fill="{fill}"' if fill != LIGHT.ink else ""
    title = f"<title>{escaped(full)}</title>" if full and full != text else ""
    return f'<text x="{x:g}" y="{y:g}"{style}>{title}{escaped(text)}</text>'


def rectangle(x: float, y: float, width: float, height: float, fill: str, stroke: str = "none", *, radius: float = 0) -> str:
    corner = f' rx="{radius:g}"' if radius else ""
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="{fill}" stroke="{stroke}"{corner}/>'


def line(text: str, *, bold: bool = False, fill: str = LIGHT.ink, widest: float = float("inf")) -> Block:
    """One line of text, cut to a width."""
    cut = shortened(text, widest)
    return Block(text_width(cut), LINE_HEIGHT, (text_element(cut, 0, FONT_SIZE + 1, bold=bold, fill=fill, full=text),))


def paragraph(text: str, widest: float, *, bold: bool = False, fill: str = LIGHT.ink, lines: int = 3) -> Block:
    """A text of several lines; the last is cut."""
    parts: list[str] = []
    rest = text
    while len(parts) < lines - 1 and text_width(rest) > widest:
        first = shortened(rest, widest)[:-1]
        blank = first.rfind(" ") + 1
        first = first[: blank or len(first)]
        parts.append(first.rstrip())
        rest = rest[max(1, len(first)) :]
    return above_each_other(line(part, bold=bold, fill=fill, widest=widest) for part in [*parts, rest])


def cells(values: Sequence[str], width: float, fill: str) -> Block:
    """A row of boxed values."""
    elements: list[str] = []
    for place, value in enumerate(values):
        elements.append(rectangle(place * width, 0, width, CELL_HEIGHT, fill, LIGHT.rule))
        shown = shortened(value, width - 2)
        elements.append(text_element(shown, (place + 0.5) * width, CELL_HEIGHT - 6, anchor="middle", full=value))
    return Block(len(values) * width, CELL_HEIGHT, tuple(elements))


def placed(block: Block, x: float, y: float) -> str:
    inside = "\n".join(block.elements)
    return f'<g transform="translate({x:g} {y:g})">\n{inside}\n</g>'


def above_each_other(blocks: Iterable[Block], gap: float = 0) -> Block:
    """Blocks from top to bottom."""
    elements: list[str] = []
    width = height = 0.0
    for block in blocks:
        height += gap if elements else 0
        elements.append(placed(block, 0, height))
        width, height = max(width, block.width), height + block.height
    return Block(width, height, tuple(elements))


def wrapped(blocks: Iterable[Block], widest: float, gap: float, *, below: float | None = None) -> Block:
    """Blocks from left to right, in as many lines as the width asks for; there is another gap below if one is given."""
    elements: list[str] = []
    x = y = bottom = right = 0.0
    for block in blocks:
        if x and x + block.width > widest:
            x, y = 0, bottom + (gap if below is None else below)
        elements.append(placed(block, x, y))
        right, bottom = max(right, x + block.width), max(bottom, y + block.height)
        x += block.width + gap
    return Block(right, bottom, tuple(elements))


def framed(block: Block, fill: str, *, stroke: str = LIGHT.rule, padding: float = 10, least: float = 0) -> Block:
    """A block in a box of at least a width."""
    width, height = max(least, block.width + 2 * padding), block.height + 2 * padding
    return Block(width, height, (rectangle(0, 0, width, height, fill, stroke, radius=4), placed(block, padding, padding)))


def document(block: Block, title: str) -> str:
    """A whole SVG file, on a page of its own: it can be read wherever it is shown."""
    page = framed(block, LIGHT.page, stroke="none", padding=16)
    size = f'width="{page.width:g}" height="{page.height:g}" viewBox="0 0 {page.width:g} {page.height:g}"'
    look = f'font-family="{", ".join(FONTS)}" font-size="{FONT_SIZE:g}" fill="{LIGHT.ink}" stroke-width="{FINE * PIXELS:g}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} {look} role="img" aria-label="{escaped(title)}">'
    return "\n".join([head, f"<title>{escaped(title)}</title>", *page.elements, "</svg>", ""])
