"""Which values each s-op can take, over all inputs of the target. Sound, and joint over the sources of elementwise work."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping
from fractions import Fraction

from compiler.elementwise import TOKEN, Function, Operator, Source, assignments, is_token
from compiler.errors import CompileError
from compiler.gadgets.mean import how_many, means
from compiler.selectors import EQUAL, EVERYTHING, Relation, Sum, terms
from compiler.target import Target
from rasp.errors import Span
from rasp.graph.nodes import Aggregate, Atom, Input, Node, Selector, SelectorWidth, Sop

MOST_JOINT = 20_000
"""Largest number of combinations of source values that are enumerated jointly for one s-op."""

MOST_COMBINATIONS = 300_000
"""Largest number of combinations of argument values that are enumerated for one operator."""

Leaves = Mapping[Sop, Atom]


class ValueSets:
    """The value set of every s-op of a graph, computed on demand.

    Args:
        target: the inputs considered.
        spans: where each node stands in the source, for errors.
    """

    def __init__(self, target: Target, spans: Mapping[Node, Span]) -> None:
        self.target = target
        self._spans = spans
        self._sets: dict[Sop, tuple[Atom, ...]] = {}
        self._domains: dict[tuple[Source, tuple[Sop, ...]], tuple[Leaves, ...]] = {}

    def refuse(self, node: Node, message: str, hint: str | None = None) -> CompileError:
        """The error that names a node."""
        return CompileError(message, self._spans.get(node), hint=hint)

    def of(self, node: Sop) -> tuple[Atom, ...]:
        """The values of an s-op, each once (1, 1.0 and True are three values); never empty.

        Raises:
            CompileError: too many combinations, or an s-op that is undefined on every input.
        """
        known = self._sets.get(node)
        if known is None:
            found = self._aggregated(node) if isinstance(node, Aggregate) else self._computed(node)
            known = self._sets[node] = _distinct(found)
            if not known:
                raise self.refuse(node, "this is undefined on every input of the vocabulary")
        return known

    def domain(self, source: Source, leaves: Iterable[Sop]) -> tuple[Leaves, ...]:
        """Each value of a source, as the values of the leaves that stand for it."""
        conversions = tuple(leaf for leaf in leaves if isinstance(leaf, Input) and is_token(leaf)) if source is TOKEN else ()
        if (source, conversions) not in self._domains:
            self._domains[source, conversions] = self._domain(source, conversions)
        return self._domains[source, conversions]

    def _domain(self, source: Source, conversions: tuple[Input, ...]) -> tuple[Leaves, ...]:
        if source is TOKEN:
            columns = [self.target.tokens_as(leaf) for leaf in conversions]
            return tuple(dict(zip(conversions, row, strict=True)) for row in zip(*columns, strict=True))
        if isinstance(source, Input):
            return tuple({source: index} for index in range(self.target.max_length))
        if isinstance(source, SelectorWidth):
            return tuple({source: width} for width in range(self.width_bound(source.selector) + 1))
        return tuple({source: value} for value in self.of(source))

    def width_bound(self, selector: Selector) -> int:
        """The largest number of keys that one query can select."""
        return 1 if self.selects_one(selector) else self.target.max_length

    def selects_one(self, selector: Selector) -> bool:
        """Whether every query provably selects at most one key: some comparison asks for equality with a distinct key."""
        return all(self._is_injective(conjunction) for conjunction in _only_term(terms(selector)))

    def is_mean(self, node: Aggregate) -> bool:
        """Whether an aggregate may have to average: its values are numbers and a query may select several keys.

        Bools and strings are never averaged: where several are selected the program is undefined.

        Raises:
            CompileError: it may have to average numbers on some inputs, but reads strings on others.
        """
        if node.reduction != "mean" or self.selects_one(node.selector):
            return False
        values = self.of(node.value)
        strings = any(isinstance(value, str) for value in values)
        numbers = any(not isinstance(value, bool | str) for value in values)
        if strings and numbers:
            raise self.refuse(
                node,
                "this aggregates values that can be strings or numbers, and may have to average the numbers",
                hint="give aggregates of strings a string as their default",
            )
        return numbers

    def scaled_range(self, node: Aggregate) -> tuple[int, int, int]:
        """Least value, largest value and common denominator d of what is averaged, as integers over d."""
        values = [value for value in self.of(node.value) if not isinstance(value, str)]
        scale = math.lcm(*(value.denominator for value in values))
        return int(min(values) * scale), int(max(values) * scale), scale

    def _means(self, node: Aggregate) -> Iterable[Fraction]:
        low, high, scale = self.scaled_range(node)
        pairs = how_many(low, high, self.target.max_length)
        if pairs > MOST_COMBINATIONS:
            raise self.refuse(
                node,
                f"this mean can take up to {pairs:,} values, and more is done with it; the limit is {MOST_COMBINATIONS:,}",
                hint="average fewer distinct values, or compile for a smaller max_length",
            )
        return sorted(set(means(low, high, scale, self.target.max_length)))

    def _is_injective(self, conjunction: Iterable[tuple[Relation, int]] | None) -> bool:
        if conjunction is None:
            return False
        return any(
            outcomes == EQUAL and relation.body is None and self._is_distinct(relation.key) for relation, outcomes in conjunction
        )

    def _is_distinct(self, key: Sop) -> bool:
        function = Function.of(key)
        if [leaf for leaf in function.sources if not (isinstance(leaf, Input) and leaf.name == "indices")]:
            return False
        images = [function.at(leaves) for leaves in assignments({s: self.domain(s, function.leaves) for s in function.sources})]
        return len(set(images)) == self.target.max_length

    def _computed(self, node: Sop) -> Iterable[Atom]:
        """Jointly over the sources where they are few enough, else from the values of the arguments."""
        function = Function.of(node)
        domains = {source: self.domain(source, function.leaves) for source in function.sources}
        if math.prod(len(domain) for domain in domains.values()) > MOST_JOINT:
            return self._from_arguments(node)
        images = (function.at(leaves) for leaves in assignments(domains))
        return [image for image in images if image is not None]

    def _from_arguments(self, node: Sop) -> Iterable[Atom]:
        operator = Operator.of(node)
        sets = [self.of(argument) for argument in operator.arguments]
        combinations = math.prod(len(values) for values in sets)
        if combinations > MOST_COMBINATIONS:
            raise self.refuse(
                node,
                f"this combines values in {combinations:,} ways; the limit is {MOST_COMBINATIONS:,}",
                hint="a smaller vocabulary, a smaller max_length, or fewer values combined in one expression",
            )
        images = (operator.at(dict(zip(operator.arguments, values, strict=True))) for values in itertools.product(*sets))
        return [image for image in images if image is not None]

    def _aggregated(self, node: Aggregate) -> Iterable[Atom]:
        values = self.of(node.value)
        if self.is_mean(node):
            return (*values, *self._means(node), node.default)
        return (*values, node.default)


def _distinct(values: Iterable[Atom]) -> tuple[Atom, ...]:
    return tuple({(type(value), value): value for value in values}.values())


def _only_term(combination: Sum) -> list[Iterable[tuple[Relation, int]] | None]:
    """The conjunction of a selector that is one; None if it is none."""
    match list(combination.items()):
        case []:
            return []
        case [(conjunction, 1)] if conjunction != EVERYTHING:
            return [conjunction]
        case _:
            return [None]
