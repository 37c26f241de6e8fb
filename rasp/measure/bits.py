"""The length of a graph in bits: that of a code from which the graph can be rebuilt (``docs/language/measures.md``)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import assert_never, get_args

from rasp.graph.nodes import (
    Aggregate,
    Atom,
    Carried,
    Comparison,
    Const,
    InputName,
    Iterate,
    Lookup,
    Map,
    Node,
    Op,
    ParamRole,
    Reduction,
    children,
    inner_roots,
    with_inner,
)

SYMBOLS = sum(map(len, (get_args(InputName), get_args(ParamRole), Op, get_args(Reduction), Comparison))) + 8
"""Kinds of node, each operator, input, comparison and reduction counted apart. The eight without: a constant, the two
lookups, selector_width, a predicate, and selector and, or, not."""

_LOOP_MARK = 2
"""Loops have no symbol of their own, so that programs without them are coded as if there were none: they take that of ``in``,
with one argument, which ``in`` never has (1 bit), and one more bit for which of the two nodes it is."""


def graph_bits(root: Node) -> float:
    """The bits of a graph: the number of its nodes, then for each its symbol, what it reads and its constants."""
    nodes = with_inner(root)
    places = {node: place for place, node in enumerate(nodes)}
    return math.fsum([natural_bits(len(nodes)), *(length for node in nodes for length in _node_bits(node, places))])


def _node_bits(node: Node, places: Mapping[Node, int]) -> Iterator[float]:
    yield math.log2(SYMBOLS)
    read = (*children(node), *inner_roots(node))
    yield len(read) * math.log2(max(1, places[node]))
    match node:
        case Carried(index=index):
            yield _LOOP_MARK + natural_bits(index + 1)
        case Iterate(loop=loop, index=index):
            yield _LOOP_MARK + natural_bits(len(loop.steps))
            yield natural_bits(len(loop.carried) + 1)
            yield natural_bits(index + 1)
        case Const(value=value):
            yield atom_bits(value)
        case Map(op=Op.IN, args=args):
            yield natural_bits(len(args))
        case Lookup(keys=keys, values=values):
            yield natural_bits(len(values) + 1)
            yield from _all(keys or ())
            yield from _all(values)
        case Aggregate(default=default):
            yield atom_bits(default)


def _all(atoms: Iterable[Atom]) -> Iterator[float]:
    return map(atom_bits, atoms)


def atom_bits(atom: Atom) -> float:
    """Two bits for the kind, then the value."""
    match atom:
        case bool():
            return 3
        case int():
            return 2 + _integer_bits(atom)
        case Fraction():
            return 2 + _integer_bits(atom.numerator) + natural_bits(atom.denominator)
        case str():
            return 2 + natural_bits(len(atom) + 1) + sum(natural_bits(ord(character) + 1) for character in atom)
        case _:
            assert_never(atom)


def natural_bits(number: int) -> int:
    """The length of a positive integer in Elias's gamma code (Elias 1975): 1 for 1, 3 for 2 and 3, 5 for 4 to 7."""
    return 2 * number.bit_length() - 1


def _integer_bits(number: int) -> int:
    """0, 1, -1, 2, -2, … are coded as 1, 2, 3, 4, 5, …"""
    return natural_bits(2 * number if number > 0 else 1 - 2 * number)
