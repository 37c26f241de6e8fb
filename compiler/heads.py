"""From selectors to attention heads."""

from __future__ import annotations

from collections.abc import Callable

from compiler.circuit import Channel, Factor, Feature, Form, FromHeads, Head
from compiler.gadgets.equality import code_functions
from compiler.gadgets.table import groups
from compiler.selectors import EQUAL, Conjunction, Relation, comparison, is_prefix, looks_ahead, terms
from compiler.valuesets import ValueSets
from rasp.errors import RaspError
from rasp.graph.expression import expression_text
from rasp.graph.nodes import Aggregate, Atom, Selector, Sop

ToInt = Callable[[Atom], int]
ToForm = Callable[[Sop, ToInt], Form]


class HeadTable:
    """The heads of a circuit; one for each conjunction and way of reading it.

    Args:
        form: how the lowering answers for a function of an s-op.
    """

    def __init__(self, values: ValueSets, form: ToForm) -> None:
        self._values = values
        self._form = form
        self._heads: dict[tuple[Conjunction, bool], Head] = {}
        self._channels: dict[tuple[Head, Form, int], Channel] = {}
        self._features: dict[tuple[object, ...], Feature] = {}

    def width(self, selector: Selector) -> Form:
        """The number of keys that each query selects."""
        return self._combined(selector, Form(constant=1), self._values.width_bound(selector), "width")

    def sum(self, selector: Selector, value: Sop, function: ToInt, label: str) -> Form:
        """The sum of ``function(value)`` over the selected keys."""
        form = self._form(value, function)
        return self._combined(selector, form, self._values.width_bound(selector) * max(abs(form.low), abs(form.high)), label)

    def looked_up(self, node: Aggregate, function: ToInt) -> Form:
        """``function`` of an aggregate that selects at most one key wherever the program is defined."""
        if node.reduction != "mean":
            raise self._values.refuse(node, f"aggregates with {node.reduction} are not compiled yet")
        head = self._head(self._only_conjunction(node), counts=False, node=node)
        form = self._form(node.value, function)
        images = [function(value) for value in self._values.of(node)]
        return Form.of(self._feature(((self._channel(head, form, function(node.default)), 1),), images, "looked up"))

    def _combined(self, selector: Selector, form: Form, bound: int, label: str) -> Form:
        parts = []
        for conjunction, coefficient in terms(selector).items():
            head = self._head(conjunction, counts=True, node=selector)
            parts.append((self._channel(head, form, 0), coefficient))
        if not parts:
            return Form()
        low = 0 if form.low >= 0 else -bound
        return Form.of(self._feature(tuple(parts), [low, bound], label))

    def _feature(self, parts: tuple[tuple[Channel, int], ...], images: list[int], label: str) -> Feature:
        key = (parts, min(images), max(images))
        if key not in self._features:
            at_bos = sum(coefficient * channel.at_bos for channel, coefficient in parts)
            self._features[key] = Feature(label, FromHeads(parts), min(images), max(images), at_bos)
        return self._features[key]

    def _channel(self, head: Head, form: Form, at_bos: int) -> Channel:
        return self._channels.setdefault((head, form, at_bos), Channel(head, form, at_bos))

    def _only_conjunction(self, node: Aggregate) -> Conjunction:
        match list(terms(node.selector).items()):
            case [(conjunction, 1)]:
                return conjunction
            case _:
                raise self._values.refuse(
                    node,
                    "an aggregate over a selector with 'or' or 'not' is not compiled yet",
                    hint="only 'and' of comparisons can select the position that a value is read from",
                )

    def _head(self, conjunction: Conjunction, counts: bool, node: Selector | Aggregate) -> Head:
        key = (conjunction, counts)
        if key not in self._heads:
            if self._values.target.causal and looks_ahead(conjunction):
                raise self._values.refuse(
                    node,
                    "this selector may look at later positions, which a causal model can't",
                    hint="compile with causal=False, or add 'and select(indices, indices, <=)'",
                )
            factors = [
                factor for relation, outcomes in self._ordered(conjunction) for factor in self._factors(relation, outcomes)
            ]
            self._heads[key] = Head(_label(conjunction), tuple(factors), counts)
        return self._heads[key]

    def _ordered(self, conjunction: Conjunction) -> list[tuple[Relation, int]]:
        """The literals that need a score, in a stable order."""
        causal = self._values.target.causal
        kept = [(r, o) for r, o in conjunction if not (causal and is_prefix(r, o) and o & EQUAL)]
        return sorted(kept, key=lambda literal: (literal[1], repr(literal[0].key), repr(literal[0].query)))

    def _factors(self, relation: Relation, outcomes: int) -> list[Factor]:
        keys, queries = self._values.of(relation.key), self._values.of(relation.query)

        def holds(key: Atom, query: Atom) -> bool:
            try:
                return relation.holds(outcomes, key, query)
            except RaspError:
                return False  # the program is undefined on inputs where these meet

        found = groups(holds, keys, queries)
        if not found:
            return []
        if outcomes == EQUAL and relation.body is None:
            common = [value for value in keys if value in queries]
            codes = code_functions(common) or [lambda value: int(value in common)]
            if common and len(codes) <= len(found):
                return [Factor(self._forms(relation.query, codes), self._forms(relation.key, codes), len(codes))]
        rejected = [_indicator(queries, group.rejected) for group in found]
        members = [_indicator(keys, group.keys) for group in found]
        negated = tuple(-form for form in self._forms(relation.query, rejected))
        return [Factor(negated, self._forms(relation.key, members), 0)]

    def _forms(self, node: Sop, functions: list[ToInt]) -> tuple[Form, ...]:
        return tuple(self._form(node, function) for function in functions)


def _label(conjunction: Conjunction) -> str:
    """What a head selects, for people."""
    parts = sorted(f"{expression_text(r.key)} {comparison(o)} {expression_text(r.query)}" for r, o in conjunction)
    return " and ".join(parts) or "everything"


def _indicator(values: tuple[Atom, ...], chosen: frozenset[int]) -> ToInt:
    members = {(type(values[index]), values[index]) for index in chosen}
    return lambda value: int((type(value), value) in members)
