"""What the page shows of a program on an input: remarks, a row for each s-op, a map for each selector, the flow of one s-op."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

from rasp.cli.inputs import STYLES, read_input
from rasp.draw import draw
from rasp.draw.flow import cell_text
from rasp.editing.document import Document
from rasp.editing.remarks import Remark
from rasp.errors import InputError, RaspError, RaspLimitError, Source
from rasp.evaluate import Column, evaluate, evaluate_many, evaluate_selector
from rasp.graph import canonical
from rasp.graph.expression import expression_text
from rasp.graph.nodes import SELECTOR_TYPES, Aggregate, Node, SelectorWidth, Sop, children
from rasp.graph.nodes import Selector as SelectorNode
from rasp.measure import measure
from rasp.playground import limits
from rasp.playground.jobs import PROGRAM, Data, Emit, error_data
from rasp.syntax.ast import Dialect
from rasp.values import Function, Selector, SOp, as_sop

LONGEST_LABEL = 120


def look(request: Data, emit: Emit) -> Data:
    """All that is shown of a program on an input.

    Args:
        request: ``text``, ``dialect``, ``input``, ``tokens`` (how the input is read; None for the dialect's way), and ``name``,
            the s-op whose flow is drawn (None for the last).
    """
    document = document_of(request)
    view = _remarks(document)
    try:
        tokens = tokens_of(request)
        shown = [cell_text(token) for token in tokens]
    except RaspError as error:
        return {**view, "input_error": error_data(error)}
    known = {"tokens": shown, "vocabulary": _vocabulary(request, tokens)}
    return {**view, **known, **Look(document, tokens).view(request.get("name"))}


def format_program(request: Data, emit: Emit) -> Data:
    """The program of a request in the one layout."""
    from rasp import format_text

    document = document_of(request)
    return {"text": format_text(document.source.text, document.dialect)}


def document_of(request: Data) -> Document:
    """The program of a request.

    Raises:
        RaspLimitError: it is too long.
    """
    text, dialect = request.get("text"), request.get("dialect")
    if not isinstance(text, str) or dialect not in ("rasp", "rasp-l"):
        raise InputError("a request holds a program as 'text' and its 'dialect', 'rasp' or 'rasp-l'")
    if len(text) > limits.PROGRAM_CHARACTERS:
        hint = "load it with 'rasp run', which takes larger ones"
        raise RaspLimitError(f"the playground takes programs of {limits.PROGRAM_CHARACTERS:,} characters at most", hint=hint)
    return Document(Source(PROGRAM, text), cast(Dialect, dialect))


def tokens_of(request: Data, *, most: int = limits.INPUT_TOKENS, what: str = "input") -> list[Any]:
    """The input of a request.

    Args:
        most: how many tokens it may have.
        what: what errors call it.

    Raises:
        InputError: it is malformed, empty or too long.
    """
    text, style = request.get("input"), request.get("tokens")
    if not isinstance(text, str) or not (style is None or style in STYLES):
        raise InputError(f"a request holds an 'input' and how its 'tokens' are read: one of {', '.join(STYLES)}, or null")
    tokens = list(read_input(text, request["dialect"], style))
    if not tokens:
        raise InputError(f"the {what} is empty", hint="write tokens: characters for RASP, ints for RASP-L, or a list in brackets")
    if len(tokens) > most:
        hint = "the command line takes more"
        raise InputError(f"the {what} has {len(tokens):,} tokens; the playground takes {most} at most", hint=hint)
    return tokens


def sops_of(document: Document) -> dict[str, SOp]:
    """The s-ops that a program names, and what its functions of one sequence make of the input."""
    found: dict[str, SOp] = {}
    for name, value in document.values.items():
        with suppress(RaspError):  # a function that needs more than its input
            sop = as_sop(value) if isinstance(value, SOp | Function) else None
            if sop is not None and not name.startswith("_"):
                found[name] = sop
    return found


class Look:
    """A program on an input.

    Selectors are those of the simplified graph, in which a selector_width is one operation.
    """

    def __init__(self, document: Document, tokens: list[Any]) -> None:
        self.tokens = tokens
        self.sops = sops_of(document)
        self.forms = {name: cast(Sop, canonical(sop.node).root) for name, sop in self.sops.items()}
        self._selectors = {name: value for name, value in document.values.items() if isinstance(value, Selector)}
        named = {name: cast(SelectorNode, canonical(value.node).root) for name, value in self._selectors.items()}
        self.names: dict[Node, str] = {}
        for name, form in (*self.forms.items(), *named.items()):
            self.names.setdefault(form, name)
        self.selectors: dict[SelectorNode, int] = {}
        self._named = tuple(named.values())

    def view(self, name: object) -> Data:
        """All that is shown, with the flow of an s-op, or of the last one if there is none of this name."""
        shown = list(self.sops)[: limits.ROWS]
        rows = [self._row(name, column) for name, column in zip(shown, self._columns(shown), strict=True)]
        for node in self._named:
            self._number(node)
        subject = name if isinstance(name, str) and name in self.sops else next(reversed(self.sops), None)
        return {
            "names": list(self.sops),
            "rows": rows,
            "left_out": len(self.sops) - len(shown),
            "selectors": [self.map_of(node) for node in list(self.selectors)[: limits.SELECTORS]],
            "selectors_left_out": max(0, len(self.selectors) - limits.SELECTORS),
            "name": subject,
            **({} if subject is None else self._flow(subject)),
        }

    def _number(self, selector: SelectorNode) -> int:
        return self.selectors.setdefault(selector, len(self.selectors))

    def _columns(self, names: list[str]) -> list[Column | RaspError]:
        """The values of all, or why one has none; together they are computed once."""
        nodes = [self.sops[name].node for name in names]
        try:
            return list(evaluate_many(nodes, self.tokens))
        except RaspError:
            return [self._column(node) for node in nodes]

    def _column(self, node: Sop) -> Column | RaspError:
        try:
            return evaluate(node, self.tokens)
        except RaspError as error:
            return error

    def _row(self, name: str, column: Column | RaspError) -> Data:
        form = self.forms[name]
        attends = [self._number(selector) for selector in _attended(form)]
        row: Data = {"name": name, "formula": expression_text(form, self.names, limit=LONGEST_LABEL), "attends": attends}
        try:
            if isinstance(column, RaspError):
                raise column
            return {**row, "kind": column.kind, "cells": [cell_text(atom) for atom in column.to_atoms()]}
        except RaspError as error:  # a value may be too large to be shown
            return {**row, "error": error_data(error)}

    def map_of(self, node: SelectorNode) -> Data:
        """A selector of the simplified graph with its matrix, a text of 0 and 1 for each query."""
        formula = expression_text(node, self.names, limit=LONGEST_LABEL)
        shown: Data = {"label": self.names.get(node, formula), "formula": formula}
        try:
            matrix = evaluate_selector(node, self.tokens)
        except RaspError as error:
            return {**shown, "error": error_data(error)}
        return {**shown, "rows": ["".join("01"[mark] for mark in row) for row in matrix.tolist()]}

    def _flow(self, name: str) -> Data:
        sop = self.sops[name]
        names: dict[Node, str] = {value.node: known for known, value in (*self.sops.items(), *self._selectors.items())}
        try:
            size = measure(sop).simplified
            picture = draw(sop, self.tokens, names={**names, **self.names}).svg()
        except RaspError as error:
            return {"flow_error": error_data(error)}
        if len(picture) > limits.FLOW_CHARACTERS:
            return {"flow_error": {"message": "the picture of this flow is too large for a page", "hint": "try a shorter input"}}
        return {"flow": picture, "size": {"layers": size.layers, "heads": size.heads}}


def _attended(sop: Sop) -> dict[SelectorNode, None]:
    """The selectors by which the last attention before an s-op reads."""
    found: dict[SelectorNode, None] = {}
    seen: set[Node] = set()
    pending: list[Node] = [sop]
    while pending:
        node = pending.pop()
        if node in seen or isinstance(node, SELECTOR_TYPES):
            continue
        seen.add(node)
        if isinstance(node, Aggregate | SelectorWidth):
            found[node.selector] = None
        else:
            pending.extend(reversed(list(children(node))))
    return found


def _remarks(document: Document) -> Data:
    """What is wrong with a program, with places as a browser counts them: in units of UTF-16."""
    text, found = document.source.text, document.remarks
    wide = [at for at, character in enumerate(text) if character > "\uffff"]
    shown = [_remark(remark, lambda offset: offset + bisect_left(wide, offset)) for remark in found[: limits.REMARKS]]
    return {"remarks": shown, "remarks_left_out": len(found) - len(shown)}


def _remark(remark: Remark, units: Callable[[int], int]) -> Data:
    span, message = remark.span, remark.message
    place: Data = {}
    if span is not None and span.source.name == PROGRAM:
        place = {"start": units(span.start), "end": units(span.end), "line": span.line, "column": span.column}
    elif span is not None:
        message = f"{span}: {message}"
    return {"severity": remark.severity, "rule": remark.rule, "message": message, "hint": remark.hint, **place}


def _vocabulary(request: Data, tokens: list[Any]) -> str:
    """The distinct tokens, written so that they are read as the input was."""
    distinct = list(dict.fromkeys(tokens))
    plain = [str(token) for token in distinct]
    for text in ("".join(plain), " ".join(plain)):
        with suppress(RaspError):
            if list(read_input(text, request["dialect"], request.get("tokens"))) == distinct:
                return text
    return request["input"]
