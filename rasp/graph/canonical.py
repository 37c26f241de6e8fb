"""Hash-consing: the graph as written becomes the simplified graph in which equal nodes are one node.

The interpreter, the compiler and the structural measures all read this form. Its nodes carry no span, since one node may
stand for several places of the source; ``Graph.spans`` remembers where each came from.
"""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import cast

from rasp.errors import Span
from rasp.graph.nodes import Iterate, Node, Predicate, Sop, over, topological
from rasp.graph.rewrite import rewrite

_interned: weakref.WeakValueDictionary[tuple[object, ...], Node] = weakref.WeakValueDictionary()
_forms: weakref.WeakSet[Node] = weakref.WeakSet()
_graphs: weakref.WeakKeyDictionary[Node, Graph] = weakref.WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class Graph:
    """A simplified, hash-consed graph.

    Attributes:
        root: the s-op or selector that the graph computes.
        spans: for each node a place in the source that it stands for, where it has one.
    """

    root: Node
    spans: Mapping[Node, Span]


def canonical(root: Node) -> Graph:
    """The simplified, hash-consed form of a graph; made once for each root."""
    if root in _forms:
        return Graph(root, {})
    graph = _graphs.get(root)
    if graph is None:
        forms, spans = _canonicalize(root)
        graph = Graph(forms[root], spans)
        if graph.root is not root:  # a value must not keep its own weak key alive
            _graphs[root] = graph
    return graph


def canonical_forms(root: Node) -> Mapping[Node, Node]:
    """The canonical form of each node of a graph."""
    return _canonicalize(root)[0]


def intern(node: Node) -> Node:
    """The one node of this structure. The nodes that it reads must be interned already."""
    key = _structure(node)
    known = _interned.get(key)
    if known is None:
        known = replace(node, span=None)
        _interned[key] = known
    return known


def _canonicalize(root: Node) -> tuple[dict[Node, Node], dict[Node, Span]]:
    """The canonical form of each node, and a place for each form."""
    spans: dict[Node, Span] = {}
    forms: dict[Node, Node] = {}

    for node in topological(root):

        def make(made: Node, span: Span | None = node.span) -> Node:
            form = intern(made)
            if span is not None:
                spans.setdefault(form, span)
            return form

        forms[node] = rewrite(make(over(_closed(node, spans), forms)), make)
    _forms.update(forms.values())
    return forms, spans


def _closed(node: Node, spans: dict[Node, Span]) -> Node:
    """The node with what is inside it (a predicate's body, the steps of a loop) in canonical form; places of steps are kept."""
    match node:
        case Predicate(body=body):
            return replace(node, body=cast(Sop, canonical(body).root))
        case Iterate(loop=loop):
            graphs = [canonical(step) for step in loop.steps]
            for graph in graphs:
                spans.update({**graph.spans, **spans})
            return replace(node, loop=replace(loop, steps=tuple(cast(Sop, graph.root) for graph in graphs)))
        case _:
            return node


def _structure(node: Node) -> tuple[object, ...]:
    return (type(node), *(_keyed(value) for _, value in _content(node)))


def _content(node: Node) -> list[tuple[str, object]]:
    return [(field.name, getattr(node, field.name)) for field in fields(node) if field.name != "span"]


def _keyed(value: object) -> object:
    """Atoms that compare equal but differ in kind (1, 1.0, True) must not become one node."""
    if isinstance(value, tuple):
        return tuple(_keyed(item) for item in value)
    return value if isinstance(value, Node) else (type(value), value)
