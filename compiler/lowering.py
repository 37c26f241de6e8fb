"""From the s-op graph to the circuit: every value becomes a form, every selector a few heads.

``form(node, f)`` is the one question: the integer f(value) at each position, as a form. Functions of the token or of the
index alone are embeddings; a function of an aggregate that looks one value up travels through the head, because the head
can as well carry the function of the value; a function of a count is a staircase of units; the rest is split into sums,
comparisons of integers, and gated tables.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from compiler.circuit import Circuit, Feature, Form, FromPosition, FromToken, FromUnits, IsBos, Unit
from compiler.decode import Choice, Decoder, Mean, Number
from compiler.elementwise import TOKEN, Function, Operator, Source
from compiler.gadgets.equality import code_bit, code_length
from compiler.gadgets.mean import thresholds
from compiler.gadgets.staircase import staircase
from compiler.heads import HeadTable
from compiler.tables import Axis, Scalar, Table, size
from compiler.valuesets import Leaves, ValueSets
from rasp import atoms
from rasp.graph.nodes import Aggregate, Atom, Input, Map, Op, SelectorWidth, Sop

MOST_UNITS = 60_000
"""Largest number of ReLU units for one table."""

MOST_WORK = 1_500_000
"""Largest number of table entries of a whole program; it bounds the time that a refusal takes."""

MOST_ROWS = 4_096
"""Largest number of combinations that one table goes through, a count aside."""

MOST_INDICATORS = 8
"""An integer with more values than this is run over by a staircase where a table takes one, not told apart by indicators."""

ToInt = Callable[[Atom], int]


class Lowering:
    """Builds one circuit. Equal requests share features, and equal selectors share heads."""

    def __init__(self, values: ValueSets) -> None:
        self.values = values
        self.target = values.target
        self.bos = Feature("BOS", IsBos(), 0, 0, at_bos=1)
        self.heads = HeadTable(values, self.form)
        self._forms: dict[tuple[Sop, tuple[int, ...]], Form] = {}
        self._work = 0
        self._tables: dict[Sop, Table[Leaves] | Table[Atom]] = {}
        self._embedded: dict[FromToken | FromPosition, Feature] = {}

    def circuit(self, root: Sop) -> tuple[Circuit, Decoder]:
        """The circuit whose outputs a decoder turns into the values of the root."""
        if isinstance(root, Aggregate) and self.values.is_mean(root):
            outputs, decoder = self._mean(root)
        else:
            outputs, decoder = self._finite(root)
        return Circuit(self.bos, tuple(outputs)), decoder

    # What leaves the model

    def _finite(self, root: Sop) -> tuple[list[Form], Decoder]:
        values = self.values.of(root)
        if all(isinstance(value, int) and not isinstance(value, bool) for value in values):
            return [self.number(root)], Number()
        bits = [
            self.form(root, lambda value, b=b: code_bit(_position(values, value), b)) for b in range(code_length(len(values)))
        ]
        logits = [Form.total(bit * code_bit(v, b) for b, bit in enumerate(bits)) for v in range(len(values))]
        return logits, Choice(values)

    def _mean(self, root: Aggregate) -> tuple[list[Form], Decoder]:
        kinds = {type(value) for value in self.values.of(root.value)}
        if len(kinds) > 1 or bool in kinds:
            raise self.values.refuse(
                root, "a mean over values of several kinds can't be compiled", hint="use numbers of one kind"
            )
        total, width, scale = self._sum_and_width(root)
        return [total, width], Mean(root.default, scale, int in kinds)

    def _sum_and_width(self, node: Aggregate) -> tuple[Form, Form, int]:
        """A mean as a pair of integers, with the denominator that the sum is over."""
        low, high, scale = self.values.scaled_range(node)
        width = self.heads.width(node.selector)
        if low == high:
            return width * low, width, scale
        return self.heads.sum(node.selector, node.value, lambda value: _scaled(value, scale), "sum"), width, scale

    # Forms

    def number(self, node: Sop) -> Form:
        """The value of an s-op whose values are all ints or bools."""
        return self.form(node, int)

    def form(self, node: Sop, function: ToInt) -> Form:
        """The integer ``function(value)`` at every position.

        Raises:
            CompileError: no construction covers the expression.
        """
        values = self.values.of(node)
        images = tuple(function(value) for value in values)
        if len(set(images)) == 1:
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
            self._forms[key] = self._lower(node, _tabulated(values, images), images)
        return self._forms[key]

    def _lower(self, node: Sop, function: ToInt, images: tuple[int, ...]) -> Form:
        elementwise = Function.of(node)
        match elementwise.sources:
            case (source,):
                return self._of_source(node, source, elementwise, function, images)
        return (
            self._through_only_argument(node, function)
            or self._linear(node, function)
            or self._comparison(node, function)
            or self._of_integer(node, function)
            or self._table(node, elementwise, function)
        )

    def _of_source(self, node: Sop, source: Source, elementwise: Function, function: ToInt, images: tuple[int, ...]) -> Form:
        def image(leaves: dict[Sop, Atom]) -> int | None:
            value = elementwise.at(leaves)
            return None if value is None else function(value)

        domain = self.values.domain(source, elementwise.leaves)
        match source:
            case Input():
                points = tuple(image(dict(leaves)) or 0 for leaves in domain)
                origin = FromToken(points) if source is TOKEN else FromPosition(points)
                return Form.of(self._embedding(origin))
            case Aggregate() if self.values.is_mean(source):
                return self._of_mean(node, source, lambda value: image({source: value}) or 0)
            case Aggregate():
                return self.heads.looked_up(source, lambda value: image({source: value}) or 0)
            case SelectorWidth():
                x = self.heads.width(source.selector)
                return self._staircase(node, x, [image(dict(leaves)) for leaves in domain], 0)

    def _of_mean(self, node: Sop, mean: Aggregate, function: ToInt) -> Form:
        """A function of a mean: of the width if all averaged values are equal, else a few thresholds of sum and width."""
        low, high, scale = self.values.scaled_range(mean)
        if low == high:
            value = Fraction(low, scale)
            one = self._image_of_one(node, mean, value, function)
            points = [function(mean.default), one, *[function(value)] * (self.target.max_length - 1)]
            return self._staircase(node, self.heads.width(mean.selector), points[: self.target.max_length + 1], 0)
        values = sorted({Fraction(v) for v in self.values.of(mean) if not isinstance(v, str)} - self._only_default(mean))
        total, width, _ = self._sum_and_width(mean)
        units, none_adds = self._of_one(node, mean, total, width, function)
        for threshold, change in thresholds(values, function):
            x = total * threshold.denominator - width * (threshold.numerator * scale)
            units += [(Unit(x), change), (Unit(x - 1), -change)]
        least = function(values[0])
        units.append((Unit(Form(constant=1) - width), function(mean.default) - least - none_adds))
        images = [function(value) - least for value in (*values, mean.default)]
        return Form.of(Feature("of a mean", FromUnits(tuple(units)), min(images), max(images))) + least

    def _of_one(
        self, node: Sop, mean: Aggregate, total: Form, width: Form, function: ToInt
    ) -> tuple[list[tuple[Unit, int]], int]:
        """Units for what a function gives more on one selected value than on a float of the same value: it may be an int.

        Returns:
            the units, and what they add where no position is selected.
        """
        low, high, scale = self.values.scaled_range(mean)
        more: list[int | None] = []
        for scaled in range(low, high + 1):
            image = self._image_of_one(node, mean, Fraction(scaled, scale), function)
            more.append(None if image is None else image - function(Fraction(scaled, scale)))
        if not any(more):
            return [], 0
        stairs = staircase(low, more)
        bound = max(1, 2 * high - low)
        single = [(Unit(Form(constant=2) - width), stairs.start), (Unit(Form(constant=1) - width), -2 * stairs.start)]
        bends = [(at, change) for at, change in ((low, stairs.slope), *stairs.bends) if change]
        gated = [(Unit(total - at - (width - 1) * bound), change) for at, change in bends]
        return single + gated, sum(change * max(0, bound - at) for at, change in bends)

    def _image_of_one(self, node: Sop, mean: Aggregate, value: Fraction, function: ToInt) -> int | None:
        """What a function makes of one selected value, which keeps its kind; None if no averaged value equals it."""
        images = {function(known) for known in self.values.of(mean.value) if not isinstance(known, str) and known == value}
        if len(images) > 1:
            raise self.values.refuse(
                node,
                f"this treats the averaged values {float(value):g} of several kinds (int, float or bool) differently",
                hint="average numbers of one kind",
            )
        return images.pop() if images else None

    def _only_default(self, mean: Aggregate) -> set[Fraction]:
        """The default as a number, if no mean can equal it."""
        low, high, scale = self.values.scaled_range(mean)
        default = mean.default
        if isinstance(default, str) or Fraction(low, scale) <= default <= Fraction(high, scale):
            return set()
        return {Fraction(default)}

    def _embedding(self, origin: FromToken | FromPosition) -> Feature:
        if origin not in self._embedded:
            label = "token" if isinstance(origin, FromToken) else "index"
            self._embedded[origin] = Feature(label, origin, min(origin.values), max(origin.values))
        return self._embedded[origin]

    def _staircase(self, node: Sop, x: Form, points: Sequence[int | None], low: int) -> Form:
        """The function of an integer form that takes the given values at low, low + 1, …"""
        stairs = staircase(low, points)
        if len(stairs.bends) > MOST_UNITS:
            raise self._too_many_units(node, len(stairs.bends))
        linear = (x - low) * stairs.slope + stairs.start
        if not stairs.bends:
            return linear
        known = [point for point in points if point is not None]
        units = tuple((Unit(x - at), change) for at, change in stairs.bends)
        # The units make up the difference between the function and its linear part.
        parts = [p - (stairs.start + stairs.slope * (k)) for k, p in enumerate(points) if p is not None]
        return linear + Form.of(Feature(f"table of {len(known)}", FromUnits(units), min(parts), max(parts)))

    def _through_only_argument(self, node: Sop, function: ToInt) -> Form | None:
        """A function of an operator with one argument that varies is a function of that argument."""
        operator = Operator.of(node)
        if len(operator.arguments) != 1:
            return None
        (argument,) = operator.arguments

        def image(value: Atom) -> int:
            result = operator.at({argument: value})
            return 0 if result is None else function(result)

        return self.form(argument, image)

    def _linear(self, node: Sop, function: ToInt) -> Form | None:
        """A linear function of a sum of integers is free."""
        line = _line_through(self.values.of(node), function)
        if line is None or not isinstance(node, Map) or not all(self._is_integer(arg) for arg in node.args):
            return None
        slope, start = line
        match node.op, [self.number(arg) for arg in node.args]:
            case Op.ADD, [left, right]:
                return (left + right) * slope + start
            case Op.SUB, [left, right]:
                return (left - right) * slope + start
            case _:
                return None

    def _of_integer(self, node: Sop, function: ToInt) -> Form | None:
        """Any function of a sum of integers is a staircase over the range of the sum."""
        if not (isinstance(node, Map) and node.op in (Op.ADD, Op.SUB) and self._is_integer(node)):
            return None
        if not all(self._is_integer(arg) for arg in node.args):
            return None
        x = self.number(node)
        possible = {int(value) for value in self.values.of(node) if isinstance(value, int)}
        return self._staircase(node, x, [function(k) if k in possible else None for k in range(x.low, x.high + 1)], x.low)

    def _comparison(self, node: Sop, function: ToInt) -> Form | None:
        """A comparison of integers is a threshold of their difference."""
        match node:
            case Map(op=Op.EQ | Op.NE | Op.LT | Op.LE | Op.GT | Op.GE as op, args=(left, right)) if self._is_integer(
                left
            ) and self._is_integer(right):
                x = self.number(left) - self.number(right)
                return self._staircase(node, x, [function(atoms.apply(op, k, 0)) for k in range(x.low, x.high + 1)], x.low)
            case _:
                return None

    def _is_integer(self, node: Sop) -> bool:
        return all(isinstance(value, int) for value in self.values.of(node))

    def _table(self, node: Sop, elementwise: Function, function: ToInt) -> Form:
        if node not in self._tables:
            self._tables[node] = self._written_out(node, elementwise)
        table = self._tables[node].gated(function, MOST_UNITS)
        if isinstance(table, int):
            raise self._too_many_units(node, table)
        return table

    def _written_out(self, node: Sop, elementwise: Function) -> Table[Leaves] | Table[Atom]:
        """A table over the sources, which takes one layer, or if that is too large over the operator's arguments."""
        counts = [source for source in elementwise.sources if isinstance(source, SelectorWidth)]
        count = max(counts, key=lambda source: self.values.width_bound(source.selector), default=None)
        axes = [self._source_axis(source, elementwise) for source in elementwise.sources if source is not count]
        if size(axes) > MOST_ROWS:
            return self._over_arguments(node)
        scalar = None
        if count is not None:
            scalar = Scalar(self.heads.width(count.selector), 0, self.values.domain(count, elementwise.leaves))
        return Table.of(
            axes, scalar, lambda points: elementwise.at({leaf: atom for point in points for leaf, atom in point.items()})
        )

    def _over_arguments(self, node: Sop) -> Table[Atom]:
        operator = Operator.of(node)
        arguments = operator.arguments
        run = next((a for a in arguments if self._is_integer(a) and len(self.values.of(a)) > MOST_INDICATORS), None)
        told_apart = [argument for argument in arguments if argument is not run]
        axes = [self._argument_axis(argument) for argument in told_apart]
        if size(axes) > MOST_ROWS:
            raise self.values.refuse(
                node,
                f"this combines values in {size(axes):,} ways; the limit is {MOST_ROWS:,}",
                hint="compare or round before combining, or compile for a smaller vocabulary or max_length",
            )
        order = told_apart if run is None else [*told_apart, run]
        scalar = None if run is None else self._run(run)
        return Table.of(axes, scalar, lambda points: operator.at(dict(zip(order, points, strict=True))))

    def _source_axis(self, source: Source, elementwise: Function) -> Axis[Leaves]:
        domain = self.values.domain(source, elementwise.leaves)
        points = list({tuple((type(atom), atom) for atom in point.values()): point for point in domain}.values())
        if source is not TOKEN:
            return Axis(points, lambda point: self._indicator(source, point[source]))

        def indicator(point: Leaves) -> Form:
            return Form.of(self._embedding(FromToken(tuple(int(_same_leaves(other, point)) for other in domain))))

        return Axis(points, indicator)

    def _argument_axis(self, argument: Sop) -> Axis[Atom]:
        return Axis(self.values.of(argument), lambda point: self._indicator(argument, point))

    def _indicator(self, node: Sop, wanted: Atom) -> Form:
        return self.form(node, lambda value: int(_same(value, wanted)))

    def _run(self, argument: Sop) -> Scalar[Atom]:
        x = self.number(argument)
        kinds = {int(value): value for value in self.values.of(argument) if isinstance(value, int)}
        return Scalar(x, x.low, [kinds.get(k) for k in range(x.low, x.high + 1)])

    def _too_many_units(self, node: Sop, units: int) -> Exception:
        return self.values.refuse(
            node,
            f"the table of this expression needs more than {MOST_UNITS:,} units ({units:,})",
            hint="a smaller vocabulary or max_length",
        )


def _same(value: Atom, other: Atom) -> bool:
    return type(value) is type(other) and value == other


def _same_leaves(point: Leaves, other: Leaves) -> bool:
    return all(_same(value, other[leaf]) for leaf, value in point.items())


def _tabulated(values: tuple[Atom, ...], images: tuple[int, ...]) -> ToInt:
    """The function by its table; 0 for what is no value of the s-op and so never occurs where the program is defined."""
    table = {(type(value), value): image for value, image in zip(values, images, strict=True)}
    return lambda value: table.get((type(value), value), 0)


def _position(values: tuple[Atom, ...], value: Atom) -> int:
    return next(index for index, known in enumerate(values) if _same(known, value))


def _scaled(value: Atom, scale: int) -> int:
    assert not isinstance(value, str)
    return int(value * scale)


def _line_through(values: tuple[Atom, ...], function: ToInt) -> tuple[int, int] | None:
    """Slope and start of a function that is linear on integer values."""
    points = {int(value): function(value) for value in values if isinstance(value, int)}
    if len(points) < 2 or not all(isinstance(value, int) for value in values):
        return None
    (x0, y0), (x1, y1) = list(points.items())[:2]
    slope, remainder = divmod(y1 - y0, x1 - x0)
    start = y0 - slope * x0
    return (slope, start) if not remainder and all(y == slope * x + start for x, y in points.items()) else None
