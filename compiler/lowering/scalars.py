"""Which s-ops a table can run over without indicators: those that one integer form decides."""

from __future__ import annotations

from dataclasses import dataclass

from compiler.analysis.elementwise import Function
from compiler.analysis.valuesets import Numbers, ValueSets
from compiler.circuit import Form
from compiler.gadgets.staircase import clip
from compiler.lowering.heads import HeadTable
from compiler.lowering.ratios import Ratios
from compiler.lowering.tables import Scalar
from rasp import atoms
from rasp.graph.nodes import Atom, Map, SelectorWidth, Sop


@dataclass(frozen=True)
class Scalars:
    """Finds the integer that decides an s-op."""

    values: ValueSets
    heads: HeadTable
    ratios: Ratios

    def of(self, node: Sop) -> Scalar[Atom] | None:
        """A count, the difference of a comparison, or an integer itself."""
        return self._of_count(node) or self._of_comparison(node) or self._of_integer(node)

    def _of_count(self, node: Sop) -> Scalar[Atom] | None:
        elementwise = Function.of(node)
        match elementwise.sources:
            case (SelectorWidth(selector=selector) as count,):
                widths = self.values.listed(count)
                images = [(int(width), elementwise.at({count: width})) for width in widths if isinstance(width, int)]
                steps = [(width, image) for width, image in images if image is not None]
                return _scalar(self.heads.width(selector), steps)
            case _:
                return None

    def _of_comparison(self, node: Sop) -> Scalar[Atom] | None:
        x = self.ratios.difference(node)
        if x is None or not isinstance(node, Map):
            return None
        numbered = clip([(x.low, 0), (0, 1), (1, 2)], x.low)
        outcomes = [atoms.apply(node.op, sign, 0) for sign in (-1, 0, 1)]
        return Scalar(x, [(at, outcomes[number]) for at, number in numbered])

    def _of_integer(self, node: Sop) -> Scalar[Atom] | None:
        values = self.values.of(node)
        ratio = None if isinstance(values, Numbers) else self.ratios.structural(node)
        if isinstance(values, Numbers) or ratio is None or ratio.denominator != 1:
            return None
        by_number: dict[int, Atom] = {}
        for value in values:
            if isinstance(value, str) or by_number.setdefault(int(value), value) is not value:
                return None
        return _scalar(ratio.top + ratio.shift, sorted(by_number.items(), key=lambda step: step[0]))


def _scalar(form: Form, steps: list[tuple[int, Atom]]) -> Scalar[Atom] | None:
    if not form.terms or not steps:
        return None
    kept = [(at, value) for at, value in steps if form.low <= at <= form.high]
    return Scalar(form, [(form.low, kept[0][1]), *(step for step in kept if step[0] > form.low)]) if kept else None
