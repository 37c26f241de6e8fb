"""The s-op graph: what is left of a program when functions, loops, lists and dictionaries are gone.

Two closed unions of frozen nodes: ``Sop`` (a sequence of n atoms) and ``Selector`` (an n×n Boolean matrix, rows are
query positions, columns are key positions). The interpreter, the compiler and every measure read this graph and nothing else.

A node is compared by identity. Elaboration makes a fresh node for every operation that the program executes, so that the
graph 'as written' can be counted as the RASP paper counts it; ``rasp.graph.canonical`` turns it into the simplified,
hash-consed graph in which equal nodes are one node.

Source: Weiss et al. 2021, 'Thinking Like Transformers', section 3 (select, aggregate, selector_width, elementwise operations).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from fractions import Fraction
from typing import Literal, TypeAlias, cast

from rasp.errors import Span

Atom: TypeAlias = bool | int | Fraction | str
"""A value of a sequence. ``Fraction`` is RASP's float, exact, also where it is integral (``4/2`` is ``Fraction(2)``)."""

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
class Carried(_Shown):
    """One of the sequences that a loop carries, inside the step of that loop; it occurs nowhere else."""

    index: int
    span: Span | None = None


@dataclass(frozen=True)
class Loop:
    """A step that is taken several times. It is closed: the step reads what comes from outside as ``Carried`` only.

    Source: Fan et al. 2024, 'Looped Transformers for Length Generalization', section 4 (n-RASP-L).

    Attributes:
        steps: the next value of each state, over base s-ops and ``Carried`` nodes.
        carried: what ``Carried(0)``, ``Carried(1)``, … are in the first step: the states, which change, then what never does
            (the *injected* sequences).
        times: how many steps are taken, as the value at the last position.
    """

    steps: tuple[Sop, ...]
    carried: tuple[Sop, ...]
    times: Sop

    @property
    def reads(self) -> tuple[Sop, ...]:
        """What it reads from outside."""
        return (*self.carried, self.times)


@dataclass(frozen=True, eq=False, repr=False)
class Iterate(_Shown):
    """A state of a loop after its last step."""

    loop: Loop
    index: int
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


Sop: TypeAlias = Input | Const | Map | Lookup | Aggregate | SelectorWidth | Param | Carried | Iterate
Selector: TypeAlias = Compare | Predicate | SelectorNot | SelectorAnd | SelectorOr
Node: TypeAlias = Sop | Selector

SELECTOR_TYPES = (Compare, Predicate, SelectorNot, SelectorAnd, SelectorOr)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes that a node reads, in order; a predicate's body and the steps of a loop are not among them."""
    match node:
        case Input() | Const() | Param() | Carried():
            return ()
        case Iterate(loop=loop):
            return loop.reads
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


def inner_roots(node: Node) -> tuple[Sop, ...]:
    """The graphs inside a node, which it does not read as values: a predicate's body, the steps of a loop."""
    match node:
        case Predicate(body=body):
            return (body,)
        case Iterate(loop=loop):
            return loop.steps
        case _:
            return ()


def with_inner(*roots: Node, inside: Callable[[Node], tuple[Sop, ...]] = inner_roots) -> list[Node]:
    """The nodes of a graph in topological order, each after those inside it."""
    order: dict[Node, None] = {}
    pending: list[tuple[Node, bool]] = [(node, False) for node in reversed(topological(*roots))]
    while pending:
        node, passed = pending.pop()
        roots = inside(node)
        if passed or not roots:
            order[node] = None
        elif node not in order:
            pending.append((node, True))
            pending.extend((part, False) for part in reversed(topological(*roots)))
    return list(order)


def with_steps(*roots: Node) -> list[Node]:
    """The same without what is inside predicates: every operation, each once, those of a loop's steps among them."""
    return with_inner(*roots, inside=lambda node: node.loop.steps if isinstance(node, Iterate) else ())


def over(node: Node, forms: Mapping[Node, Node]) -> Node:
    """The same node, reading the forms of what it reads."""
    match node:
        case Iterate(loop=loop):
            carried = tuple(cast(Sop, forms[read]) for read in loop.carried)
            return replace(node, loop=replace(loop, carried=carried, times=cast(Sop, forms[loop.times])))
        case Map(args=args):
            return replace(node, args=tuple(cast(Sop, forms[arg]) for arg in args))
        case _:
            inside = inner_roots(node)
            names = [field.name for field in fields(node)]
            read = {name: value for name in names if isinstance(value := getattr(node, name), Node) and value not in inside}
            return replace(node, **{name: forms[value] for name, value in read.items()}) if read else node
