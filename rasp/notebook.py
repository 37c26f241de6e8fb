"""How s-ops and selectors show themselves in a notebook: what they are, and what they give on an example."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Any

from rasp.errors import RaspError
from rasp.evaluate import evaluate, evaluate_selector
from rasp.graph.expression import expression_text
from rasp.graph.nodes import Atom, Node
from rasp.values import Selector, SOp

EXAMPLES: tuple[Sequence[Any], ...] = ("hello", (3, 1, 4, 1, 5))
"""The first that the program has a value on is shown: characters, as the REPL's, or ints, as RASP-L reads them."""

LONGEST = 200
"""Characters of an expression that are shown."""

_ON, _OFF = "background:#356a9c", "background:#eef2f6"


def sop_html(sop: SOp) -> str:
    """A table of an example and the values on it."""
    for example in EXAMPLES:
        try:
            values = evaluate(sop.node, example).to_list()
        except RaspError:
            continue
        return _heading("s-op", sop.name, sop.node) + _table([_row("input", example), _row("value", values)])
    return _heading("s-op", sop.name, sop.node)


def selector_html(selector: Selector) -> str:
    """The matrix on an example: a row for each query, a column for each key."""
    for example in EXAMPLES:
        try:
            matrix = evaluate_selector(selector.node, example).tolist()
        except RaspError:
            continue
        rows = (_cells(str(query), marks) for query, marks in zip(example, matrix, strict=True))
        return _heading("selector", selector.name, selector.node) + _table([_row("", example), *rows])
    return _heading("selector", selector.name, selector.node)


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
