"""From the s-op graph to the circuit: every value becomes a form, every selector a few heads.

``form(node, f)`` is the one question: the integer f(value) at each position, as a form. Functions of the token or of the
index alone are embeddings; a function of an aggregate that looks one value up travels through the head, because the head
can as well carry the function of the value; a function of a count is a staircase of units. For the rest there are several
constructions, and the one that is ready first, then the one with the fewest units, is taken.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias, cast

from compiler.circuit import Feature, Form, FromPosition, FromToken, FromUnits, IsBos, Unit, made_for
from compiler.clauses import Clauses, Orders
from compiler.elementwise import TOKEN, Function, Operator, Source, is_token
from compiler.errors import CompileError
from compiler.extremes import Extremes
from compiler.frontier import Times, best_frontier
from compiler.gadgets.mean import at_cuts, through_values
from compiler.gadgets.staircase import Steps, clip, staircase
from compiler.heads import HeadTable
from compiler.means import Means
from compiler.ratios import Ratios
from compiler.scalars import scalar_of
from compiler.tables import Axis, Scalar, Table
from compiler.valuesets import Leaves, Numbers, ValueSets
from rasp import atoms
from rasp.graph.canonical import intern
from rasp.graph.nodes import Aggregate, Atom, Const, Input, Map, Op, SelectorWidth, Sop

MOST_UNITS = 60_000
"""Largest number of ReLU units for one table."""

MOST_WORK = 3_000_000
"""Largest number of table entries of a whole program; it bounds the time that a refusal takes."""

MOST_ROWS = 4_096
"""Largest number of combinations that one table goes through, a scalar aside."""

_NOTHING = cast(Const, intern(Const("\0nothing")))
"""Stands for the side of a choice that is added apart."""

CELL = 8
"""What one more number in the residual stream costs, in units."""

ToInt = Callable[[Atom], int]

PassedOn: TypeAlias = tuple[Sop, tuple[Atom, ...], Callable[[Atom], Atom | None]]


class Lowering:
    """Builds one circuit. Equal requests share features, and equal selectors share heads."""

    def __init__(self, values: ValueSets, orders: Orders) -> None:
        self.values = values
        self.target = values.target
        self.bos = Feature("BOS", IsBos(), 0, 0, at_bos=1)
        self.heads = HeadTable(values, self, Clauses(values, self, orders))
        self.ratios = Ratios(self)
        values.arithmetic = self.ratios
        self.means = Means(self)
        self._extremes = Extremes(self)
        self._forms: dict[tuple[object, ...], Form] = {}
        self._tables: dict[Sop, Table[Leaves]] = {}
        self._times = Times(values, self.ratios, MOST_ROWS)
        self._embedded: dict[FromToken | FromPosition, Feature] = {}
        self._made: dict[tuple[object, ...], Feature] = {}
        self._places: dict[Sop, tuple[dict[tuple[type, Atom], int], dict[Atom, int]]] = {}
        self._passed_on: dict[Sop, PassedOn | None] = {}
        self._work = 0

    @property
    def forms(self) -> Mapping[tuple[Any, ...], Form]:
        """What was asked for: an s-op, the images of its values, and the cuts if the values can't be listed."""
        return self._forms

    def number(self, node: Sop) -> Form:
        """The value of an s-op whose values are all integral numbers."""
        return self.form(node, _int)

    def truth(self, node: Sop) -> Form:
        """1 where an s-op is truthy, else 0."""
        return self.form(node, lambda value: int(bool(value)), (Fraction(0),))

    def form(self, node: Sop, function: ToInt, cuts: Sequence[Atom] = ()) -> Form:
        """The integer ``function(value)`` at every position.

        Args:
            cuts: if the values can't be listed, the numbers between which the function is constant.

        Raises:
            CompileError: no construction covers the expression.
        """
        values = self.values.representatives(node, cuts)
        images = tuple([function(value) for value in values])
        if isinstance(self.values.of(node), tuple):
            return self._imaged(node, images)
        if len(set(images)) == 1:
            return Form(constant=images[0])
        key = (node, images, tuple(cuts))
        if key not in self._forms:
            with made_for(self.values.span(node)):
                self._forms[key] = self._lower(node, function, cuts)
        return self._forms[key]

    def _imaged(self, node: Sop, images: tuple[int, ...]) -> Form:
        """The form that has a given image for each listed value."""
        if images.count(images[0]) == len(images):
            return Form(constant=images[0])
        key = (node, images)
        if key not in self._forms:
            self._work += len(images)
            if self._work > MOST_WORK:
                raise self.values.refuse(
                    node,
                    f"the program needs more than {MOST_WORK:,} table entries in all, and this expression is one too many",
                    hint="compile a part of it, or for a smaller vocabulary or max_length",
                )
            with made_for(self.values.span(node)):
                self._forms[key] = self._lower(node, self._by_place(node, images), ())
        return self._forms[key]

    def _by_place(self, node: Sop, images: Sequence[int]) -> ToInt:
        """The function by its table; a value that does not occur has the image of an equal one, or 0."""
        if node not in self._places:
            listed = self.values.listed(node)
            by_kind = {(type(value), value): place for place, value in enumerate(listed)}
            self._places[node] = by_kind, {value: place for place, value in enumerate(listed)}
        by_kind, by_value = self._places[node]

        def image(value: Atom) -> int:
            place = by_kind.get((type(value), value))
            place = by_value.get(value) if place is None else place
            return 0 if place is None else images[place]

        return image

    # Constructions that others build on

    def integer(self, node: Sop) -> tuple[Form, Form] | None:
        """A form that is the value of a number where that is an integer, and one that is 1 there and else 0."""
        return self.ratios.integer(node)

    def from_units(self, label: str, units: Sequence[tuple[Unit, int]], low: int, high: int, largest: int | None = None) -> Form:
        """A feature that is a combination of units; equal ones are one."""
        gathered: dict[Unit, int] = {}
        for unit, factor in units:
            if unit.high:
                gathered[unit] = gathered.get(unit, 0) + factor
        parts = tuple((unit, factor) for unit, factor in gathered.items() if factor)
        if not parts:
            return Form()
        key = (frozenset(parts), low, high, largest)
        if key not in self._made:
            self._made[key] = Feature(label, FromUnits(parts, largest), low, high)
        return Form.of(self._made[key])

    def staircase(self, node: Sop, x: Form, steps: Steps) -> Form:
        """The function of an integer form that has the given steps."""
        stairs = staircase(steps, x.high)
        if len(stairs.bends) > MOST_UNITS:
            raise self._too_many_units(node, len(stairs.bends))
        if not stairs.bends:
            return (x - stairs.low) * stairs.slope + stairs.start
        # One more unit for the slope keeps the bounds of the feature tight, and so those of whatever reads it.
        images = [value - stairs.start for _, value in steps]
        units = [(Unit(x - at), change) for at, change in ((stairs.low, stairs.slope), *stairs.bends)]
        return self.from_units("staircase", units, min(images), max(images)) + stairs.start

    def choice(self, truth: Form, a: Form, b: Form) -> Form:
        """a where the truth form is 1, b where it is 0."""
        difference = a - b
        if not difference.terms:
            return b + truth * difference.constant
        if not truth.terms:
            return a if truth.constant else b
        low, high = min(a.low, b.low), max(a.high, b.high)
        span = high - low
        chosen = [(Unit(a - low - span + truth * span), 1), (Unit(b - low - truth * span), 1)]
        return self.from_units("choice", chosen, 0, span) + low

    def embedding(self, origin: FromToken | FromPosition) -> Form:
        """A function of the token or of the index; functions that are linear in each other are one feature."""
        start, *others = origin.values
        step = math.gcd(*(value - start for value in others))
        if not step:
            return Form(constant=start)
        step = step if next(value for value in others if value != start) > start else -step
        base = type(origin)(tuple((value - start) // step for value in origin.values))
        if base not in self._embedded:
            label = "token" if isinstance(base, FromToken) else "index"
            self._embedded[base] = Feature(label, base, min(base.values), max(base.values))
        return Form.of(self._embedded[base], step) + start

    # Which construction

    def _lower(self, node: Sop, function: ToInt, cuts: Sequence[Atom]) -> Form:
        match node:
            case Aggregate() if self.values.is_mean(node):
                return self.means.form(node, function, cuts)
            case Aggregate(reduction="min" | "max"):
                return self._extremes.form(node, function)
        values = self.values.of(node)
        if isinstance(values, Numbers):
            points = self.values.representatives(node, cuts)
            numbers = [point for point in points if isinstance(point, Fraction)]
            edges = [Fraction(cut) for cut in cuts if not isinstance(cut, str)]
            return self.ratios.piecewise(node, self.ratios.of(node), at_cuts(numbers, edges, function))
        match node:
            case Aggregate():
                return self.heads.looked_up(node, function)
            case SelectorWidth(selector=selector):
                x = self.heads.width(selector)
                return self.staircase(node, x, [(width, function(width)) for width in values if isinstance(width, int)])
        elementwise = Function.of(node)
        match elementwise.sources:
            case (Input() as source,):
                return self._of_input(source, elementwise, function)
            case (source,) if not isinstance(self.values.of(source), Numbers):
                return self.form(source, lambda value: _image(elementwise.at({source: value}), function))
        return self._through_only_argument(node, function) or self._cheapest(node, function)

    def _of_input(self, source: Source, elementwise: Function, function: ToInt) -> Form:
        domain = self.values.domain(source, elementwise.leaves) or ()
        points = tuple(_image(elementwise.at(leaves), function) for leaves in domain)
        return self.embedding(FromToken(points) if source is TOKEN else FromPosition(points))

    def _through_only_argument(self, node: Sop, function: ToInt) -> Form | None:
        """A function of an operator with one argument that varies is a function of that argument."""
        if node not in self._passed_on:
            self._passed_on[node] = self._pass_on(node)
        passed_on = self._passed_on[node]
        if passed_on is None:
            return None
        argument, cuts, results = passed_on
        return self.form(argument, lambda value: _image(results(value), function), cuts)

    def _pass_on(self, node: Sop) -> PassedOn | None:
        """The only argument of an operator, the cuts at which it matters, and the operator as a function of it."""
        operator = Operator.of(node)
        if len(operator.arguments) != 1:
            return None
        (argument,) = operator.arguments
        cuts: tuple[Atom, ...] = ()
        if isinstance(self.values.of(argument), Numbers):
            found = operator.cuts(self.values.interval(argument))
            if found is None:
                return None
            cuts = tuple(found)
        known: dict[tuple[type, Atom], Atom | None] = {}

        def result(value: Atom) -> Atom | None:
            key = (type(value), value)
            if key not in known:
                known[key] = operator.at({argument: value})
            return known[key]

        return argument, cuts, result

    def _cheapest(self, node: Sop, function: ToInt) -> Form:
        """The construction that is ready first, and of these the cheapest; all that is first hand is soon enough."""
        best: Form | None = None
        refusal: CompileError | None = None
        for construct in (self._linear, self._compared, self._of_ratio, self._logical, self._split):
            try:
                made = construct(node, function)
            except CompileError as error:
                refusal = error
                continue
            if made is not None and (best is None or (made.ready, _cost(made)) < (best.ready, _cost(best))):
                best = made
            if best is not None and _is_first_hand(best):
                return best
        frontier = best_frontier(self._times, node, MOST_ROWS)
        if best is not None:
            if frontier is None or (self._times.together(frontier), self._times.rows(frontier)) >= (best.ready, _cost(best)):
                return best
        elif frontier is None:
            raise refusal or self.values.refuse(
                node,
                f"this combines values in more than {MOST_ROWS:,} ways",
                hint="compare or round before combining, or compile for a smaller vocabulary or max_length",
            )
        made = self._tabulated(node, frontier, function)
        return best if best is not None and (best.ready, _cost(best)) < (made.ready, _cost(made)) else made

    def _linear(self, node: Sop, function: ToInt) -> Form | None:
        """A linear function of an integer is free."""
        line = _line_through(self.values.listed(node), function)
        ratio = None if line is None else self.ratios.structural(node)
        if line is None or ratio is None or ratio.denominator != 1:
            return None
        slope, start = line
        return (ratio.top + ratio.shift) * slope + start

    def _compared(self, node: Sop, function: ToInt) -> Form | None:
        """A comparison of numbers is a threshold of their difference."""
        difference = self.difference(node) or self._difference_of_numbers(node)
        if difference is None or not isinstance(node, Map):
            return None
        x = difference
        signs = [(x.low, function(atoms.apply(node.op, -1, 0))), (0, function(atoms.apply(node.op, 0, 0)))]
        signs.append((1, function(atoms.apply(node.op, 1, 0))))
        return self.staircase(node, x, clip(signs, x.low))

    def difference(self, node: Sop) -> Form | None:
        """For a comparison of numbers, a form with the sign of the difference."""
        match node:
            case Map(op=Op.EQ | Op.NE | Op.LT | Op.LE | Op.GT | Op.GE, args=(left, right)) if self.values.kinds.is_number(
                left
            ) and self.values.kinds.is_number(right):
                return self.ratios.sign(node, left, right)
            case _:
                return None

    def _difference_of_numbers(self, node: Sop) -> Form | None:
        """For an equality of values that are no numbers, the difference of their places in a list of all of them."""
        match node:
            case Map(op=Op.EQ | Op.NE, args=(left, right)):
                places: dict[Atom, int] = {}
                for value in (*self.values.listed(left), *self.values.listed(right)):
                    places.setdefault(value, len(places))
                return self.form(left, places.__getitem__) - self.form(right, places.__getitem__)
            case _:
                return None

    def _of_ratio(self, node: Sop, function: ToInt) -> Form | None:
        """Any function of a number that is computed as a ratio."""
        ratio = self.ratios.structural(node)
        if ratio is None:
            return None
        images: dict[Fraction, set[int]] = {}
        for value in self.values.listed(node):
            if not isinstance(value, str):
                images.setdefault(Fraction(value), set()).add(function(value))
        if any(len(found) > 1 for found in images.values()):
            return None  # it tells kinds apart, which a ratio does not
        values = sorted(images)
        piecewise = through_values(values, lambda value: min(images[value]))
        return self.ratios.piecewise(node, ratio, piecewise)

    def _logical(self, node: Sop, function: ToInt) -> Form | None:
        match node:
            case Map(op=Op.IF, args=(condition, then, otherwise)):
                return self.choice(self.truth(condition), self.form(then, function), self.form(otherwise, function))
            case Map(op=Op.AND | Op.OR as op, args=(left, right)):
                both = self.truth(left) + self.truth(right)
                steps = [(0, 0), (1, int(op is Op.OR)), (2, 1)]
                no, yes = function(False), function(True)
                return self.staircase(node, both, [(k, yes if holds else no) for k, holds in steps if k <= both.high])
            case _:
                return None

    def _split(self, node: Sop, function: ToInt) -> Form | None:
        """A choice as what one side gives plus what the other gives, so that no table goes through both."""
        match node:
            case Map(op=Op.IF, args=(_, Const(), _) | (_, _, Const())):
                return None
            case Map(op=Op.IF, args=(condition, then, otherwise)):
                base = function(self.values.listed(then)[0])

                def above(value: Atom) -> int:
                    return 0 if value == _NOTHING.value else function(value) - base

                kept, filled = Map(Op.IF, (condition, then, _NOTHING)), Map(Op.IF, (condition, _NOTHING, otherwise))
                return Form.total(self.form(cast(Sop, intern(part)), above) for part in (kept, filled)) + base
            case _:
                return None

    # Tables

    def _tabulated(self, node: Sop, frontier: Sequence[Sop], function: ToInt) -> Form:
        """A table over the values that decide the expression; it runs over the one that would take longest to be told apart."""
        if node not in self._tables:
            self._tables[node] = self._written_out(frontier, Function.of(node, frontier).at)
        return self._in_units(node, self._tables[node], function)

    def undefined(self, node: Sop) -> Form:
        """1 where an operator, or one of those that it reads, is undefined, else 0.

        Raises:
            CompileError: it combines values in too many ways.
        """
        elementwise = Function.of(node)
        match elementwise.sources:
            case (Input() as source,):
                domain = self.values.domain(source, elementwise.leaves) or ()
                points = tuple(int(elementwise.at(leaves) is None) for leaves in domain)
                return self.embedding(FromToken(points) if source is TOKEN else FromPosition(points))
            case (source,) if not isinstance(self.values.of(source), Numbers):
                return self.form(source, lambda value: int(elementwise.at({source: value}) is None))
        frontier = best_frontier(self._times, node, MOST_ROWS)
        if frontier is None:
            raise self.values.refuse(
                node,
                f"telling where this is undefined combines values in more than {MOST_ROWS:,} ways",
                hint="compile for a smaller vocabulary or max_length",
            )
        function = Function.of(node, frontier)
        return self._in_units(node, self._written_out(frontier, lambda leaves: function.at(leaves) is None), int)

    def _in_units(self, node: Sop, table: Table[Leaves], function: ToInt) -> Form:
        made = table.gated(function, MOST_UNITS)
        if isinstance(made, int):
            raise self._too_many_units(node, made)
        return self.from_units("table", made.units, made.low, made.high, made.largest) + made.base

    def _written_out(self, frontier: Sequence[Sop], at: Callable[[Leaves], Atom | None]) -> Table[Leaves]:
        scalars = {leaf: scalar_of(self, leaf) for leaf in frontier if not is_token(leaf)}
        late = {leaf: scalar for leaf, scalar in scalars.items() if scalar is not None}
        run = max(late, key=lambda leaf: (late[leaf].form.ready, len(late[leaf].steps)), default=None)
        axes = [self._axis(leaf, late.get(leaf)) for leaf in frontier if leaf is not run and not is_token(leaf)]
        tokens = [leaf for leaf in frontier if is_token(leaf)]
        if tokens:
            axes.append(self._token_axis(tokens))
        scalar = None
        if run is not None:
            scalar = Scalar(late[run].form, [(at, {run: value}) for at, value in late[run].steps])
        return Table.of(axes, scalar, lambda points: at({leaf: atom for point in points for leaf, atom in point.items()}))

    def _axis(self, leaf: Sop, scalar: Scalar[Atom] | None) -> Axis[Leaves]:
        listed = self.values.listed(leaf)
        places = {(type(value), value): place for place, value in enumerate(listed)}

        def missing(point: Leaves) -> Form:
            images = [1] * len(listed)
            images[places[type(point[leaf]), point[leaf]]] = 0
            told = self._imaged(leaf, tuple(images))
            ends = scalar and _end(scalar, point[leaf])
            return ends if ends is not None and ends.ready < told.ready else told

        return Axis([{leaf: value} for value in listed], missing)

    def _token_axis(self, leaves: Sequence[Sop]) -> Axis[Leaves]:
        domain = self.values.domain(TOKEN, leaves) or ()
        points = list({tuple((type(atom), atom) for atom in point.values()): point for point in domain}.values())
        return Axis(
            points, lambda point: self.embedding(FromToken(tuple(int(not _same_leaves(other, point)) for other in domain)))
        )

    def _too_many_units(self, node: Sop, units: int) -> CompileError:
        return self.values.refuse(
            node,
            f"the table of this expression needs more than {MOST_UNITS:,} units ({units:,})",
            hint="a smaller vocabulary or max_length",
        )


def _end(scalar: Scalar[Atom], value: Atom) -> Form | None:
    """How far the form is from its least or greatest integer, if that is where the value is taken and nowhere else."""
    taken = [number for number, (_, other) in enumerate(scalar.steps) if _same(value, other)]
    if len(taken) != 1 or len(scalar.steps) < 2:
        return None
    x, starts = scalar.form, [at for at, _ in scalar.steps]
    if taken == [0] and starts[1] == x.low + 1:
        return x - x.low
    return x.high - x if taken == [len(starts) - 1] and starts[-1] == x.high else None


def _image(value: Atom | None, function: ToInt) -> int:
    return 0 if value is None else function(value)


def _int(value: Atom) -> int:
    return 0 if isinstance(value, str) else int(value)


def _is_first_hand(form: Form) -> bool:
    """Whether nothing could be ready sooner: it reads no units, or is units that read none."""
    for feature in form.features:
        if isinstance(feature.origin, FromUnits):
            reads = (read for unit, _ in feature.origin.parts for read in unit.form.features)
            if any(isinstance(read.origin, FromUnits) for read in reads):
                return False
    return True


def _cost(form: Form) -> int:
    """What a form costs, in units; cells count for several."""
    made = [feature for feature in form.features if isinstance(feature.origin, FromUnits)]
    reads = {read for feature in made for unit in _units_of(feature) for read in unit.form.features}
    inner = [feature for feature in reads if isinstance(feature.origin, FromUnits)]
    return sum(len(_units_of(feature)) + CELL for feature in (*made, *inner))


def _units_of(feature: Feature) -> list[Unit]:
    return [unit for unit, _ in feature.origin.parts] if isinstance(feature.origin, FromUnits) else []


def _same(value: Atom, other: Atom) -> bool:
    return type(value) is type(other) and value == other


def _same_leaves(point: Leaves, other: Leaves) -> bool:
    return all(_same(value, other[leaf]) for leaf, value in point.items())


def _line_through(values: Sequence[Atom], function: ToInt) -> tuple[int, int] | None:
    """Slope and start of a function that is linear on integral values, whatever their kinds."""
    points: dict[int, int] = {}
    for value in values:
        if isinstance(value, str) or value != int(value):
            return None
        if points.setdefault(int(value), function(value)) != function(value):
            return None
    if len(points) < 2:
        return None
    (x0, y0), (x1, y1) = list(points.items())[:2]
    slope, remainder = divmod(y1 - y0, x1 - x0)
    start = y0 - slope * x0
    return (slope, start) if not remainder and all(y == slope * x + start for x, y in points.items()) else None
