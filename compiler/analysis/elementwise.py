"""The elementwise part of a graph: which values it starts from, and what it makes of them.

A *source* is a value that elementwise operators do not compute: the token, the index, an aggregate or a selector width.
Every s-op is a function of its sources.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from compiler.analysis.intervals import Interval
from rasp import atoms
from rasp.errors import RaspError
from rasp.graph.nodes import Aggregate, Atom, Carried, Const, Input, Lookup, Map, Node, Op, SelectorWidth, Sop, children

MOST_CUTS = 65_536
"""A function of a number that changes more often is not written out."""

TOKEN = Input("tokens_asis")
"""The source that stands for the token itself, whatever kinds the program converts it to."""

Source = Input | Aggregate | SelectorWidth | Carried


@dataclass(frozen=True, eq=False)
class Function:
    """An s-op as a function of its sources.

    Attributes:
        root: the s-op.
        order: the elementwise nodes between the sources and the root, every node after those it reads; sources included.
    """

    root: Sop
    order: tuple[Sop, ...]

    @staticmethod
    def of(root: Sop, frontier: Collection[Sop] = ()) -> Function:
        """The function of the sources, or of the s-ops of a frontier where it meets them first."""
        order: list[Sop] = []
        seen: set[Node] = set()
        stack: list[tuple[Sop, bool]] = [(root, False)]
        while stack:
            node, expanded = stack.pop()
            if expanded:
                order.append(node)
                continue
            if node in seen:
                continue
            seen.add(node)
            stack.append((node, True))
            if node not in frontier:
                stack.extend((child, False) for child in arguments(node))
        return Function(root, tuple(order))

    @cached_property
    def leaves(self) -> tuple[Source, ...]:
        """The sources as nodes, token conversions apart."""
        return tuple(node for node in self.order if isinstance(node, Input | Aggregate | SelectorWidth | Carried))

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """The sources; all conversions of the token are one source, ``TOKEN``."""
        return tuple(dict.fromkeys(TOKEN if is_token(leaf) else leaf for leaf in self.leaves))

    def __call__(self, leaves: Mapping[Sop, Atom]) -> Atom:
        """The value of the root, given those of the leaves.

        Raises:
            RaspError: undefined on these values.
        """
        values: dict[Sop, Atom] = dict(leaves)
        for node in self.order:
            if node not in values:
                values[node] = _apply(node, values)
        return values[self.root]

    def at(self, leaves: Mapping[Sop, Atom]) -> Atom | None:
        """The value, or None where the program is undefined."""
        try:
            return self(leaves)
        except RaspError:
            return None


@dataclass(frozen=True, eq=False)
class Operator:
    """One elementwise operator as a function of its arguments that are not constant.

    Attributes:
        node: the operator.
        arguments: the distinct s-ops that it reads and that vary.
    """

    node: Map | Lookup
    arguments: tuple[Sop, ...]

    @staticmethod
    def of(node: Sop) -> Operator:
        match node:
            case Map(args=args):
                return Operator(node, tuple(dict.fromkeys(arg for arg in args if not isinstance(arg, Const))))
            case Lookup(index=index):
                return Operator(node, (index,))
            case _:
                raise AssertionError(f"{type(node).__name__} is no operator")

    def at(self, values: Mapping[Sop, Atom]) -> Atom | None:
        """The value, or None where the program is undefined."""
        constants = {arg: arg.value for arg in children(self.node) if isinstance(arg, Const)}
        try:
            return _apply(self.node, {**constants, **values})
        except RaspError:
            return None

    def cuts(self, interval: Interval) -> list[Fraction] | None:
        """The numbers between which the operator is constant in its one argument; None if it is not piecewise constant."""
        places = [arg for arg in children(self.node) if not isinstance(arg, Const)]
        if len(places) != 1:
            return None
        consts = [arg.value for arg in children(self.node) if isinstance(arg, Const)]
        numbers = [Fraction(value) for value in consts if not isinstance(value, str)]
        match self.node:
            case Lookup():
                return _multiples(Fraction(1), interval)
            case Map(op=Op.EQ | Op.NE | Op.LT | Op.LE | Op.GT | Op.GE) | Map(op=Op.IN, args=(Map() | Aggregate(), *_)):
                return numbers
            case Map(op=Op.AND | Op.OR | Op.NOT | Op.INDICATOR) | Map(op=Op.IF, args=(_, Const(), Const())):
                return [Fraction(0)]
            case Map(op=Op.ROUND):
                wholes = _multiples(Fraction(1), interval, beyond=1)
                return wholes and [place - Fraction(1, 2) for place in wholes]
            case Map(op=Op.TRUNC):
                return _multiples(Fraction(1), interval)
            case Map(op=Op.FLOORDIV, args=(_, Const())) if numbers and numbers[0]:
                return _multiples(abs(numbers[0]), interval)
            case _:
                return None


def _multiples(step: Fraction, interval: Interval, beyond: int = 0) -> list[Fraction] | None:
    """The multiples of a step in an interval, and some beyond it; None if they are too many."""
    low, high = math.ceil(interval.low / step), math.floor(interval.high / step)
    if high - low > MOST_CUTS:
        return None
    return [k * step for k in range(low, high + 1 + beyond)]


def arguments(node: Sop) -> tuple[Sop, ...]:
    """The s-ops that an elementwise operator reads; a source reads none."""
    match node:
        case Map(args=args):
            return args
        case Lookup(index=index):
            return (index,)
        case _:
            return ()


def is_token(node: Sop) -> bool:
    """Whether an s-op is a conversion of the token."""
    return isinstance(node, Input) and node.name != "indices"


def is_index(node: Sop) -> bool:
    """Whether an s-op is the index itself."""
    return isinstance(node, Input) and node.name == "indices"


def assignments(domains: Mapping[Source, Sequence[Mapping[Sop, Atom]]]) -> Iterator[dict[Sop, Atom]]:
    """Every combination of values of the sources, as values of the leaves."""
    for choice in itertools.product(*domains.values()):
        yield {leaf: value for part in choice for leaf, value in part.items()}


def _apply(node: Sop, values: Mapping[Sop, Atom]) -> Atom:
    match node:
        case Const(value=value):
            return value
        case Map(op=op, args=args):
            return atoms.apply(op, *(values[arg] for arg in args))
        case Lookup(keys=keys, values=entries, index=index):
            return atoms.look_up(keys, entries, values[index])
        case _:
            raise AssertionError(f"{type(node).__name__} is a source")
