"""Conditions on the values of s-ops, as forms that tell where they hold: what all checks are made of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from fractions import Fraction
from typing import TypeAlias

from compiler.analysis.elementwise import Operator
from compiler.analysis.kinds import Kinds
from compiler.circuit import Form
from compiler.lowering.graph import Lowering
from rasp.graph.nodes import Atom, Sop

TEXT: Kinds = frozenset({str})

Row: TypeAlias = tuple[Atom, ...]
"""A value of each argument of an operator."""

Found: TypeAlias = Iterator[tuple[Form, int, str, int | None]]
"""Form, most, problem and unless of checks (``compiler.circuit.Check``)."""


def where(lowering: Lowering, node: Sop, holds: Callable[[Atom], bool], problem: str) -> Found:
    """Undefined where a condition on one s-op holds, which changes at 0 only if the values can't be listed."""
    points = lowering.values.representatives(node, (Fraction(0),))
    if any(map(holds, points)):
        yield lowering.form(node, lambda value: int(holds(value)), (Fraction(0),)), 0, problem, None


def is_text(lowering: Lowering, node: Sop) -> Form:
    """1 where an s-op is a string, else 0."""
    return lowering.form(node, lambda value: int(isinstance(value, str)))


def unlike(lowering: Lowering, left: Sop, right: Sop, problem: str) -> Found:
    """Undefined where one is a string and the other is not; both are sequences of one kind, so any position tells."""
    a, b = is_text(lowering, left), is_text(lowering, right)
    for difference in (a - b, b - a):
        if difference.high > 0:
            yield difference, 0, problem, None


def is_mixed(values: Collection[Atom]) -> bool:
    """Whether values are strings and numbers."""
    texts = [isinstance(value, str) for value in values]
    return any(texts) and not all(texts)


def at_row(operator: Operator, row: Row) -> Atom | None:
    """The value of an operator; None where it is undefined."""
    return operator.at(dict(zip(operator.arguments, row, strict=True)))


def one_by_one(rows: list[Row], bad: list[Row]) -> list[set[tuple[type, Atom]]] | None:
    """For each argument the values that are bad whatever the others are, if every bad row has one of them."""
    good = {_typed(row) for row in rows} - {_typed(row) for row in bad}
    fine = [set(column) for column in zip(*good, strict=True)] or [set() for _ in bad[0]]
    chosen = [{(type(row[place]), row[place]) for row in bad} - fine[place] for place in range(len(bad[0]))]
    return chosen if all(any(v in values for v, values in zip(_typed(row), chosen, strict=True)) for row in bad) else None


def _typed(row: Row) -> tuple[tuple[type, Atom], ...]:
    return tuple((type(value), value) for value in row)
