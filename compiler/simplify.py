"""Rewrites a graph so that less is to be compiled. Values stay the same wherever the program is defined.

``where`` of RASP-L is a sum of two sequences, each 0 where the other counts. As one choice it has fewer values: those of either
side, not all their sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from compiler.analysis.kinds import BOOL, NUMERIC, KindTable
from rasp.errors import Span
from rasp.graph.canonical import intern
from rasp.graph.nodes import Const, Map, Node, Op, Sop, over, topological


def simplified(roots: Iterable[Node], spans: Mapping[Node, Span], kinds: KindTable) -> tuple[list[Node], dict[Node, Span]]:
    """The graph with every ``where`` as one choice: its roots, and places of its nodes."""
    forms: dict[Node, Node] = {}
    places: dict[Node, Span] = dict(spans)
    given = list(roots)
    for node in topological(*given):
        made = intern(over(node, forms))
        made = _chosen(made, kinds) or made
        forms[node] = made
        span = spans.get(node)
        if span is not None:
            places.setdefault(made, span)
    return [forms[root] for root in given], places


def _chosen(node: Node, kinds: KindTable) -> Node | None:
    """``(a if c else 0) + (0 if c else b)`` as ``a if c else b``; a zero that is a float would make both sides floats."""
    match node:
        case Map(
            op=Op.ADD,
            args=(
                Map(op=Op.IF, args=(condition, then, Const(value=int(0)))),
                Map(op=Op.IF, args=(other, Const(value=int(0)), otherwise)),
            ),
        ) if condition is other and kinds.of(then) | kinds.of(otherwise) <= NUMERIC:
            sides = tuple(_as_number(side, kinds) for side in (then, otherwise))
            return intern(Map(Op.IF, (condition, *sides)))
        case _:
            return None


def _as_number(node: Sop, kinds: KindTable) -> Sop:
    """A bool becomes an int in a sum."""
    return cast(Sop, intern(Map(Op.POS, (node,)))) if kinds.of(node) & BOOL else node
