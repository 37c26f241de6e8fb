"""Functions of aggregates that take the least or the greatest selected value."""

from __future__ import annotations

from compiler.analysis.valuesets import ValueSets
from compiler.circuit import Form, Unit
from compiler.gadgets.extreme import ranks
from compiler.lowering.features import Features
from compiler.lowering.forms import Forms, ToInt
from compiler.lowering.heads import HeadTable
from rasp.graph.nodes import Aggregate


class Extremes:
    """Functions of ``min`` and ``max`` aggregates.

    One head for each conjunction of the selector; if there are several, the rank of the winner travels, and the greatest rank
    of all heads is looked up in a staircase.
    """

    def __init__(self, values: ValueSets, features: Features, heads: HeadTable, forms: Forms) -> None:
        self._values = values
        self._features = features
        self._heads = heads
        self._forms = forms

    def form(self, node: Aggregate, function: ToInt) -> Form:
        """``function`` of the extreme."""
        values = self._values.listed(node.value)
        if any(isinstance(value, bool) for value in values) and self._values.selections.width_range(node.selector)[1] > 1:
            raise self._values.refuse(
                node,
                f"a {node.reduction} over bools, an int where it is taken over several, can't be compiled",
                hint="convert bools with indicator",
            )
        rank = ranks(values, greatest=node.reduction == "max")
        if len({(type(value), value) for value in values}) > len(rank):
            raise self._values.refuse(
                node,
                f"a {node.reduction} over equal values of several kinds (1, 1.0, True) can't be compiled",
                hint="use values of one kind",
            )
        unions = self._values.selections.alternatives(node.selector)
        by_rank = self._forms.form(node.value, lambda value: rank.get(value, 0))
        empty = function(node.default)
        if len(unions) == 1:
            carried = self._forms.form(node.value, function)
            images = [empty, *(function(value) for value in values)]
            return self._heads.greatest(unions[0], node.selector, by_rank, carried, empty, min(images), max(images))
        best = Form(constant=-1)
        for conjunction in unions:
            found = self._heads.greatest(conjunction, node.selector, by_rank, by_rank, -1, -1, by_rank.high)
            best = self._greater(best, found)
        images = {place: function(value) for value, place in rank.items()}
        steps = [(-1, empty), *((place, images[place]) for place in range(len(rank)))]
        return self._features.staircase(node, best, steps)

    def _greater(self, a: Form, b: Form) -> Form:
        """The greater of two forms from -1 up."""
        if not a.terms and a.constant == -1:
            return b
        high = max(a.high, b.high)
        return self._features.from_units("greater", [(Unit(a + 1), 1), (Unit(b - a), 1)], 0, high + 1) - 1
