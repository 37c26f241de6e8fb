"""Expressions as tables over a frontier: the values that decide them, written out.

A table runs over the value that would take longest to be told apart, if an integer form decides that one
(``compiler/lowering/scalars.py``); each other value, and the token, is an axis.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from compiler.analysis.elementwise import TOKEN, Function, is_token
from compiler.analysis.valuesets import Leaves, ValueSets
from compiler.circuit import Form, FromToken
from compiler.errors import CompileError
from compiler.lowering.features import Features
from compiler.lowering.forms import Forms, ToInt
from compiler.lowering.frontier import Frontier, Times, best_frontier
from compiler.lowering.heads import HeadTable
from compiler.lowering.ratios import Ratios
from compiler.lowering.scalars import Scalars
from compiler.lowering.tables import Axis, Scalar, Table
from rasp.graph.nodes import Atom, Sop

CELL = 8
"""What one more number in the residual stream costs, in units."""

MANY_INDICATORS = 16
"""A table that takes more indicators costs a cell for each; of fewer ones the costs are not foreseen."""

MOST_ROWS = 4_096
"""Largest number of combinations that one table goes through, a scalar aside."""


class Tabulation:
    """The tables of one circuit."""

    def __init__(self, values: ValueSets, features: Features, heads: HeadTable, ratios: Ratios, forms: Forms) -> None:
        self._values = values
        self._features = features
        self._forms = forms
        self._scalars = Scalars(values, heads, ratios)
        self._times = Times(values, ratios, MOST_ROWS)
        self._tables: dict[Sop, Table[Leaves]] = {}

    def frontier(self, node: Sop) -> Frontier | None:
        """Over what an operator is tabulated; None if it combines values in too many ways."""
        return best_frontier(self._times, node, MOST_ROWS)

    def estimate(self, frontier: Frontier) -> tuple[int, int]:
        """When a table over a frontier is ready, and what it costs, in units; it can turn out to be ready sooner."""
        run, _ = self._running(frontier)
        tokens = [leaf for leaf in frontier if is_token(leaf)]
        axes = [len(self._values.listed(leaf)) for leaf in frontier if leaf is not run and not is_token(leaf)]
        if tokens:
            axes.append(len(self._token_points(tokens)))
        cells = sum(axes) if sum(axes) > MANY_INDICATORS else 0
        return self._times.together(frontier), self._times.rows(frontier) + CELL * cells

    def form(self, node: Sop, frontier: Frontier, function: ToInt) -> Form:
        """A function of an operator from a table over its frontier."""
        if node not in self._tables:
            self._tables[node] = self._written_out(frontier, Function.of(node, frontier).at)
        return self._features.table(node, self._tables[node], function)

    def undefined(self, node: Sop) -> Form:
        """1 where an operator, or one of those that it reads, is undefined, else 0.

        Raises:
            CompileError: it combines values in too many ways.
        """
        frontier = self.frontier(node)
        if frontier is None:
            raise self._values.refuse(
                node,
                f"telling where this is undefined combines values in more than {MOST_ROWS:,} ways",
                hint="compile for a smaller vocabulary or max_length",
            )
        function = Function.of(node, frontier)
        return self._features.table(node, self._written_out(frontier, lambda leaves: function.at(leaves) is None), int)

    def _written_out(self, frontier: Frontier, at: Callable[[Leaves], Atom | None]) -> Table[Leaves]:
        run, late = self._running(frontier)
        axes = [self._axis(leaf, late.get(leaf)) for leaf in frontier if leaf is not run and not is_token(leaf)]
        tokens = [leaf for leaf in frontier if is_token(leaf)]
        if tokens:
            axes.append(self._token_axis(tokens))
        scalar = None
        if run is not None:
            scalar = Scalar(late[run].form, [(at, {run: value}) for at, value in late[run].steps])
        return Table.of(axes, scalar, lambda points: at({leaf: atom for point in points for leaf, atom in point.items()}))

    def _running(self, frontier: Frontier) -> tuple[Sop | None, dict[Sop, Scalar[Atom]]]:
        """The value that a table runs over, if it has one, and all that it could run over."""
        scalars = {leaf: self._scalar(leaf) for leaf in frontier if not is_token(leaf)}
        late = {leaf: scalar for leaf, scalar in scalars.items() if scalar is not None}
        return max(late, key=lambda leaf: (late[leaf].form.ready, len(late[leaf].steps)), default=None), late

    def _scalar(self, leaf: Sop) -> Scalar[Atom] | None:
        try:
            return self._scalars.of(leaf)
        except CompileError:
            return None

    def _axis(self, leaf: Sop, scalar: Scalar[Atom] | None) -> Axis[Leaves]:
        listed = self._values.listed(leaf)
        places = {(type(value), value): place for place, value in enumerate(listed)}

        def missing(point: Leaves) -> Form:
            images = [1] * len(listed)
            images[places[type(point[leaf]), point[leaf]]] = 0
            told = self._forms.imaged(leaf, tuple(images))
            ends = scalar and _end(scalar, point[leaf])
            return ends if ends is not None and ends.ready < told.ready else told

        return Axis([{leaf: value} for value in listed], missing)

    def _token_points(self, leaves: Sequence[Sop]) -> list[Leaves]:
        domain = self._values.domain(TOKEN, leaves) or ()
        return list({tuple((type(atom), atom) for atom in point.values()): point for point in domain}.values())

    def _token_axis(self, leaves: Sequence[Sop]) -> Axis[Leaves]:
        domain = self._values.domain(TOKEN, leaves) or ()
        points = self._token_points(leaves)

        def missing(point: Leaves) -> Form:
            return self._features.embedding(FromToken(tuple(int(not _same_leaves(other, point)) for other in domain)))

        return Axis(points, missing)


def _end(scalar: Scalar[Atom], value: Atom) -> Form | None:
    """How far the form is from its least or greatest integer, if that is where the value is taken and nowhere else."""
    taken = [number for number, (_, other) in enumerate(scalar.steps) if _same(value, other)]
    if len(taken) != 1 or len(scalar.steps) < 2:
        return None
    x, starts = scalar.form, [at for at, _ in scalar.steps]
    if taken == [0] and starts[1] == x.low + 1:
        return x - x.low
    return x.high - x if taken == [len(starts) - 1] and starts[-1] == x.high else None


def _same(value: Atom, other: Atom) -> bool:
    return type(value) is type(other) and value == other


def _same_leaves(point: Leaves, other: Leaves) -> bool:
    return all(_same(value, other[leaf]) for leaf, value in point.items())
