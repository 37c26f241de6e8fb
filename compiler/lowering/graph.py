"""From the s-op graph to the circuit: every value becomes a form, every selector a few heads.

``form(node, f)`` is the one question: the integer f(value) at each position, as a form. Functions of the token or of the
index alone are embeddings; a function of an aggregate that looks one value up travels through the head, because the head
can as well carry the function of the value; a function of a count is a staircase of units. For the rest there are several
constructions, and the one that is ready first, then the one with the fewest units, is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from compiler.analysis.elementwise import TOKEN, Function, Operator
from compiler.analysis.valuesets import Numbers, ValueSets
from compiler.circuit import Form, FromPosition, FromToken, FromUnits, made_for
from compiler.errors import CompileError
from compiler.gadgets.mean import at_cuts
from compiler.lowering.clauses import Orders
from compiler.lowering.constructions import Constructions, line_through
from compiler.lowering.extremes import Extremes
from compiler.lowering.features import Embeddings, Features
from compiler.lowering.forms import ToInt, scaled
from compiler.lowering.heads import HeadTable
from compiler.lowering.means import Means
from compiler.lowering.ratios import Ratios
from compiler.lowering.tabulation import CELL, MOST_ROWS, Tabulation
from compiler.scores import EXACT, table_bound
from rasp.graph.nodes import Aggregate, Atom, Carried, Input, SelectorWidth, Sop

MOST_WORK = 3_000_000
"""Largest number of table entries of a whole program; it bounds the time that a refusal takes."""

Image: TypeAlias = Callable[[Atom | None], int]
"""A function of the value, or of None where the program is undefined."""

PassedOn: TypeAlias = tuple[Sop, tuple[Atom, ...], Callable[[Atom], Atom | None]]


class Lowering:
    """Builds one circuit. Equal requests share features, and equal selectors share heads.

    The parts and the lowering need each other, since an s-op is lowered by lowering what it reads: the parts know it as
    ``Forms``. In the same way value sets and ratios need each other: bounds of a number follow from the integers it is made of.
    """

    def __init__(self, values: ValueSets, orders: Orders, embeddings: Embeddings | None = None) -> None:
        self.values = values
        self.target = values.target
        self.features = Features(values, embeddings or Embeddings())
        self.heads = HeadTable(values, self.features, self, orders)
        self.ratios = values.computed = Ratios(values, self.features, self.heads, self)
        self.means = Means(values, self.features, self.heads, self.ratios)
        self._extremes = Extremes(values, self.features, self.heads, self)
        self._constructions = Constructions(values, self.features, self.ratios, self)
        self._tabulation = Tabulation(values, self.features, self.heads, self.ratios, self)
        self._forms: dict[tuple[object, ...], Form] = {}
        self._places: dict[Sop, tuple[dict[tuple[type, Atom], int], dict[Atom, int]]] = {}
        self._passed_on: dict[Sop, PassedOn | None] = {}
        self._work = 0

    @property
    def forms(self) -> Mapping[tuple[Any, ...], Form]:
        """What was asked for: an s-op, the images of its values, and the cuts if the values can't be listed."""
        return self._forms

    def number(self, node: Sop) -> Form:
        """The value of an s-op whose values are all integral numbers."""
        return self.form(node, scaled)

    def truth(self, node: Sop) -> Form:
        """1 where an s-op is truthy, else 0."""
        return self.form(node, lambda value: int(bool(value)), (Fraction(0),))

    def form(self, node: Sop, function: ToInt, cuts: Sequence[Atom] | None = None) -> Form:
        """The integer ``function(value)`` at every position.

        Args:
            cuts: the numbers between which the function is constant; without them the values must be listed one by one.

        Raises:
            CompileError: no construction covers the expression, or it has too many values.
        """
        values = self.values.listed(node) if cuts is None else self.values.representatives(node, cuts)
        images = tuple([function(value) for value in values])
        if isinstance(self.values.of(node), tuple):
            return self.imaged(node, images)
        if len(set(images)) == 1:
            return Form(constant=images[0])
        cuts = tuple(cuts or ())
        key = (node, images, cuts)
        if key not in self._forms:
            with made_for(self.values.span(node)):
                self._forms[key] = self._lower(node, function, cuts)
        return self._forms[key]

    def imaged(self, node: Sop, images: tuple[int, ...]) -> Form:
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

    def integer(self, node: Sop) -> tuple[Form, Form] | None:
        """A form that is the value of a number where that is an integer, and one that is 1 there and else 0."""
        return self.ratios.integer(node)

    def undefined(self, node: Sop) -> Form:
        """1 where an operator, or one of those that it reads, is undefined, else 0.

        Raises:
            CompileError: it combines values in too many ways.
        """
        return self._of_source(node, lambda value: int(value is None)) or self._tabulation.undefined(node)

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
            return self.ratios.arithmetic.piecewise(node, self.ratios.of(node), at_cuts(numbers, edges, function))
        match node:
            case Carried():
                return self._of_slot(node, function)
            case Aggregate():
                return self.heads.looked_up(node, function)
            case SelectorWidth(selector=selector):
                x = self.heads.width(selector)
                return self.features.staircase(node, x, [(width, function(width)) for width in values if isinstance(width, int)])
        image = _where_defined(function)
        return self._of_source(node, image) or self._through_only_argument(node, image) or self._cheapest(node, function)

    def _of_slot(self, node: Carried, function: ToInt) -> Form:
        """A function of the number in a slot; a linear one is there already."""
        x, values = self.features.slot(node.index), self.values.slots[node.index].values
        line = line_through(values, function)
        if line is not None:
            return x * line[0] + line[1]
        return self.features.staircase(node, x, [(int(value), function(value)) for value in values])

    def _of_source(self, node: Sop, image: Image) -> Form | None:
        """A function of one source that can be listed, from that source."""
        function = Function.of(node)
        match function.sources:
            case (Input() as source,):
                domain = self.values.domain(source, function.leaves) or ()
                points = tuple(image(function.at(leaves)) for leaves in domain)
                return self.features.embedding(FromToken(points) if source is TOKEN else FromPosition(points))
            case (source,) if not isinstance(self.values.of(source), Numbers):
                return self.form(source, lambda value: image(function.at({source: value})))
            case _:
                return None

    def _through_only_argument(self, node: Sop, image: Image) -> Form | None:
        """A function of an operator with one argument that varies is a function of that argument."""
        if node not in self._passed_on:
            self._passed_on[node] = self._pass_on(node)
        passed_on = self._passed_on[node]
        if passed_on is None:
            return None
        argument, cuts, results = passed_on
        return self.form(argument, lambda value: image(results(value)), cuts)

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
        """Of the constructions that are exact the one that is ready first, and of these the cheapest."""
        best: Form | None = None
        refusal: CompileError | None = None
        for construct in self._constructions.in_order:
            try:
                made = construct(node, function)
            except CompileError as error:
                refusal = error
                continue
            if made is not None and (best is None or _price(made) < _price(best)):
                best = made
            if best is not None and _is_first_hand(best) and not _is_too_large(best):
                return best  # nothing is ready sooner
        frontier = self._tabulation.frontier(node)
        if frontier is None:
            if best is not None:
                return best
            raise refusal or self.values.refuse(
                node,
                f"this combines values in more than {MOST_ROWS:,} ways",
                hint="compare or round before combining, or compile for a smaller vocabulary or max_length",
            )
        if best is not None and (False, *self._tabulation.estimate(frontier)) >= _price(best):
            return best
        made = self._tabulation.form(node, frontier, function)
        return best if best is not None and _price(best) < _price(made) else made


def _where_defined(function: ToInt) -> Image:
    """The function, and 0 where the program is undefined."""
    return lambda value: 0 if value is None else function(value)


def _is_first_hand(form: Form) -> bool:
    """Whether nothing could be ready sooner: it reads no units, or is units that read none."""
    for feature in form.features:
        if isinstance(feature.origin, FromUnits):
            reads = (read for unit, _ in feature.origin.parts for read in unit.form.features)
            if any(isinstance(read.origin, FromUnits) for read in reads):
                return False
    return True


def _price(form: Form) -> tuple[bool, int, int]:
    """Whether a form adds up too large numbers, when it is ready, and what it costs in units; cells count for several."""
    return _is_too_large(form), form.ready, sum(len(origin.parts) + CELL for origin in _tables(form))


def _is_too_large(form: Form) -> bool:
    return any(table_bound(origin) >= EXACT for origin in _tables(form))


def _tables(form: Form) -> list[FromUnits]:
    """The units that make a form, and those that make what these read."""
    made = [feature.origin for feature in form.features if isinstance(feature.origin, FromUnits)]
    reads = dict.fromkeys(read for origin in made for unit, _ in origin.parts for read in unit.form.features)
    return [*made, *(read.origin for read in reads if isinstance(read.origin, FromUnits))]
