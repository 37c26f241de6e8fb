"""Depths, layers and heads: the transformer that an s-op asks for, with every operation as early as possible.

Source: Weiss et al. 2021, section 4, and the reference implementation's drawing of computation flows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, assert_never

from rasp.graph.nodes import (
    Aggregate,
    Carried,
    Compare,
    Const,
    Input,
    Iterate,
    Lookup,
    Loop,
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
    """The schedule of a graph as it stands: two selectors are one head only if they are the same node.

    The step of a loop has layers of its own, once, after those of all that it carries.
    """
    plan = _Plan()
    depths = plan.place([root], 0)
    layers = zip(plan.heads, plan.elementwise, strict=True)
    return Schedule(depths, tuple(Layer(_heads(found), tuple(operations)) for found, operations in layers))


@dataclass(frozen=True, eq=False)
class _Plan:
    """What each layer computes.

    Attributes:
        ends: the depth of each loop after its step.
    """

    heads: list[dict[Selector, list[Attention]]] = field(default_factory=lambda: [{}])
    elementwise: list[list[Map | Lookup]] = field(default_factory=lambda: [[]])
    ends: dict[Loop, int] = field(default_factory=dict)

    def place(self, roots: Iterable[Node], start: int) -> dict[Node, int]:
        """The depths of a graph.

        Args:
            start: the depth of the inputs, and of what a loop carries.
        """
        depths: dict[Node, int] = {}
        for node in topological(*roots):
            if isinstance(node, Iterate):
                depths[node] = self._after(node.loop, depths)
                continue
            depth = depths[node] = max(start, _depth(node, depths))
            match node:
                case Aggregate(selector=selector) | SelectorWidth(selector=selector):
                    self._reach(depth)
                    self.heads[depth].setdefault(selector, []).append(node)
                case Map() | Lookup():
                    self._reach(depth)
                    self.elementwise[depth].append(node)
                case _:
                    pass
        return depths

    def _after(self, loop: Loop, depths: Mapping[Node, int]) -> int:
        if loop not in self.ends:
            start = max(depths[read] for read in loop.reads)
            inside = self.place(loop.steps, start)
            self.ends[loop] = max(inside[step] for step in loop.steps)
        return self.ends[loop]

    def _reach(self, depth: int) -> None:
        while len(self.heads) <= depth:
            self.heads.append({})
            self.elementwise.append([])


def _heads(found: Mapping[Selector, list[Attention]]) -> tuple[Head, ...]:
    return tuple(Head(selector, tuple(operations)) for selector, operations in found.items())


def _depth(node: Node, depths: Mapping[Node, int]) -> int:
    """The least number of attention layers that a node needs, from those of what it reads."""
    match node:
        case Input() | Const() | Param() | Carried():
            return 0
        case Iterate():
            raise AssertionError("the depth of a loop is that of its steps")
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
