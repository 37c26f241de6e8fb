"""The values that elaboration works with, and how messages and automatic names speak of them."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from rasp import atoms, limits
from rasp.errors import RaspError, RaspLimitError, RaspTypeError, Span
from rasp.graph.nodes import Atom, Const, Sop
from rasp.values import Function, Selector, SOp, Tokens

if TYPE_CHECKING:
    import numpy as np

    from rasp.evaluate.column import Column

Value: TypeAlias = "Atom | list[Value] | dict[Atom, Value] | SOp | Selector | Function"

_LONGEST_LABEL = 30
_LONGEST_QUOTED = 60


class SequenceResult(list[Any]):
    """What an s-op gave on an input: a list of atoms that remembers the typed column and the input."""

    def __init__(self, column: Column, tokens: Tokens) -> None:
        super().__init__(column.to_atoms())
        self.column = column
        self.tokens = tokens


class MatrixResult(list[Any]):
    """What a selector gave on an input: a list of rows of bools."""

    def __init__(self, matrix: np.ndarray, tokens: Tokens) -> None:
        if matrix.size > limits.COLLECTION_ITEMS:
            raise RaspLimitError(f"a matrix of {matrix.shape[0]:,} rows is too large to be held as a list")
        super().__init__(matrix.tolist())
        self.matrix = matrix
        self.tokens = tokens


def kind(value: Value) -> str:
    """What a message calls the kind of a value."""
    match value:
        case SOp():
            return "s-op"
        case Selector():
            return "selector"
        case Function():
            return "function"
        case list():
            return "list"
        case dict():
            return "dict"
        case _:
            return atoms.kind_of(value)


def a_kind(value: Value) -> str:
    """The kind with its article."""
    name = kind(value)
    return f"an {name}" if name in ("s-op", "int") else f"a {name}"


def operand(value: Value, span: Span) -> Sop | None:
    """The node of an s-op, a constant node for an atom, None for anything else."""
    match value:
        case SOp(node=node):
            return node
        case bool() | int() | Fraction() | str():
            return Const(value, span=span)
        case _:
            return None


def truth(value: Value, span: Span) -> bool:
    """Whether a value that is no s-op counts as true.

    Raises:
        RaspTypeError: a function or a selector, which have no truth.
    """
    match value:
        case Function() | Selector() | SOp():
            raise RaspTypeError(f"{a_kind(value)} is neither true nor false", span)
        case _:
            return bool(value)


def expect_data(value: Value, span: Span) -> None:
    """Refuse to compare values that hold s-ops, selectors or functions: only their identity could be compared."""
    pending = [value]
    seen = 0
    while pending:
        item = pending.pop()
        seen += 1
        if seen > limits.COLLECTION_ITEMS:
            raise RaspLimitError("these values are too large to be compared", span)
        match item:
            case SOp() | Selector() | Function():
                hint = "only atoms, and lists and dicts of atoms, are compared"
                raise RaspTypeError(f"{a_kind(item)} can't be compared here", span, hint=hint)
            case list():
                pending.extend(item)
            case dict():
                pending.extend(item.values())


def unfolded_size(items: Iterable[Value], span: Span | None) -> int:
    """How many values a collection holds, counting those inside its collections each time they occur.

    Raises:
        RaspLimitError: more than ``limits.COLLECTION_ITEMS``, or nested deeper than ``limits.COLLECTION_DEPTH``.
    """
    total = 0
    level = list(items)
    for _ in range(limits.COLLECTION_DEPTH):
        total += len(level)
        if total > limits.COLLECTION_ITEMS:
            raise RaspLimitError(f"a collection of more than {limits.COLLECTION_ITEMS:,} values", span)
        level = _insides(level)
        if not level:
            return total
    raise RaspLimitError(f"lists and dictionaries nest more than {limits.COLLECTION_DEPTH} deep", span)


def _insides(items: list[Value]) -> list[Value]:
    """What the collections among some values hold; one item more than a collection may hold is enough of them."""
    found: list[Value] = []
    for item in items:
        if isinstance(item, list):
            found.extend(item)
        elif isinstance(item, dict):
            found.extend(item.values())
        if len(found) > limits.COLLECTION_ITEMS:
            break
    return found


def atom_text(atom: Atom) -> str:
    """An atom in host notation; one of unwieldy size is only named."""
    match atom:
        case bool() | str():
            return str(atom)
        case int():
            return str(atom) if atom.bit_length() < 4_000 else "(int)"
        case Fraction():
            try:
                return str(atoms.to_host(atom))
            except RaspError:
                return "(float)"


def describe(value: Value, longest: int = _LONGEST_QUOTED) -> str:
    """A value as messages and automatic names quote it; a long list is ``(list)``, a long dictionary ``(dict)``."""
    match value:
        case SOp(label=label) | Selector(label=label):
            return label
        case Function(name=name):
            return f"function {name}"
        case str():
            return f'"{value}"' if len(value) <= _LONGEST_QUOTED else f'"{value[: _LONGEST_QUOTED - 1]}…"'
        case list():
            text = _joined((describe(item, longest) for item in value), longest)
            return "(list)" if text is None else f"[{text}]"
        case dict():
            text = _joined((f"{describe(key)}: {describe(item, longest)}" for key, item in value.items()), longest)
            return "(dict)" if text is None else f"{{{text}}}"
        case _:
            return atom_text(value)


def _joined(parts: Iterable[str], longest: int) -> str | None:
    """The parts with commas between, or None as soon as they are too long."""
    text = ""
    for part in parts:
        text += f", {part}" if text else part
        if len(text) + 2 > longest:
            return None
    return text


def sop(node: Sop, label: str = "s-op") -> SOp:
    """A new s-op with an automatic name. Source of the naming rules: the reference REPL."""
    return SOp(node, label=label if len(label) <= _LONGEST_LABEL else "s-op")


def relabelled(value: Value, label: str) -> Value:
    """An s-op or a selector under a new automatic name (the call that returned it); other values as they are."""
    match value:
        case SOp(node=node):
            return sop(node, label)
        case Selector(node=node):
            return Selector(node, label=label if len(label) <= _LONGEST_LABEL else "sel")
        case _:
            return value
