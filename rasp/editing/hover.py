"""What is said of a name: its kind, its layers and heads, its value on the example, and the comment above it."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

from rasp.editing.document import Document
from rasp.editing.names import comment_above
from rasp.editing.resolver import Occurrence
from rasp.elaborate.raspl_values import Host
from rasp.errors import RaspError
from rasp.measure import measure
from rasp.values import Function, Selector, SOp, as_sop

MOST_TOKENS = 12
"""A selector's matrix is shown up to so many tokens."""


def hover_at(document: Document, offset: int) -> tuple[str, int, int] | None:
    """What is said of the name at a place, as Markdown, with the start and end of the name; None where nothing is known."""
    found = document.names.at(offset)
    if found is None:
        return None
    said = _said(document, found)
    return None if said is None else (said, found.span.start, found.span.end)


def _said(document: Document, found: Occurrence) -> str | None:
    name, binding = found.name, found.binding
    if binding is not None and binding.scope is not None:
        return f"**{name}**: {'a parameter' if binding.kind == 'parameter' else 'a local name'}"
    value = document.values.get(name, document.library.get(name, _NOTHING))
    if value is _NOTHING:
        return None
    comment = comment_above(binding.statement) if binding is not None else ""
    parts = [f"**{name}**: {_kind(value)}", comment, _shown(document, value)]
    return "\n\n".join(part for part in parts if part)


_NOTHING = object()


def _kind(value: Any) -> str:
    match value:
        case SOp():
            return f"s-op, {_size(value)}"
        case Selector():
            return f"selector{_before(value)}"
        case Function(parameters=parameters):
            sop = _sop(value)
            size = f", {_size(sop)}" if sop is not None else ""
            return f"function ({', '.join(parameters)}){size}"
        case Host(name=name):
            return f"`{name}` of Python, which RASP-L programs can't use"
        case _:
            text = repr(value)
            return f"`{text if len(text) <= 80 else text[:79] + '…'}`"


def _size(value: SOp | Selector) -> str:
    """Layers and heads as the RASP paper counts them, of the simplified graph."""
    try:
        graph = measure(value).simplified
    except RaspError as error:
        return error.message
    return f"{_counted(graph.layers, 'layer')}, {_counted(graph.heads, 'head')}"


def _before(selector: Selector) -> str:
    """How many layers what a selector compares takes."""
    try:
        layers = measure(selector).simplified.layers
    except RaspError as error:
        return f", {error.message}"
    return f" of what {_counted(layers, 'layer')} compute{'s' if layers == 1 else ''}" if layers else ""


def _shown(document: Document, value: Any) -> str:
    """The value on the example, in a block; why it has none."""
    sop = _sop(value) if isinstance(value, Function) else value
    if not isinstance(sop, SOp | Selector):
        return ""
    try:
        text = _on_example(document, sop)
    except RaspError as error:
        return f"no value on {_input(document)}: {error.message}"
    return f"on {_input(document)}:\n\n```text\n{text}\n```" if text else ""


def _on_example(document: Document, value: SOp | Selector) -> str:
    from rasp.evaluate import sequence_text
    from rasp.repl.matrices import matrix_text

    if isinstance(value, SOp):
        return sequence_text(value.column(document.example))
    if len(document.example) > MOST_TOKENS:
        return ""
    text = matrix_text(list(document.example), value(document.example))
    return dedent("\n".join(line.rstrip() for line in text.splitlines()))


def _sop(value: Any) -> SOp | None:
    try:
        return as_sop(value)
    except RaspError:
        return None


def _input(document: Document) -> str:
    example = document.example
    return f"`{example}`" if isinstance(example, str) else f"`[{', '.join(map(str, example))}]`"


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
