"""Depths, layers and heads: the transformer that an s-op asks for, with every operation as early as possible.

Source: Weiss et al. 2021, section 4, and the reference implementation's drawing of computation flows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from rasp.graph.nodes import (
    Aggregate,
    Compare,
    Const,
    Input,
    Lookup,
    Map,
    Node,
    Param,
    Predicate,
    Selector,
    SelectorAnd,
    SelectorNot,
    SelectorOr,
    SelectorWidth,
    topological,
)

Attention: TypeAlias = Aggregate | SelectorWidth
"""An operation that reads a selector."""


@dataclass(frozen=True)
class Head:
    """A selector and the operations of one layer that read it. ``and``, ``or`` and ``not`` of selectors are one head."""

    selector: Selector
    operations: tuple[Attention, ...]


@dataclass(frozen=True)
class Layer:
    """The heads of a layer, and the elementwise operations computed after them."""

    heads: tuple[Head, ...]
    elementwise: tuple[Map | Lookup, ...]


@dataclass(frozen=True)
class Schedule:
    """Where each node of a graph is computed.

    Attributes:
        depths: the layer of each s-op; for a selector, the first layer whose heads can use it.
        layers: layer 0 (which has no heads) to the deepest.
    """

    depths: Mapping[Node, int]
    layers: tuple[Layer, ...]


def schedule(root: Node) -> Schedule:
    """The schedule of a graph as it stands: two selectors are one head only if they are the same node."""
    depths: dict[Node, int] = {}
    heads: list[dict[Selector, list[Attention]]] = [{}]
    elementwise: list[list[Map | Lookup]] = [[]]
    for node in topological(root):
        depth = depths[node] = _depth(node, depths)
        if isinstance(node, Aggregate | SelectorWidth | Map | Lookup):
            while len(heads) <= depth:
                heads.append({})
                elementwise.append([])
        match node:
            case Aggregate(selector=selector) | SelectorWidth(selector=selector):
                heads[depth].setdefault(selector, []).append(node)
            case Map() | Lookup():
                elementwise[depth].append(node)
    layers = zip(heads, elementwise, strict=True)
    return Schedule(depths, tuple(Layer(_heads(found), tuple(operations)) for found, operations in layers))


def _heads(found: Mapping[Selector, list[Attention]]) -> tuple[Head, ...]:
    return tuple(Head(selector, tuple(operations)) for selector, operations in found.items())


def _depth(node: Node, depths: Mapping[Node, int]) -> int:
    """The least number of attention layers that a node needs, from those of what it reads."""
    match node:
        case Input() | Const() | Param():
            return 0
        case Map(args=args):
            return max(depths[arg] for arg in args)
        case Lookup(index=index):
            return depths[index]
        case Compare(key=key, query=query) | Predicate(key=key, query=query):
            return 1 + max(depths[key], depths[query])
        case SelectorNot(operand=operand):
            return depths[operand]
        case SelectorAnd(left=left, right=right) | SelectorOr(left=left, right=right):
            return max(depths[left], depths[right])
        case Aggregate(selector=selector, value=value):
            return max(depths[selector], 1 + depths[value])
        case SelectorWidth(selector=selector):
            return depths[selector]
        case _:
            assert_never(node)
