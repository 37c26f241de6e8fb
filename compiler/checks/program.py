"""Where a program is undefined, told by the model beside its values (``docs/compiler/undefined.md``).

Every node that can be undefined, according to the value sets, gets a check of its own, in the order in which the interpreter
evaluates them. A check reads what the node reads, never the node itself: up to the first node that is undefined everything has
its exact value, so that the check of that node is exact. What comes after it may be raised for no reason.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

from compiler.analysis.elementwise import Operator
from compiler.analysis.kinds import BOOL
from compiler.analysis.valuesets import MOST_JOINT, Numbers
from compiler.checks.conditions import TEXT, Found, at_row, is_mixed, is_text
from compiler.checks.operators import operator_checks
from compiler.checks.selectors import comparison_checks, predicate_checks
from compiler.circuit import Check, made_for
from compiler.lowering.graph import Lowering
from compiler.undefined import MIXED
from rasp.graph.nodes import Aggregate, Compare, Input, Lookup, Map, Node, Predicate, Sop, topological


def checks_of(lowering: Lowering, *roots: Sop) -> tuple[Check, ...]:
    """The checks of all nodes that the roots read, and of themselves; not whether a root mixes strings and numbers.

    Raises:
        CompileError: an expression is undefined on every input, or nothing tells where it is undefined.
    """
    found: list[Check] = []
    for node in topological(*roots):
        with made_for(lowering.values.span(node)):
            for check in _of_node(lowering, node, is_root=node in roots):
                if check.form.terms:
                    found.append(check)
                elif not check.mixed and check.form.constant > check.most:
                    raise lowering.values.refuse(node, f"this is undefined on every input: {check.problem}")
    return tuple(found)


def _of_node(lowering: Lowering, node: Node, *, is_root: bool) -> Iterator[Check]:
    span = lowering.values.span(node)
    match node:
        case Map() | Lookup():
            checks = operator_checks(lowering, node)
        case Aggregate():
            checks = _aggregate(lowering, node)
        case Compare():
            checks = comparison_checks(lowering, node)
        case Predicate():
            checks = predicate_checks(lowering, node)
        case _:
            checks = iter(())
    for form, most, problem, unless in checks:
        yield Check(form, most, problem, span, unless)
    if isinstance(node, Input | Map | Lookup | Aggregate) and not is_root and _may_mix(lowering, node):
        yield Check(is_text(lowering, node), 0, MIXED, span, mixed=True)


# Strings beside numbers


def _may_mix(lowering: Lowering, node: Sop) -> bool:
    """Whether a sequence may hold strings and numbers though what it is made of does not."""
    return _mixes(lowering, node) and not _inherits(lowering, node)


def _mixes(lowering: Lowering, node: Sop) -> bool:
    kinds = lowering.values.kinds.of(node)
    if kinds.isdisjoint(TEXT) or kinds == TEXT:
        return False
    values = lowering.values.of(node)
    return isinstance(values, tuple) and is_mixed(values)


def _inherits(lowering: Lowering, node: Sop) -> bool:
    """Whether it is a string exactly where what it reads makes it one, at every position alike."""
    match node:
        case Aggregate(selector=selector):
            return lowering.values.selections.width_range(selector)[0] > 0
        case Map() | Lookup():
            operator = Operator.of(node)
        case _:
            return False
    sets = [values for arg in operator.arguments if isinstance(values := lowering.values.of(arg), tuple)]
    if len(sets) < len(operator.arguments) or math.prod(map(len, sets)) > MOST_JOINT:
        return False
    results: dict[tuple[bool, ...], bool] = {}
    for row in itertools.product(*sets):
        result = at_row(operator, row)
        texts = tuple(isinstance(value, str) for value in row)
        if result is not None and results.setdefault(texts, isinstance(result, str)) != isinstance(result, str):
            return False
    return True


# Aggregates


def _aggregate(lowering: Lowering, node: Aggregate) -> Found:
    """Strings have no mean and no extreme, and bools no mean, where several are selected."""
    values = lowering.values
    _, most = values.selections.width_range(node.selector)
    refused = TEXT | BOOL if node.reduction == "mean" else TEXT
    kinds = values.kinds.of(node.value)
    if most < 2 or kinds.isdisjoint(refused):
        return
    known = values.of(node.value)
    kinds = known.kinds if isinstance(known, Numbers) else frozenset(map(type, known))
    width = lowering.heads.width(node.selector)
    verb = "average" if node.reduction == "mean" else f"take the {node.reduction} of"
    if kinds <= refused:
        names = "strings" if kinds == TEXT else "bools" if kinds == BOOL else "strings or bools"
        yield width, 1, f"can't {verb} several values that are {names}, not numbers", None
        return
    if kinds & TEXT:
        yield width - (1 - is_text(lowering, node.value)) * most, 1, f"can't {verb} several values that are strings", None
    if kinds & refused & BOOL:
        # Bools count as ints as soon as the sequence holds a number anywhere.
        number = lowering.form(node.value, lambda value: int(not isinstance(value, bool)))
        yield width + number * (most + 1), 1, f"can't {verb} several values that are bools, not numbers", most
