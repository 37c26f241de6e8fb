"""Which s-ops a table can run over without indicators: those that one integer form decides."""

from __future__ import annotations

from typing import Protocol

from compiler.circuit import Form
from compiler.elementwise import Function
from compiler.gadgets.staircase import clip
from compiler.heads import HeadTable
from compiler.ratios import Ratios
from compiler.tables import Scalar
from compiler.valuesets import Numbers, ValueSets
from rasp import atoms
from rasp.graph.nodes import Atom, Map, SelectorWidth, Sop


class Lowering(Protocol):
    """What is needed of the lowering."""

    values: ValueSets
    heads: HeadTable
    ratios: Ratios

    def difference(self, node: Sop) -> Form | None: ...


def scalar_of(lowering: Lowering, node: Sop) -> Scalar[Atom] | None:
    """The integer that decides an s-op: a count, the difference of a comparison, or an integer itself."""
    return _of_count(lowering, node) or _of_comparison(lowering, node) or _of_integer(lowering, node)


def _of_count(lowering: Lowering, node: Sop) -> Scalar[Atom] | None:
    elementwise = Function.of(node)
    match elementwise.sources:
        case (SelectorWidth(selector=selector) as count,):
            widths = lowering.values.listed(count)
            images = [(int(width), elementwise.at({count: width})) for width in widths if isinstance(width, int)]
            steps = [(width, image) for width, image in images if image is not None]
            return _scalar(lowering.heads.width(selector), steps)
        case _:
            return None


def _of_comparison(lowering: Lowering, node: Sop) -> Scalar[Atom] | None:
    difference = lowering.difference(node)
    if difference is None or not isinstance(node, Map):
        return None
    x = difference
    numbered = clip([(x.low, 0), (0, 1), (1, 2)], x.low)
    outcomes = [atoms.apply(node.op, sign, 0) for sign in (-1, 0, 1)]
    return Scalar(x, [(at, outcomes[number]) for at, number in numbered])


def _of_integer(lowering: Lowering, node: Sop) -> Scalar[Atom] | None:
    values = lowering.values.of(node)
    ratio = None if isinstance(values, Numbers) else lowering.ratios.structural(node)
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
