"""Loops: from a step that names anything around it to one that is closed, and less to carry.

A closed step is a graph of its own, as a predicate's body is: what it needs from outside reaches it as ``Carried`` nodes. So
loops nest without names, equal loops are one node, and what the compiler must keep through the steps is a list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import cast

from rasp.graph.nodes import (
    SELECTOR_TYPES,
    Aggregate,
    Carried,
    Const,
    Iterate,
    Loop,
    Node,
    SelectorWidth,
    Sop,
    children,
    over,
    topological,
)


def closed(steps: Sequence[Sop], states: Sequence[Carried], initial: Sequence[Sop], times: Sop) -> Loop:
    """The loop of a step.

    Args:
        steps: the next value of each state; they may read ``states`` and any other node.
        states: what stands for the states in the steps.
        initial: the states before the first step.
    """
    inside = topological(*steps)
    varying = _reaching(inside, states)
    costly = _reaching(inside, [node for node in inside if isinstance(node, Aggregate | SelectorWidth | Iterate | Carried)])
    forms: dict[Node, Node] = {}
    captured: list[Sop] = []
    for node in _needed(steps, varying, costly):
        if node in varying or isinstance(node, SELECTOR_TYPES):
            forms[node] = node if node in states else over(node, forms)
        elif node in costly:
            forms[node] = Carried(len(states) + len(captured), span=node.span)
            captured.append(node)
        else:
            forms[node] = node
    return Loop(tuple(cast(Sop, forms[step]) for step in steps), (*initial, *captured), times)


def merged(node: Iterate, make: Callable[[Node], Node]) -> Node:
    """The same loop with what it carries unchanged carried once, in canonical form."""
    loop = node.loop
    states = len(loop.steps)
    kept = (*loop.carried[:states], *dict.fromkeys(loop.carried[states:]))
    if len(kept) == len(loop.carried):
        return node
    places = {read: place for place, read in enumerate(kept[states:], start=states)}
    numbers = {place: places[read] for place, read in enumerate(loop.carried) if place >= states}
    steps = renumbered(loop.steps, {old: make(Carried(new)) for old, new in numbers.items()}, make)
    return make(replace(node, loop=replace(loop, steps=steps, carried=kept)))


def renumbered(steps: Iterable[Sop], forms: Mapping[int, Node], make: Callable[[Node], Node]) -> tuple[Sop, ...]:
    """Steps that read other nodes in place of some ``Carried`` ones."""
    made: dict[Node, Node] = {}
    roots = tuple(steps)
    for node in topological(*roots):
        made[node] = forms[node.index] if isinstance(node, Carried) and node.index in forms else make(over(node, made))
    return tuple(cast(Sop, made[root]) for root in roots)


def with_times(root: Sop, times: Sequence[int]) -> Sop:
    """The same graph with a given number of steps for each loop that is not inside another, in topological order."""
    forms: dict[Node, Node] = {}
    known: dict[Loop, Loop] = {}
    given = iter(times)
    for node in topological(root):
        made = over(node, forms)
        if isinstance(made, Iterate):
            if made.loop not in known:
                known[made.loop] = replace(made.loop, times=Const(next(given)))
            made = replace(made, loop=known[made.loop])
        forms[node] = made
    return cast(Sop, forms[root])


def varying(loop: Loop) -> set[Node]:
    """The nodes of a loop's steps that change from step to step."""
    inside = topological(*loop.steps)
    return _reaching(inside, [node for node in inside if isinstance(node, Carried) and node.index < len(loop.steps)])


def unrolled(root: Sop, count: Callable[[Sop], int]) -> dict[Node, Node]:
    """A graph without loops that has the same values, where every loop takes a given number of steps.

    Args:
        count: how many, from the s-op that says it; that one holds no loop any more.

    Returns:
        What each node of the graph has become; nodes that read no loop are as they were.
    """
    after: dict[Loop, tuple[Sop, ...]] = {}

    def states(loop: Loop) -> tuple[Sop, ...]:
        if loop not in after:
            carried = loop.carried
            for _ in range(count(loop.times)):
                forms: dict[int, Node] = dict(enumerate(carried))
                carried = (*map(flat, renumbered(loop.steps, forms, lambda node: node)), *carried[len(loop.steps) :])
            after[loop] = carried[: len(loop.steps)]
        return after[loop]

    def flat(part: Sop) -> Sop:
        for node in topological(part):
            if node not in made:
                unchanged = all(made[child] is child for child in children(node))
                form = node if unchanged else over(node, made)
                made[node] = states(form.loop)[form.index] if isinstance(form, Iterate) else form
        return cast(Sop, made[part])

    made: dict[Node, Node] = {}
    flat(root)
    return made


def _reaching(order: Iterable[Node], sources: Iterable[Node]) -> set[Node]:
    """The nodes, of some in topological order, that are computed from any of the sources, and these."""
    found: set[Node] = set(sources)
    for node in order:
        if not found.isdisjoint(children(node)):
            found.add(node)
    return found


def _needed(steps: Sequence[Sop], varying: set[Node], costly: set[Node]) -> list[Node]:
    """The nodes that a closed step is made from, in topological order: nothing below what is carried into it."""
    order: dict[Node, None] = {}
    stack: list[tuple[Node, bool]] = [(step, False) for step in reversed(steps)]
    while stack:
        node, expanded = stack.pop()
        is_carried = node in costly and node not in varying and not isinstance(node, SELECTOR_TYPES)
        if expanded or is_carried:
            order.setdefault(node)
        elif node not in order:
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(children(node)))
    return list(order)
