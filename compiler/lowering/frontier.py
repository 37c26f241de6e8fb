"""Over which values an elementwise expression is tabulated.

A *frontier* is a set of s-ops that together decide the expression: at first the operator's arguments. Replacing the argument
that is ready last by its own arguments makes the table larger and can make it ready sooner.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TypeAlias

from compiler.analysis.elementwise import Function, Operator, arguments, is_token
from compiler.analysis.valuesets import Numbers, ValueSets
from compiler.circuit import latest
from compiler.lowering.ratios import Ratios
from rasp.graph.nodes import Aggregate, Carried, Const, Input, Lookup, Map, Op, Selector, SelectorWidth, Sop

Frontier: TypeAlias = tuple[Sop, ...]

MOST_LEAVES = 12

_DECIDED_BY_A_NUMBER = {Op.EQ, Op.NE, Op.LT, Op.LE, Op.GT, Op.GE, Op.ADD, Op.SUB, Op.NEG, Op.POS}


class Times:
    """Estimates of when a value can be told apart; ``compiler/weights/schedule.py`` says what a time is."""

    def __init__(self, values: ValueSets, ratios: Ratios, most_rows: int) -> None:
        self._values = values
        self._ratios = ratios
        self._most_rows = most_rows
        self._known: dict[Sop, int] = {}

    def of(self, node: Sop) -> int:
        """When an indicator of the s-op's values can be ready."""
        if node not in self._known:
            computed = self._ratio(node)
            soonest = self._soonest(node)
            self._known[node] = soonest if computed is None else min(soonest, after(computed))
        return self._known[node]

    def _ratio(self, node: Sop) -> int | None:
        """When an arithmetic expression is there as a ratio."""
        ratio = self._ratios.structural(node) if isinstance(node, Map) else None
        return None if ratio is None else latest((ratio.top, ratio.bottom, ratio.shift))

    def raw(self, node: Sop) -> int:
        """When what an s-op is made of can be ready: of a count or a mean, the sums."""
        computed = self._ratio(node)
        if computed is not None:
            return computed
        match node:
            case SelectorWidth(selector=selector):
                return self._attention(selector, 0)
            case Aggregate(selector=selector, value=value):
                return self._attention(selector, self.of(value))
            case Carried():
                return 0
            case Map(op=op, args=args) if op in _DECIDED_BY_A_NUMBER and all(map(self._values.kinds.is_number, args)):
                return max(map(self.raw, args), default=0)
            case Map() | Lookup():
                sources = Function.of(node).sources
                counted = len(sources) == 1 and isinstance(sources[0], SelectorWidth)
                return self.raw(sources[0]) if counted else self.of(node)
            case _:
                return self.of(node)

    def _soonest(self, node: Sop) -> int:
        match node:
            case Input() | Const():
                return 0
            case SelectorWidth() | Carried():
                return after(self.raw(node))
            case Aggregate():
                return after(self.raw(node)) if self._values.is_mean(node) else self.raw(node)
        varying = Operator.of(node).arguments
        if len(varying) == 1:
            return self.of(varying[0])
        function = Function.of(node)
        if len(function.sources) == 1:
            return self.of(function.sources[0])
        if self.rows(function.sources) <= self._most_rows:
            return self.together(function.sources)
        return self.together(varying)

    def rows(self, frontier: Frontier) -> int:
        """How many rows a table over a frontier has; more than any limit if it can't be made."""
        sizes = [len(self._values.target.vocab)] if any(map(is_token, frontier)) else [1]
        for node in frontier:
            if is_token(node):
                continue
            values = self._values.of(node)
            if isinstance(values, Numbers):
                return self._most_rows + 1
            sizes.append(len(values))
        if any(isinstance(node, SelectorWidth) for node in frontier):
            sizes.remove(max(len(self._values.listed(node)) for node in frontier if isinstance(node, SelectorWidth)))
        return math.prod(sizes)

    def together(self, frontier: Frontier) -> int:
        """When a function of all of them can be ready; a table can run over one of them before it is told apart."""
        late = sorted(frontier, key=self.of)
        return after(max((*(self.of(node) for node in late[:-1]), self.raw(late[-1])), default=0)) if late else 0

    def _attention(self, selector: Selector, at_least: int) -> int:
        relations = (relation for conjunction in self._values.selections.terms(selector) for relation, _ in conjunction)
        sides = (node for relation in relations for node in (relation.key, relation.query))
        return (max(at_least, max(map(self.of, sides), default=0)) + 1) // 2 * 2 + 1


def after(time: int) -> int:
    """When units that read at this time are ready."""
    return time // 2 * 2 + 2


def best_frontier(times: Times, node: Sop, most_rows: int) -> Frontier | None:
    """The frontier of an operator that is ready first, and of these the one with the fewest rows; None if all are too large."""
    found = [frontier for frontier in _frontiers(times, node) if times.rows(frontier) <= most_rows]
    return min(found, key=lambda frontier: (times.together(frontier), times.rows(frontier)), default=None)


def _frontiers(times: Times, node: Sop) -> Iterator[Frontier]:
    """From the arguments towards the sources; what is ready last is replaced by what it reads."""
    current: Frontier = Operator.of(node).arguments
    while True:
        yield current
        expandable = [leaf for leaf in current if arguments(leaf)]
        if not expandable or len(current) > MOST_LEAVES:
            return
        latest = max(expandable, key=times.of)
        inner = tuple(leaf for leaf in arguments(latest) if not isinstance(leaf, Const))
        current = tuple(dict.fromkeys(grown for leaf in current for grown in (inner if leaf is latest else (leaf,))))
