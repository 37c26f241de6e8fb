"""Which values each s-op can take, over all inputs of the target. Sound, and joint over the sources of elementwise work.

A set is a tuple of atoms, each once (1, 1.0 and True are three), or ``Numbers`` where there are too many to be listed.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Protocol, TypeAlias

from compiler.analysis.elementwise import TOKEN, Function, Operator, Source, assignments, is_token
from compiler.analysis.intervals import Interval, bounds
from compiler.analysis.kinds import BOOL, NO_SLOTS, Kinds, KindTable, Slots
from compiler.analysis.selections import Selections
from compiler.errors import CompileError
from compiler.gadgets.mean import how_many, means
from compiler.places import source_name
from compiler.target import Target
from rasp.errors import Span
from rasp.graph.expression import expression_text
from rasp.graph.nodes import Aggregate, Atom, Carried, Const, Input, Map, Node, Op, SelectorWidth, Sop

MOST_JOINT = 16_384
"""Largest number of combinations of source or argument values that are enumerated for one s-op."""

MOST_FLOATS = 512
"""Largest number of combinations that are enumerated for floats, which can rather be computed as ratios."""

MOST_LISTED = 65_536
"""Largest number of integers that are listed one by one."""

MOST_MEANS = 1_024
"""Largest number of pairs of a sum and a width for which the means are listed."""

Leaves = Mapping[Sop, Atom]


@dataclass(frozen=True)
class Numbers:
    """Too many numbers to be listed."""

    interval: Interval
    kinds: Kinds


Values: TypeAlias = tuple[Atom, ...] | Numbers


_OF_FLOATS = {Op.MUL, Op.DIV, Op.ADD, Op.SUB, Op.NEG, Op.POS, Op.ABS, Op.IF}


class Computed(Protocol):
    """What is known of numbers that are computed rather than listed."""

    def is_computed(self, node: Sop) -> bool:
        """Whether a number is a ratio of integers that are at hand."""
        ...

    def is_integral(self, node: Sop) -> bool:
        """Whether every value of a number is integral, though it may be a float."""
        ...

    def integral_bounds(self, node: Sop) -> tuple[int, int] | None:
        """The least and the greatest value of a number whose values are all integral."""
        ...

    def least(self, node: Sop) -> Fraction:
        """What no value of a number but 0 is smaller than in magnitude."""
        ...


class ValueSets:
    """The value set of every s-op of a graph, computed on demand.

    Args:
        target: the inputs considered.
        spans: where each node stands in the source, for errors.
        slots: what ``Carried`` nodes stand for.

    Attributes:
        computed: the ratios of the lowering that uses these sets; it sets them.
    """

    computed: Computed

    def __init__(self, target: Target, kinds: KindTable, spans: Mapping[Node, Span], slots: Slots = NO_SLOTS) -> None:
        self.target = target
        self.slots = slots
        self.kinds = kinds
        self.selections = Selections(target, spans)
        self._spans = spans
        self._names = {node: name for node, span in spans.items() if (name := source_name(span))}
        self._sets: dict[Sop, Values] = {}
        self._representatives: dict[tuple[Sop, tuple[Atom, ...]], tuple[Fraction, ...]] = {}
        self._domains: dict[tuple[Source, tuple[Sop, ...]], tuple[Leaves, ...]] = {}

    @property
    def spans(self) -> Mapping[Node, Span]:
        """Where the nodes stand in the source."""
        return self._spans

    def span(self, node: Node) -> Span | None:
        """Where a node stands in the source."""
        return self._spans.get(node)

    def text(self, node: Node) -> str:
        """A node by the name that the source gives it, or else as an expression over named nodes."""
        return self._names.get(node) or expression_text(node, self._names)

    def refuse(self, node: Node, message: str, hint: str | None = None) -> CompileError:
        """The error that names a node."""
        return CompileError(message, self._spans.get(node), hint=hint)

    def of(self, node: Sop) -> Values:
        """The values of an s-op; never empty.

        Raises:
            CompileError: too many combinations, or an s-op that is undefined on every input.
        """
        known = self._sets.get(node)
        if known is None:
            known = self._aggregated(node) if isinstance(node, Aggregate) else self._computed(node)
            self._sets[node] = known
        if not known:
            raise self.refuse(node, "this is undefined on every input of the vocabulary")
        return known

    def listed(self, node: Sop) -> tuple[Atom, ...]:
        """The values one by one.

        Raises:
            CompileError: there are too many.
        """
        values = self.of(node)
        if isinstance(values, Numbers):
            raise self.refuse(
                node,
                "this can take too many values to be told apart one by one",
                hint="round it, compare it, or compile for a smaller max_length",
            )
        return values

    def representatives(self, node: Sop, cuts: Sequence[Atom]) -> tuple[Atom, ...]:
        """The values, or if they can't be listed the cuts among them and a number between each two and beyond."""
        values = self.of(node)
        if not isinstance(values, Numbers):
            return values
        key = (node, tuple(cuts))
        if key not in self._representatives:
            self._representatives[key] = representatives(values.interval, cuts)
        return self._representatives[key]

    def interval(self, node: Sop) -> Interval:
        """Bounds of an s-op of numbers; what is no number is left out."""
        values = self.of(node)
        if isinstance(values, Numbers):
            return values.interval
        numbers = [Fraction(value) for value in values if not isinstance(value, str)]
        least = min((abs(number) for number in numbers if number), default=Fraction(1))
        return Interval(min(numbers, default=Fraction(0)), max(numbers, default=Fraction(0)), least)

    def domain(self, source: Source, leaves: Iterable[Sop]) -> tuple[Leaves, ...] | None:
        """Each value of a source, as the values of the leaves that stand for it; None if they can't be listed."""
        conversions = tuple(leaf for leaf in leaves if isinstance(leaf, Input) and is_token(leaf)) if source is TOKEN else ()
        if source is TOKEN:
            if (source, conversions) not in self._domains:
                columns = [self.target.tokens_as(leaf) for leaf in conversions]
                rows = zip(*columns, strict=True)
                points = (dict[Sop, Atom](zip(conversions, row, strict=True)) for row in rows)
                self._domains[source, conversions] = tuple(points)
            return self._domains[source, conversions]
        values = self.of(source)
        return None if isinstance(values, Numbers) else tuple({source: value} for value in values)

    def is_mean(self, node: Aggregate) -> bool:
        """Whether an aggregate may have to average: a query may select several keys, and some values are numbers.

        Bools and strings are never averaged: where several are selected the program is undefined.
        """
        if (
            node.reduction != "mean"
            or not self.kinds.of(node.value) & {int, Fraction}
            or self.selections.selects_one(node.selector)
        ):
            return False
        values = self.of(node.value)
        return isinstance(values, Numbers) or any(not isinstance(value, bool | str) for value in values)

    # Elementwise

    def _computed(self, node: Sop) -> Values:
        """Jointly over the sources where they are few enough, else from the values of the arguments, else by bounds."""
        match node:
            case SelectorWidth(selector=selector):
                low, high = self.selections.width_range(selector)
                return tuple(range(low, high + 1))
            case Input(name="indices"):
                return tuple(range(self.target.max_length))
            case Input():
                return distinct(self.target.tokens_as(node))
            case Const(value=value):
                return (value,)
            case Carried(index=slot):
                return self.slots[slot].values
        for find in (self._integral, self._jointly):
            values = find(node)
            if values is not None:
                return values
        return self._from_arguments(node)

    def _integral(self, node: Sop) -> Values | None:
        """What floats can be that are provably integral, such as ``length * aggregate(full_s, x)``."""
        if not (isinstance(node, Map) and node.op in _OF_FLOATS and self.kinds.is_number(node)):
            return None
        if Fraction not in self.kinds.of(node) or not all(map(self.kinds.is_number, node.args)):
            return None
        bounds_of = self.computed.integral_bounds(node)
        interval = None if bounds_of is None else self._interval(node)
        if bounds_of is None or interval is None:
            return None
        low, high = max(interval.low, Fraction(bounds_of[0])), min(interval.high, Fraction(bounds_of[1]))
        return self._numbers(Interval(low, high), self.kinds.of(node), True, node)

    def _jointly(self, node: Sop) -> Values | None:
        function = Function.of(node)
        size = 1
        most = MOST_FLOATS if Fraction in self.kinds.of(node) and self.kinds.is_number(node) else MOST_JOINT
        for source in function.sources:
            values = self.target.vocab if source is TOKEN else self.of(source)
            if isinstance(values, Numbers):
                return None
            size *= len(values)
            if size > most:
                return None
        domains = {source: self.domain(source, function.leaves) or () for source in function.sources}
        images = (function.at(leaves) for leaves in assignments(domains))
        return distinct(image for image in images if image is not None)

    def _from_arguments(self, node: Sop) -> Values:
        operator = Operator.of(node)
        sets = [self.of(argument) for argument in operator.arguments]
        listed = [values for values in sets if isinstance(values, tuple)]
        combinations = math.prod(len(values) for values in listed)
        is_ratio = Fraction in self.kinds.of(node) and self.computed.is_computed(node)
        chosen = self._either(node)
        if chosen is not None:
            return chosen
        if len(listed) == len(sets) and combinations <= (MOST_FLOATS if is_ratio else MOST_JOINT):
            every = itertools.product(*listed)
            images = (operator.at(dict(zip(operator.arguments, values, strict=True))) for values in every)
            return distinct(image for image in images if image is not None)
        cut = self._of_one_number(operator, sets)
        if cut is not None:
            return cut
        if self.kinds.of(node) == BOOL:
            return (False, True)
        return self._bounded(node, combinations)

    def _either(self, node: Sop) -> Values | None:
        """A choice has the values of both sides."""
        match node:
            case Map(op=Op.IF, args=(_, then, otherwise)):
                one, other = self.of(then), self.of(otherwise)
                if isinstance(one, tuple) and isinstance(other, tuple):
                    return distinct((*one, *other))
        return None

    def _of_one_number(self, operator: Operator, sets: Sequence[Values]) -> Values | None:
        """What an operator that only compares makes of one number that can't be listed."""
        cuts = operator.cuts(self.interval(operator.arguments[0])) if len(operator.arguments) == 1 else None
        if cuts is None or not isinstance(sets[0], Numbers):
            return None
        points = representatives(sets[0].interval, cuts)
        images = (operator.at({operator.arguments[0]: point}) for point in points)
        return distinct(image for image in images if image is not None)

    def _bounded(self, node: Sop, combinations: int) -> Values:
        kinds = self.kinds.of(node)
        interval = self._interval(node) if self.kinds.is_number(node) else None
        if interval is None and combinations <= MOST_JOINT:
            hint = "what it divides by may come arbitrarily close to 0, or an exponent is too large"
            raise self.refuse(node, "no bound of this number is known", hint=hint)
        if interval is None:
            raise self.refuse(
                node,
                f"this combines values in {combinations:,} ways or more; the limit is {MOST_JOINT:,}",
                hint="a smaller vocabulary, a smaller max_length, or fewer values combined in one expression",
            )
        return self._numbers(interval, kinds, kinds <= {bool, int} or self.computed.is_integral(node), node)

    def _numbers(self, interval: Interval, kinds: Kinds, integral: bool, node: Sop) -> Values:
        low, high = math.ceil(interval.low), math.floor(interval.high)
        if not integral or high - low >= MOST_LISTED:
            least = Fraction(1) if integral else max(interval.least, self.computed.least(node))
            return Numbers(Interval(interval.low, interval.high, least), kinds)
        listed: list[Atom] = []
        for kind in sorted(kinds, key=lambda kind: kind.__name__):
            listed += [kind(k) for k in range(max(low, 0), min(high, 1) + 1)] if kind is bool else map(kind, range(low, high + 1))
        return tuple(listed)

    def _interval(self, node: Sop) -> Interval | None:
        match node:
            case Map(op=Op.IF, args=(_, then, otherwise)):
                return self.interval(then).join(self.interval(otherwise))
            case Map(op=op, args=args) if all(self.kinds.is_number(arg) for arg in args):
                return bounds(op, [self.interval(arg) for arg in args])
            case _:
                return None

    # Aggregates

    def _aggregated(self, node: Aggregate) -> Values:
        values = self.of(node.value)
        default = () if self.selections.width_range(node.selector)[0] else (node.default,)
        if isinstance(values, Numbers):
            if isinstance(node.default, str):
                raise self.refuse(node, "this can be a number that can't be listed, or a string", hint="use a number as default")
            interval = replace(values.interval, least=self._least_of(node, values.interval))
            return self._with_default(interval, default, node)
        if node.reduction != "mean" and self.selections.width_range(node.selector)[1] > 1:
            values = (*values, *(int(value) for value in values if isinstance(value, bool)))  # of several bools
        if not self.is_mean(node):
            return distinct((*values, *default))
        low, high, scale = self.scaled_range(node)
        if how_many(low, high, self.target.max_length) <= MOST_MEANS:
            averages = sorted(set(means(low, high, scale, self.target.max_length)))
            return distinct((*values, *averages, *default))
        if any(isinstance(value, str) for value in (*values, *default)):
            raise self.refuse(node, "this can be a mean that can't be listed, or a string", hint="aggregate numbers only")
        least = Fraction(1, scale * self.target.max_length)
        return self._with_default(Interval(Fraction(low, scale), Fraction(high, scale), least), default, node)

    def _least_of(self, node: Aggregate, values: Interval) -> Fraction:
        """What no aggregate of such numbers but 0 is smaller than in magnitude."""
        if not self.is_mean(node):
            return values.least
        if values.low >= 0 or values.high <= 0:
            return values.least / self.target.max_length
        integral = self.kinds.of(node.value) <= {bool, int} or self.computed.is_integral(node.value)
        return Fraction(int(integral), self.target.max_length)  # other numbers may nearly cancel

    def _with_default(self, interval: Interval, default: Sequence[Atom], node: Aggregate) -> Numbers:
        for value in default:
            interval = interval if isinstance(value, str) else interval.including(Fraction(value))
        return Numbers(interval, self.kinds.of(node))

    def scaled_range(self, node: Aggregate) -> tuple[int, int, int]:
        """Least value, largest value and common denominator d of what is averaged, as integers over d; bools are ints there."""
        values = [value for value in self.listed(node.value) if not isinstance(value, str)]
        scale = math.lcm(*(value.denominator for value in values))
        return int(min(values) * scale), int(max(values) * scale), scale


def representatives(interval: Interval, cuts: Sequence[Atom]) -> tuple[Fraction, ...]:
    """The cuts inside an interval, and a number in each part that they leave."""
    inside = sorted({Fraction(cut) for cut in cuts if not isinstance(cut, str) and interval.low <= cut <= interval.high})
    if not inside:
        return (interval.low,)
    points = [interval.low] if interval.low < inside[0] else []
    for cut, after in itertools.pairwise(inside):
        points += [cut, (cut + after) / 2]
    points.append(inside[-1])
    if inside[-1] < interval.high:
        points.append(interval.high)
    return tuple(points)


def distinct(values: Iterable[Atom]) -> tuple[Atom, ...]:
    """Each value once; equal values of unlike kinds are several."""
    return tuple({(type(value), value): value for value in values}.values())
