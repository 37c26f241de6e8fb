"""The s-op graph: what is left of a program when functions, loops, lists and dictionaries are gone.

Two closed unions of frozen nodes: ``Sop`` (a sequence of n atoms) and ``Selector`` (an n×n Boolean matrix, rows are
query positions, columns are key positions). The interpreter, the compiler and every measure read this graph and nothing else.

A node is compared by identity. Elaboration makes a fresh node for every operation that the program executes, so that the
graph 'as written' can be counted as the RASP paper counts it; ``rasp.graph.canonical`` turns it into the simplified,
hash-consed graph in which equal nodes are one node.

Source: Weiss et al. 2021, 'Thinking Like Transformers', section 3 (select, aggregate, selector_width, elementwise operations).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Literal, TypeAlias, cast

from rasp.errors import Span

Atom: TypeAlias = bool | int | Fraction | str
"""A value of a sequence. ``Fraction`` is RASP's float: exact, also where it is integral (``4/2`` is ``Fraction(2)``)."""

InputName: TypeAlias = Literal["tokens_asis", "tokens_str", "tokens_int", "tokens_float", "tokens_bool", "indices"]
Reduction: TypeAlias = Literal["mean", "min", "max"]
ParamRole: TypeAlias = Literal["key", "query"]


class Op(StrEnum):
    """Elementwise operators. Arguments are s-ops; constants are ``Const`` nodes."""

    ADD = "+"
    SUB = "-"
    MUL = "*"
    DIV = "/"  # exact division; the result is a float also where it is integral
    FLOORDIV = "//"
    MOD = "%"  # sign of the divisor
    POW = "^"
    EQ = "=="  # False between unlike kinds
    NE = "!="
    LT = "<"  # orders between unlike kinds are undefined
    LE = "<="
    GT = ">"
    GE = ">="
    AND = "and"  # truth of both, a bool
    OR = "or"
    NOT = "not"
    NEG = "neg"
    POS = "pos"
    ABS = "abs"
    BITAND = "&"  # logical on bools, two's complement on ints
    BITOR = "|"
    BITXOR = "xor"
    INVERT = "~"
    ROUND = "round"  # to the nearest int, halves to even
    TRUNC = "trunc"  # to int, toward zero; True is 1
    INDICATOR = "indicator"  # 1 where truthy, else 0
    IF = "if"  # (condition, then, otherwise), all three defined everywhere
    IN = "in"  # (value, atom, atom, …): equal to one of the atoms


class Comparison(StrEnum):
    """How a selector compares a key with a query: ``key OP query``."""

    EQ = "=="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="


class _Shown:
    """Shows a node as one short line, at any depth of the graph below it."""

    def __repr__(self) -> str:
        from rasp.graph.expression import expression_text  # that module needs the classes below

        return f"<{type(self).__name__}: {expression_text(cast(Node, self), limit=80)}>"


@dataclass(frozen=True, eq=False, repr=False)
class Input(_Shown):
    """A base s-op: the input's items (converted), or their positions from 0."""

    name: InputName
    span: Span | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Const(_Shown):
    """The same atom at every position."""

    value: Atom
    span: Span | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Map(_Shown):
    """An elementwise operator applied to s-ops."""

    op: Op
    args: tuple[Sop, ...]
    span: Span | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Lookup(_Shown):
    """Elementwise ``values[index]``: of a list (``keys`` is None; negative indices count from the end) or of a dictionary."""

    keys: tuple[Atom, ...] | None
    values: tuple[Atom, ...]
    index: Sop
    span: Span | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Aggregate(_Shown):
    """For each row of the selector: the default if nothing is selected, the value if one position is, else the reduction."""

    selector: Selector
    value: Sop
    default: Atom = 0
    reduction: Reduction = "mean"
    span: Span | None = None


@dataclass(frozen=True, eq=False, repr=False)
class SelectorWidth(_Shown):
    """The number of selected positions in each row."""

    selector: Selector
    span: Span | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Param(_Shown):
    """The key or the query inside the body of a ``Predicate``; it occurs nowhere else."""

    role: ParamRole
    span: Span | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Compare(_Shown):
    """Selects (row i, column j) where ``key[j] OP query[i]``."""

    key: Sop
    query: Sop
    op: Comparison
    span: Span | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Predicate(_Shown):
    """Selects (i, j) where ``body`` is truthy for key[j] and query[i]. The body is built of Const, Map, Lookup and Param."""

    key: Sop
    query: Sop
    body: Sop
    span: Span | None = None


@dataclass(frozen=True, eq=False, repr=False)
class SelectorNot(_Shown):
    operand: Selector
    span: Span | None = None


@dataclass(frozen=True, eq=False, repr=False)
class SelectorAnd(_Shown):
    left: Selector
    right: Selector
    span: Span | None = None


@dataclass(frozen=True, eq=False, repr=False)
class SelectorOr(_Shown):
    left: Selector
    right: Selector
    span: Span | None = None


Sop: TypeAlias = Input | Const | Map | Lookup | Aggregate | SelectorWidth | Param
Selector: TypeAlias = Compare | Predicate | SelectorNot | SelectorAnd | SelectorOr
Node: TypeAlias = Sop | Selector

SELECTOR_TYPES = (Compare, Predicate, SelectorNot, SelectorAnd, SelectorOr)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes that a node reads, in order; a predicate's body is not among them."""
    match node:
        case Input() | Const() | Param():
            return ()
        case Map(args=args):
            return args
        case Lookup(index=index):
            return (index,)
        case Aggregate(selector=selector, value=value):
            return (selector, value)
        case SelectorWidth(selector=selector):
            return (selector,)
        case Compare(key=key, query=query) | Predicate(key=key, query=query):
            return (key, query)
        case SelectorNot(operand=operand):
            return (operand,)
        case SelectorAnd(left=left, right=right) | SelectorOr(left=left, right=right):
            return (left, right)


def topological(*roots: Node) -> list[Node]:
    """The roots and all that they read, each once, every node after the nodes it reads. Works at any depth."""
    order: list[Node] = []
    seen: set[Node] = set()
    stack: list[tuple[Node, bool]] = [(root, False) for root in reversed(roots)]
    while stack:
        node, expanded = stack.pop()
        if expanded:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(children(node)) if child not in seen)
    return order
