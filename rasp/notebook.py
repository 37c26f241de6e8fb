"""How s-ops and selectors show themselves in a notebook: what they are, and what they give on an example."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from html import escape
from typing import Any

from rasp.draw.style import LIGHT
from rasp.errors import RaspError
from rasp.evaluate import evaluate, evaluate_selector
from rasp.graph.expression import expression_text
from rasp.graph.nodes import Atom, Node
from rasp.values import Selector, SOp

EXAMPLES: tuple[Sequence[Any], ...] = ("hello", (3, 1, 4, 1, 5))
"""The first that the program has a value on is shown: characters, as the REPL's, or ints, as RASP-L reads them."""

LONGEST = 200
"""Characters of an expression that are shown."""

_ON, _OFF = (f"background:{color};border:1px solid {LIGHT.grid}" for color in (LIGHT.most, LIGHT.page))
"""Cells of a matrix have a ground of their own, and all text has the page's: it reads on a dark page as well."""


def sop_html(sop: SOp) -> str:
    """A table of an example and the values on it."""
    rows = _on_example(lambda example: [_row("input", example), _row("value", evaluate(sop.node, example).to_list())])
    return _heading("s-op", sop.name, sop.node) + rows


def selector_html(selector: Selector) -> str:
    """The matrix on an example: a row for each query, a column for each key."""

    def rows(example: Sequence[Any]) -> list[str]:
        matrix = evaluate_selector(selector.node, example).tolist()
        return [_row("", example), *(_cells(str(query), marks) for query, marks in zip(example, matrix, strict=True))]

    return _heading("selector", selector.name, selector.node) + _on_example(rows)


def _on_example(rows: Callable[[Sequence[Any]], list[str]]) -> str:
    """The table of the first example on which there is a value; nothing if there is none."""
    for example in EXAMPLES:
        with suppress(RaspError):
            return _table(rows(example))
    return ""


def _heading(what: str, name: str | None, node: Node) -> str:
    named = f" <b>{escape(name)}</b>" if name else ""
    return f"<div>{what}{named}: <code>{escape(expression_text(node, limit=LONGEST))}</code></div>"


def _table(rows: Iterable[str]) -> str:
    return f"<table>{''.join(rows)}</table>"


def _row(head: str, items: Iterable[Atom | float]) -> str:
    return f"<tr><th>{head}</th>{''.join(f'<td>{escape(str(item))}</td>' for item in items)}</tr>"


def _cells(head: str, marks: Sequence[bool]) -> str:
    def cells() -> Iterator[str]:
        for mark in marks:
            yield f'<td style="{_ON if mark else _OFF}" title="{"selected" if mark else "not selected"}">&nbsp;</td>'

    return f"<tr><th>{escape(head)}</th>{''.join(cells())}</tr>"
