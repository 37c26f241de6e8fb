"""What a drawing shows: the layers of an s-op with their heads, matrices and values on one input.

Source: Weiss et al. 2021, figures of computation flows. An s-op is shown if anything but an elementwise operation reads it, or
if it has a name, is read twice, or is what the program asks for; the rest is written out in the formulas that use it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import cast

import numpy as np

from rasp.evaluate import evaluate_many, evaluate_selector
from rasp.evaluate.show import atom_text as sequence_text
from rasp.graph.canonical import canonical_forms
from rasp.graph.expression import atom_text, expression_text
from rasp.graph.nodes import (
    SELECTOR_TYPES,
    Aggregate,
    Atom,
    Compare,
    Const,
    Input,
    Lookup,
    Map,
    Node,
    Predicate,
    Selector,
    Sop,
    children,
    topological,
)
from rasp.measure.schedule import Attention, Head, schedule
from rasp.values import Tokens

MOST_POSITIONS = 64
"""Positions of an input that a drawing shows."""

LONGEST_VALUE = 200
"""Longest value, in characters, that is kept; pictures cut it further."""

SHORT_FORMULA = 18
"""Longest formula, in characters, that serves as a name."""


@dataclass(frozen=True)
class Row:
    """An s-op and its values on the input.

    Attributes:
        node: the s-op.
        label: its name, given or made.
        cells: its values as text, at the positions shown.
        formula: what it is computed from; empty where the label says it.
        reads: the shown s-ops that it is computed from.
    """

    node: Sop
    label: str
    cells: tuple[str, ...]
    formula: str = ""
    reads: tuple[Sop, ...] = ()


@dataclass(frozen=True)
class Result:
    """An operation of a head.

    Attributes:
        row: what it gives.
        value: what it reads; None for selector_width.
        text: the operation in words.
    """

    row: Row
    value: Row | None
    text: str


@dataclass(frozen=True)
class HeadPicture:
    """A head.

    Attributes:
        name: of its selector.
        keys: the s-ops that the selector compares, at key positions.
        queries: those at query positions.
        matrix: what it selects, rows are query positions; of the positions shown.
    """

    name: str
    keys: tuple[Row, ...]
    queries: tuple[Row, ...]
    matrix: np.ndarray
    results: tuple[Result, ...]


@dataclass(frozen=True)
class LayerPicture:
    """A layer: its heads, and the elementwise results shown. Layer 0 holds what needs no attention."""

    heads: tuple[HeadPicture, ...]
    feed_forward: tuple[Row, ...]


@dataclass(frozen=True)
class Flow:
    """A computation flow.

    Attributes:
        result: the s-op that was asked for.
        inputs: the base s-ops that it reads.
        length: positions of the input; at most ``MOST_POSITIONS`` are shown.
    """

    result: Row
    inputs: tuple[Row, ...]
    layers: tuple[LayerPicture, ...]
    length: int


def flow(root: Sop, tokens: Tokens, names: Mapping[Node, str]) -> Flow:
    """The computation flow of a graph, as it stands, on an input.

    Args:
        names: what the program calls the nodes of the graph.

    Raises:
        InputError: the tokens are no input.
        EvaluationError: the s-op has no value on the input.
    """
    plan = schedule(root)
    shown = sorted(_shown(root, names), key=lambda node: plan.depths[node])
    forms = canonical_forms(root)
    columns = [column.to_atoms() for column in evaluate_many([cast(Sop, forms[node]) for node in shown], tokens)]
    labels = _labels(shown, names)
    values = {node: tuple(map(cell_text, atoms[:MOST_POSITIONS])) for node, atoms in zip(shown, columns, strict=True)}
    rows: dict[Node, Row] = {node: _row(node, labels, values[node]) for node in shown}

    def head_picture(head: Head) -> HeadPicture:
        matrix = evaluate_selector(cast(Selector, forms[head.selector]), tokens)
        return _head_picture(head, matrix, rows, {**labels, **names})

    layers = tuple(
        LayerPicture(tuple(map(head_picture, layer.heads)), tuple(rows[node] for node in layer.elementwise if node in rows))
        for layer in plan.layers
    )
    inputs = tuple(row for node, row in rows.items() if isinstance(node, Input))
    return Flow(rows[root], inputs, layers, len(columns[0]))


def cell_text(atom: Atom) -> str:
    """An atom as the REPL shows it; a string that would not be seen as it is, is quoted."""
    text = sequence_text(atom)
    text = text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"
    return text if text.isprintable() and text and text == text.strip() else atom_text(text)


def _shown(root: Sop, names: Mapping[Node, str]) -> list[Sop]:
    """The s-ops that get a row, each after what it reads. Constants get one only where attention reads them."""
    nodes = topological(root)
    readers = Counter(child for node in nodes for child in children(node))
    by_attention = {child for node in nodes if not isinstance(node, Map | Lookup) for child in children(node)}
    hidden_if_plain = {node for node in nodes if isinstance(node, Map | Lookup) and node not in names and readers[node] == 1}
    unread_constants = {node for node in nodes if isinstance(node, Const)}
    hidden = (hidden_if_plain | unread_constants) - by_attention - {root}
    return [node for node in nodes if not isinstance(node, SELECTOR_TYPES) and node not in hidden]


def _labels(shown: list[Sop], names: Mapping[Node, str]) -> dict[Node, str]:
    """A name for each s-op shown: its own, its formula if that is short, else x1, x2, …"""
    labels: dict[Node, str] = {}
    taken = set(names.values())
    made = (name for number in count(1) if (name := f"x{number}") not in taken)
    for node in shown:
        formula = expression_text(node, labels, limit=SHORT_FORMULA + 1)
        fits = len(formula) <= SHORT_FORMULA and not isinstance(node, Attention)
        labels[node] = names.get(node) or (formula if fits or isinstance(node, Const) else next(made))
    return labels


def _row(node: Sop, labels: Mapping[Node, str], cells: tuple[str, ...]) -> Row:
    formula = expression_text(node, labels)
    return Row(node, labels[node], cells, "" if formula == labels[node] else formula, _reads(node, labels))


def _reads(node: Sop, labels: Mapping[Node, str]) -> tuple[Sop, ...]:
    """The shown s-ops that a formula names."""
    found: dict[Node, None] = {}
    seen: set[Node] = set()
    pending = list(children(node))[::-1]
    while pending:
        read = pending.pop()
        if read in labels:
            found[read] = None
        elif read not in seen:
            seen.add(read)
            pending.extend(children(read)[::-1])
    return tuple(read for read in found if not isinstance(read, SELECTOR_TYPES))


def _head_picture(head: Head, matrix: np.ndarray, rows: Mapping[Node, Row], labels: Mapping[Node, str]) -> HeadPicture:
    compared = [node for node in topological(head.selector) if isinstance(node, Compare | Predicate)]
    inside = _inside(head.selector)
    formula = expression_text(head.selector, labels)
    keys = dict.fromkeys(node.key for node in compared if node in inside)
    queries = dict.fromkeys(node.query for node in compared if node in inside)
    return HeadPicture(
        name=f"{labels[head.selector]} = {formula}" if head.selector in labels else formula,
        keys=tuple(rows[key] for key in keys),
        queries=tuple(rows[query] for query in queries),
        matrix=matrix[:MOST_POSITIONS, :MOST_POSITIONS],
        results=tuple(_result(operation, rows) for operation in head.operations),
    )


def _inside(selector: Selector) -> set[Node]:
    """A selector and the selectors that it combines."""
    found: set[Node] = set()
    pending: list[Node] = [selector]
    while pending:
        node = pending.pop()
        if isinstance(node, SELECTOR_TYPES) and node not in found:
            found.add(node)
            pending.extend(children(node))
    return found


def _result(operation: Attention, rows: Mapping[Node, Row]) -> Result:
    row = rows[operation]
    if not isinstance(operation, Aggregate):
        return Result(row, None, f"{row.label} = number selected")
    value = rows[operation.value]
    default = expression_text(Const(operation.default), limit=SHORT_FORMULA)
    return Result(row, value, f"{row.label} = {operation.reduction} of {value.label}, default {default}")
