"""From selectors to attention heads."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

from compiler.analysis.selectors import EQUAL, GREATER, LESS, Conjunction, Relation, compares_indices, is_prefix
from compiler.analysis.valuesets import ValueSets
from compiler.circuit import Channel, Feature, Form, FromHeads, Head, Reading
from compiler.lowering.clauses import Clause, Clauses, Combination, Orders
from compiler.lowering.features import Features
from compiler.lowering.forms import Forms, ToInt, scaled
from rasp.graph.nodes import Aggregate, Selector, Sop, with_inner

LARGEST_SUM = 2**14
"""A sum that can be larger is made of digits, each summed by a channel of its own (``gadgets/count.py``)."""

MOST_CLAUSES = 256


class HeadTable:
    """The heads of a circuit; one for each set of factors and way of reading."""

    def __init__(self, values: ValueSets, features: Features, forms: Forms, orders: Orders) -> None:
        self._values = values
        self._features = features
        self._forms = forms
        self._clauses = Clauses(values, features, forms, orders)
        self._heads: dict[tuple[object, ...], Head] = {}
        self._channels: dict[tuple[Head, Form, int], Channel] = {}
        self._made: dict[tuple[object, ...], Feature] = {}
        self._combinations: dict[Selector, Combination] = {}
        self.widths: dict[Selector, Form] = {}
        self.sums: dict[tuple[Selector, Sop, tuple[int, ...]], Form] = {}

    def width(self, selector: Selector) -> Form:
        """The number of keys that each query selects."""
        if selector not in self.widths:
            self.widths[selector] = self._width(selector)
        return self.widths[selector]

    def _width(self, selector: Selector) -> Form:
        low, high = self._values.selections.width_range(selector)
        if low == high:
            return Form(constant=low)
        return self._of_index(selector) or self._summed(selector, Form(constant=1), low, high, "width")

    def _of_index(self, selector: Selector) -> Form | None:
        """How many positions are before or after this one follows from the index and the length."""
        match list(self._values.selections.terms(selector).items()):
            case [(conjunction, 1)] if len(conjunction) == 1:
                ((relation, outcomes),) = conjunction
            case _:
                return None
        if not compares_indices(relation) or outcomes in (EQUAL, LESS | GREATER):
            return None
        index = self._forms.form(relation.key, scaled)
        itself = 1 if outcomes & EQUAL else 0
        if outcomes & LESS:
            return index + itself
        everything = self._channel(self._head((), Reading.SUM, "everything"), Form(constant=1), 0)
        length = self._feature(((everything, 1),), 1, self._values.target.max_length, "width")
        return None if self._values.target.causal else Form.of(length) - index - 1 + itself

    def sum(self, selector: Selector, value: Sop, function: ToInt, label: str) -> Form:
        """The sum of ``function(value)``, of a value that can be listed, over the selected keys."""
        key = selector, value, tuple([function(listed) for listed in self._values.listed(value)])
        if key not in self.sums:

            def digit(part: Callable[[int], int]) -> Form:
                return self._forms.form(value, lambda listed: part(function(listed)))

            self.sums[key] = self._in_digits(selector, self._forms.form(value, function), digit, label)
        return self.sums[key]

    def sum_form(self, node: Sop, selector: Selector, form: Form, label: str) -> Form:
        """The sum over the selected keys of an integer of an s-op that is a form already."""

        def digit(part: Callable[[int], int]) -> Form:
            return self._features.staircase(node, form, [(k, part(k)) for k in range(form.low, form.high + 1)])

        return self._in_digits(selector, form, digit, label)

    def _in_digits(self, selector: Selector, form: Form, digit: Callable[[Callable[[int], int]], Form], label: str) -> Form:
        """The sum of a form over the selected keys; of its digits, if it is too large for one channel.

        Args:
            digit: the form of a function of the integer that is summed.
        """
        _, most = self._values.selections.width_range(selector)
        if most * max(abs(form.low), abs(form.high)) <= LARGEST_SUM:
            return self._summed(selector, form, min(0, most * form.low), max(0, most * form.high), label)
        base = max(2, math.isqrt(max(abs(form.low), abs(form.high))))
        parts = [(digit(lambda x: x // base), base), (digit(lambda x: x % base), 1)]
        return Form.total(
            self._summed(selector, part, min(0, most * part.low), max(0, most * part.high), label) * factor
            for part, factor in parts
        )

    def matches(self, relation: Relation, label: str) -> Form:
        """The number of keys for which a relation holds with each query, wherever attention sees them."""
        parts = tuple(
            (self._channel(self._head(clause, Reading.SUM, text), Form(constant=1), 0), coefficient)
            for coefficient, clause, text in self._clauses.of(relation, EQUAL, one=False)
        )
        return Form.of(self._feature(parts, 0, self._values.target.max_length, label))

    def looked_up(self, node: Aggregate, function: ToInt) -> Form:
        """``function`` of an aggregate that selects at most one key wherever the program is defined."""
        return self.looked_up_form(node, self._forms.form(node.value, function), function(node.default))

    def looked_up_form(self, node: Aggregate, form: Form, empty: int) -> Form:
        """An integer that is looked up, whose default is ``empty``."""
        low, high = min(form.low, empty), max(form.high, empty)
        combination = self._combined(node.selector)
        if len(combination) == 1 and combination[0][0] == 1 and self._values.selections.selects_one(node.selector):
            head = self._head(combination[0][1], Reading.LOOK_UP, combination[0][2])
            return Form.of(self._feature(((self._channel(head, form, empty), 1),), low, high, "looked up"))
        return self._summed(node.selector, form - empty, low - empty, high - empty, "looked up") + empty

    def nearest_mean(self, node: Aggregate, function: ToInt) -> Form | None:
        """The integer that a mean of integers is, if it is one; else a neighbour. None if that takes several heads."""
        combination = self._combined(node.selector)
        if len(combination) != 1 or combination[0][0] != 1:
            return None
        form = self._forms.form(node.value, function)
        empty = function(node.default)
        low, high = min(form.low, empty), max(form.high, empty)
        head = self._head(combination[0][1], Reading.AVERAGE, combination[0][2])
        return Form.of(self._feature(((self._channel(head, form, empty), 1),), low, high, "nearest"))

    def greatest(
        self, conjunction: Conjunction, selector: Selector, rank: Form, form: Form, at_bos: int, low: int, high: int
    ) -> Form:
        """What is read at the selected keys of greatest rank; ``at_bos`` where none is selected."""
        self._forbid_looking_ahead(conjunction, selector)
        combination = self._conjoined(conjunction, selector, one=True)
        if not combination:
            return Form(constant=at_bos)
        ((_, clause, text),) = combination
        head = self._head(clause, Reading.GREATEST, text, rank)
        return Form.of(self._feature(((self._channel(head, form, at_bos), 1),), low, high, "extreme"))

    def _summed(self, selector: Selector, form: Form, low: int, high: int, label: str) -> Form:
        if not form.terms and not form.constant:
            return Form()
        parts = tuple(
            (self._channel(self._head(clause, Reading.SUM, text), form, 0), coefficient)
            for coefficient, clause, text in self._combined(selector)
        )
        return Form.of(self._feature(parts, low, high, label)) if parts else Form()

    def _feature(self, parts: tuple[tuple[Channel, int], ...], low: int, high: int, label: str) -> Feature:
        key = (parts, low, high)
        if key not in self._made:
            at_bos = sum(coefficient * channel.at_bos for channel, coefficient in parts)
            self._made[key] = Feature(label, FromHeads(parts), low, high, at_bos)
        return self._made[key]

    def _channel(self, head: Head, form: Form, at_bos: int) -> Channel:
        return self._channels.setdefault((head, form, at_bos), Channel(head, form, at_bos))

    def _head(self, clause: Clause, reading: Reading, text: str, rank: Form | None = None) -> Head:
        key = (frozenset(clause), reading, rank)
        if key not in self._heads:
            self._heads[key] = Head(text, clause, reading, rank or Form())
        return self._heads[key]

    def _combined(self, selector: Selector) -> Combination:
        """The selector as a combination of clauses, like ones gathered."""
        if selector not in self._combinations:
            gathered: dict[frozenset[object], tuple[int, Clause, str]] = {}
            for conjunction, coefficient in self._values.selections.terms(selector).items():
                self._forbid_looking_ahead(conjunction, selector)
                for times, clause, text in self._conjoined(conjunction, selector, one=False):
                    key = frozenset(clause)
                    before = gathered.get(key, (0, clause, text))
                    gathered[key] = (before[0] + coefficient * times, before[1], before[2])
            if len(gathered) > MOST_CLAUSES:
                raise self._values.refuse(
                    selector,
                    f"this selector takes {len(gathered):,} attention heads; the limit is {MOST_CLAUSES}",
                    hint="a selector with fewer 'or', or a smaller max_length",
                )
            self._combinations[selector] = [part for part in gathered.values() if part[0]]
        return self._combinations[selector]

    def _conjoined(self, conjunction: Conjunction, selector: Selector, *, one: bool) -> Combination:
        """The product of the literals' clauses."""
        causal = self._values.target.causal
        literals = [
            self._clauses.of(relation, outcomes, one=one)
            for relation, outcomes in _in_order(conjunction, selector)
            if not (causal and is_prefix(relation, outcomes) and outcomes == LESS | EQUAL)
        ]
        return [
            (
                math.prod(coefficient for coefficient, _, _ in choice),
                tuple(factor for _, clause, _ in choice for factor in clause),
                " and ".join(text for _, clause, text in choice if clause) or "everything",
            )
            for choice in itertools.product(*literals)
        ]

    def _forbid_looking_ahead(self, conjunction: Conjunction, selector: Selector) -> None:
        if self._values.target.causal and not self._values.selections.looks_back(conjunction):
            raise self._values.refuse(
                selector,
                "this selector may look at later positions, which a causal model can't",
                hint="compile with causal=False, or add 'and select(indices, indices, <=)'",
            )


def _in_order(conjunction: Conjunction, selector: Selector) -> list[tuple[Relation, int]]:
    """The literals by what they say; where texts agree, because they are cut, by the places of their s-ops in the selector."""
    texts = {literal: (literal[1], repr(literal[0])) for literal in conjunction}
    if len(set(texts.values())) == len(texts):
        return sorted(conjunction, key=lambda literal: texts[literal])
    places = {node: place for place, node in enumerate(with_inner(selector))}

    def place(relation: Relation) -> tuple[int, int, int]:
        return places[relation.key], places[relation.query], -1 if relation.body is None else places[relation.body]

    return sorted(conjunction, key=lambda literal: (texts[literal], place(literal[0])))
