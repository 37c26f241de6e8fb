"""A program with loops as a list of segments, run one after the other: straight ones, and steps of loops.

What one segment hands to later ones is in *slots*: the sequences that a loop carries, and how many steps it takes. In the graph
of a segment a slot is a ``Carried`` node with the slot's number. A straight segment fills slots; the step of a loop replaces the
values of its states. A program without loops is one straight segment.

Source: Fan et al. 2024, section 4: a program before the loop, the looped one, and one after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, cast

from compiler.errors import CompileError
from rasp.errors import Span
from rasp.graph import Graph
from rasp.graph.canonical import intern
from rasp.graph.loops import renumbered
from rasp.graph.nodes import Carried, Const, Iterate, Loop, Node, Sop, over, topological

Handed: TypeAlias = tuple[tuple[int, Sop], ...]
"""Slots, and what is put into each."""


@dataclass(frozen=True)
class Straight:
    """What is computed once.

    Attributes:
        fills: the slots that it fills.
        names: of slots, where an expression would not tell what they are for.
    """

    fills: Handed
    names: Mapping[int, str]


@dataclass(frozen=True)
class Repeated:
    """The step of a loop.

    Attributes:
        fills: the slots of its states, and their next values.
        times: how many steps, or the slot that says so at the last position.
        span: the loop.
    """

    fills: Handed
    times: int | Carried
    span: Span | None


Segment: TypeAlias = Straight | Repeated


@dataclass(frozen=True)
class Segments:
    """A program without loops inside its parts.

    Attributes:
        before: every segment but the last.
        root: what the last one, which is straight, computes.
        spans: where nodes stand in the source.
    """

    before: tuple[Segment, ...]
    root: Node
    spans: Mapping[Node, Span]

    @property
    def slots(self) -> int:
        """How many there are."""
        return 1 + max((slot for segment in self.before for slot, _ in segment.fills), default=-1)


def segments_of(graph: Graph) -> Segments:
    """The segments of a program.

    Raises:
        CompileError: a loop inside the step of another.
    """
    made = _Maker(dict(graph.spans))
    root = made.flat(graph.root)
    return Segments(tuple(made.segments), root, made.spans)


@dataclass
class _Maker:
    """The segments so far.

    Attributes:
        spans: where nodes stand, those that are made among them.
        forms: what each node has become.
        filled: the slot of each s-op that is kept in one unchanged.
        states: the slots of each loop's states.
        slots: how many there are.
    """

    spans: dict[Node, Span]
    segments: list[Segment] = field(default_factory=list)
    forms: dict[Node, Node] = field(default_factory=dict)
    filled: dict[Sop, int] = field(default_factory=dict)
    states: dict[Loop, tuple[Sop, ...]] = field(default_factory=dict)
    slots: int = 0

    def flat(self, root: Node) -> Node:
        for node in topological(root):
            made = intern(over(node, self.forms))
            if isinstance(made, Iterate):
                made = self._after(made.loop, self.spans.get(node))[made.index]
            self._place(made, self.spans.get(node))
            self.forms[node] = made
        return self.forms[root]

    def _place(self, node: Node, span: Span | None) -> None:
        if span is not None:
            self.spans.setdefault(node, span)

    def _after(self, loop: Loop, span: Span | None) -> tuple[Sop, ...]:
        """What the states of a loop are after its last step."""
        if loop not in self.states:
            _refuse_nested(loop, self.spans)
            fills: list[tuple[int, Sop]] = []
            count = len(loop.steps)
            states = [self._new_slot(read, fills) for read in loop.carried[:count]]
            carried = [*states, *(self._kept(read, fills) for read in loop.carried[count:])]
            times = self._times(loop.times, fills)
            names = {state.index: f"state {number}" for number, state in enumerate(states, start=1)}
            self.segments.append(Straight(tuple(fills), names))
            steps = renumbered(loop.steps, dict(enumerate(carried)), intern)
            indices = [state.index for state in states]
            self.segments.append(Repeated(tuple(zip(indices, steps, strict=True)), times, span))
            for state in states:
                self._place(state, span)
            self.states[loop] = tuple(states)
        return self.states[loop]

    def _new_slot(self, value: Sop, fills: list[tuple[int, Sop]]) -> Carried:
        slot = self.slots
        self.slots += 1
        fills.append((slot, value))
        return cast(Carried, intern(Carried(slot)))

    def _kept(self, value: Sop, fills: list[tuple[int, Sop]]) -> Sop:
        """The slot of something that does not change; a constant needs none, and what is in a slot stays there."""
        if isinstance(value, Const | Carried):
            return value
        if value not in self.filled:
            self.filled[value] = self._new_slot(value, fills).index
        return cast(Sop, intern(Carried(self.filled[value])))

    def _times(self, times: Sop, fills: list[tuple[int, Sop]]) -> int | Carried:
        match times:
            case Const(value=int(steps)):
                return steps
            case _:
                return cast(Carried, self._kept(times, fills))


def _refuse_nested(loop: Loop, spans: Mapping[Node, Span]) -> None:
    inner = next((node for node in topological(*loop.steps) if isinstance(node, Iterate)), None)
    if inner is not None:
        raise CompileError(
            "this loop is inside the step of another",
            spans.get(inner),
            hint="a compiled model repeats blocks of layers one after the other: write the two loops as one",
        )
