"""Where a program is undefined, told by the model beside its values (``docs/compiler/undefined.md``).

Every node that can be undefined, according to the value sets, gets a check of its own, in the order in which the interpreter
evaluates them. A check reads what the node reads, never the node itself: up to the first node that is undefined everything has
its exact value, so that the check of that node is exact. What comes after it may be raised for no reason.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Collection, Iterator
from fractions import Fraction
from typing import TypeAlias

from compiler.circuit import Check, Form, made_for
from compiler.elementwise import Function, Operator
from compiler.kinds import BOOL, FLOAT, Kinds
from compiler.lowering import Lowering
from compiler.selectors import EQUAL, Relation
from compiler.undefined import MIXED
from compiler.valuesets import MOST_JOINT, Numbers
from rasp import atoms
from rasp.errors import RaspError
from rasp.graph.nodes import (
    Aggregate,
    Atom,
    Compare,
    Comparison,
    Const,
    Input,
    Lookup,
    Map,
    Node,
    Op,
    Param,
    Predicate,
    Sop,
    topological,
)

Row: TypeAlias = tuple[Atom, ...]
"""A value of each argument of an operator."""

_ORDERS = {Op.LT, Op.LE, Op.GT, Op.GE}
_ALWAYS_DEFINED = {Op.EQ, Op.NE, Op.AND, Op.OR, Op.NOT, Op.INDICATOR, Op.IF, Op.IN}
_DEFINED_ON_NUMBERS = _ORDERS | {Op.ADD, Op.SUB, Op.MUL, Op.NEG, Op.POS, Op.ABS, Op.ROUND, Op.TRUNC}
_DEFINED_ON_STRINGS = _ORDERS | {Op.ADD}
_BITWISE = {Op.BITAND, Op.BITOR, Op.BITXOR, Op.INVERT}
_DIVISIONS = {Op.DIV: "division by zero", Op.FLOORDIV: "division by zero", Op.MOD: "modulo by zero"}
_TEXT: Kinds = frozenset({str})


def checks_of(lowering: Lowering, root: Sop) -> tuple[Check, ...]:
    """The checks of all nodes that the root reads, and of itself; not whether the root mixes strings and numbers.

    Raises:
        CompileError: an expression is undefined on every input, or nothing tells where it is undefined.
    """
    found: list[Check] = []
    for node in topological(root):
        with made_for(lowering.values.span(node)):
            for check in _of_node(lowering, node, is_root=node is root):
                if check.form.terms:
                    found.append(check)
                elif not check.mixed and check.form.constant > check.most:
                    raise lowering.values.refuse(node, f"this is undefined on every input: {check.problem}")
    return tuple(found)


def _of_node(lowering: Lowering, node: Node, *, is_root: bool) -> Iterator[Check]:
    span = lowering.values.span(node)
    match node:
        case Map() | Lookup():
            checks = _operator(lowering, node)
        case Aggregate():
            checks = _aggregate(lowering, node)
        case Compare():
            checks = _comparison(lowering, node)
        case Predicate():
            checks = _predicate(lowering, node)
        case _:
            checks = iter(())
    for form, most, problem, unless in checks:
        yield Check(form, most, problem, span, unless)
    if isinstance(node, Input | Map | Lookup | Aggregate) and not is_root and _may_mix(lowering, node):
        yield Check(_text(lowering, node), 0, MIXED, span, mixed=True)


_Found: TypeAlias = Iterator[tuple[Form, int, str, int | None]]
"""Form, most, problem and unless of checks."""


# Operators


def _operator(lowering: Lowering, node: Map | Lookup) -> _Found:
    kinds = [lowering.values.kinds.of(arg) for arg in Operator.of(node).arguments]
    match node:
        case Map(op=op) if _never_fails(op, [lowering.values.kinds.of(arg) for arg in node.args]):
            return
        case Map(op=op, args=(_, divisor)) if op in _DIVISIONS and all(_TEXT.isdisjoint(kind) for kind in kinds):
            yield from _where(lowering, divisor, lambda value: value == 0, _DIVISIONS[op])
        case _:
            yield from _of_arguments(lowering, node)


def _never_fails(op: Op, kinds: list[Kinds]) -> bool:
    """Whether an operator has a value at every position whatever the values of these kinds."""
    texts = [bool(kind & _TEXT) for kind in kinds]
    if op in _ALWAYS_DEFINED:
        return True
    if not any(texts):
        return op in _DEFINED_ON_NUMBERS or (op in _BITWISE and not any(kind & FLOAT for kind in kinds))
    return op in _DEFINED_ON_STRINGS and all(kind == _TEXT for kind in kinds)


def _of_arguments(lowering: Lowering, node: Map | Lookup) -> _Found:
    """From every combination of the arguments' values: conditions on single arguments if these say it all, else a table."""
    operator = Operator.of(node)
    sets = [lowering.values.of(arg) for arg in operator.arguments]
    if any(isinstance(values, Numbers) for values in sets):
        yield from _of_a_number(lowering, operator)
        return
    if math.prod(len(values) for values in sets if isinstance(values, tuple)) > MOST_JOINT:
        yield lowering.undefined(node), 0, "the operator is not defined on these values", None
        return
    rows = list(itertools.product(*(values for values in sets if isinstance(values, tuple))))
    bad = [row for row in rows if _at(operator, row) is None]
    if not bad:
        return
    problem = _problem(operator, bad[0])
    chosen = _one_by_one(rows, bad)
    if chosen is not None:
        for argument, values in zip(operator.arguments, chosen, strict=True):
            yield from _where(lowering, argument, lambda v, values=values: (type(v), v) in values, problem)
    elif len(operator.arguments) == 2 and all((row in bad) == _is_mixed(row) for row in rows):
        yield from _unlike(lowering, *operator.arguments, problem)
    else:
        yield lowering.undefined(node), 0, problem, None


def _of_a_number(lowering: Lowering, operator: Operator) -> _Found:
    """Numbers that can't be listed: where a power is undefined depends on the sign of its base or its exponent."""
    node, arguments = operator.node, operator.arguments
    fractional = any(Fraction in lowering.values.kinds.of(argument) for argument in arguments[-1:])
    match node:
        case Map(op=Op.POW, args=(_, Const(value=int() | Fraction()))) if len(arguments) == 1:
            pass
        case Map(op=Op.POW, args=(Const(value=base), _)) if not fractional or (not isinstance(base, str) and base >= 0):
            pass
        case _:
            raise lowering.values.refuse(
                node,
                "nothing tells where this is undefined: it reads numbers that can't be listed",
                hint="round what it reads, or compile for a smaller max_length",
            )
    points = lowering.values.representatives(arguments[0], (Fraction(0),))
    bad = [point for point in points if _at(operator, (point,)) is None]
    if bad:
        yield from _where(lowering, arguments[0], lambda v: _at(operator, (v,)) is None, _problem(operator, (bad[0],)))


def _at(operator: Operator, row: Row) -> Atom | None:
    return operator.at(dict(zip(operator.arguments, row, strict=True)))


def _problem(operator: Operator, row: Row) -> str:
    """What the operator says on these values."""
    values = dict(zip(operator.arguments, row, strict=True))
    try:
        match operator.node:
            case Map(op=op, args=args):
                atoms.apply(op, *(arg.value if isinstance(arg, Const) else values[arg] for arg in args))
            case Lookup(keys=None, values=items):
                atoms.look_up(None, items, *row)
            case Lookup():
                return "the dictionary has no such key"
    except RaspError as error:
        return error.message
    raise AssertionError("the operator is defined there")


def _one_by_one(rows: list[Row], bad: list[Row]) -> list[set[tuple[type, Atom]]] | None:
    """For each argument the values that are bad whatever the others are, if every bad row has one of them."""
    good = {_typed(row) for row in rows} - {_typed(row) for row in bad}
    fine = [set(column) for column in zip(*good, strict=True)] or [set() for _ in bad[0]]
    chosen = [{(type(row[place]), row[place]) for row in bad} - fine[place] for place in range(len(bad[0]))]
    return chosen if all(any(v in values for v, values in zip(_typed(row), chosen, strict=True)) for row in bad) else None


def _typed(row: Row) -> tuple[tuple[type, Atom], ...]:
    return tuple((type(value), value) for value in row)


def _where(lowering: Lowering, node: Sop, holds: Callable[[Atom], bool], problem: str) -> _Found:
    """Undefined where a condition on one s-op holds, which changes at 0 only if the values can't be listed."""
    points = lowering.values.representatives(node, (Fraction(0),))
    if any(map(holds, points)):
        yield lowering.form(node, lambda value: int(holds(value)), (Fraction(0),)), 0, problem, None


# Strings beside numbers


def _may_mix(lowering: Lowering, node: Sop) -> bool:
    """Whether a sequence may hold strings and numbers though what it is made of does not."""
    return _mixes(lowering, node) and not _inherits(lowering, node)


def _mixes(lowering: Lowering, node: Sop) -> bool:
    kinds = lowering.values.kinds.of(node)
    if kinds.isdisjoint(_TEXT) or kinds == _TEXT:
        return False
    values = lowering.values.of(node)
    return isinstance(values, tuple) and _is_mixed(values)


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
        result = _at(operator, row)
        texts = tuple(isinstance(value, str) for value in row)
        if result is not None and results.setdefault(texts, isinstance(result, str)) != isinstance(result, str):
            return False
    return True


def _is_mixed(values: Collection[Atom]) -> bool:
    texts = [isinstance(value, str) for value in values]
    return any(texts) and not all(texts)


def _text(lowering: Lowering, node: Sop) -> Form:
    """1 where an s-op is a string, else 0."""
    return lowering.form(node, lambda value: int(isinstance(value, str)))


def _unlike(lowering: Lowering, left: Sop, right: Sop, problem: str) -> _Found:
    """Undefined where one is a string and the other is not; both are sequences of one kind, so any position tells."""
    a, b = _text(lowering, left), _text(lowering, right)
    for difference in (a - b, b - a):
        if difference.high > 0:
            yield difference, 0, problem, None


# Aggregates


def _aggregate(lowering: Lowering, node: Aggregate) -> _Found:
    """Strings have no mean and no extreme, and bools no mean, where several are selected."""
    values = lowering.values
    _, most = values.selections.width_range(node.selector)
    refused = _TEXT | BOOL if node.reduction == "mean" else _TEXT
    kinds = values.kinds.of(node.value)
    if most < 2 or kinds.isdisjoint(refused):
        return
    known = values.of(node.value)
    kinds = known.kinds if isinstance(known, Numbers) else frozenset(map(type, known))
    width = lowering.heads.width(node.selector)
    verb = "average" if node.reduction == "mean" else f"take the {node.reduction} of"
    if kinds <= refused:
        names = "strings" if kinds == _TEXT else "bools" if kinds == BOOL else "strings or bools"
        yield width, 1, f"can't {verb} several values that are {names}, not numbers", None
        return
    if kinds & _TEXT:
        yield width - (1 - _text(lowering, node.value)) * most, 1, f"can't {verb} several values that are strings", None
    if kinds & refused & BOOL:
        # Bools count as ints as soon as the sequence holds a number anywhere.
        number = lowering.form(node.value, lambda value: int(not isinstance(value, bool)))
        yield width + number * (most + 1), 1, f"can't {verb} several values that are bools, not numbers", most


# Selectors


def _comparison(lowering: Lowering, node: Compare) -> _Found:
    """An order of a string and a number is undefined, whatever else the selector asks for."""
    sides = [lowering.values.kinds.of(side) for side in (node.key, node.query)]
    if node.op in (Comparison.EQ, Comparison.NE) or _never_fails(Op.LT, sides):
        return
    sorts = [[{str: "a string"}.get(kind, "a number") for kind in sorted(side, key=str)] for side in sides]
    problem = f"cannot order {' or '.join(dict.fromkeys(sorts[0]))} and {' or '.join(dict.fromkeys(sorts[1]))} with '{node.op}'"
    yield from _unlike(lowering, node.key, node.query, problem)


class _Undefined(Relation):
    """Holds for a key and a query on which the body of a predicate is undefined."""

    def holds(self, outcomes: int, key: Atom, query: Atom) -> bool:
        try:
            super().holds(outcomes, key, query)
        except RaspError:
            return True
        return False


def _predicate(lowering: Lowering, node: Predicate) -> _Found:
    """A predicate is undefined if it is for any key and query that occur in the input, in either order."""
    kinds = [lowering.values.kinds.of(side) for side in (node.key, node.query)]
    if _is_total(node.body, frozenset().union(*kinds)):
        return
    relation = _Undefined(node.key, node.query, node.body)
    keys, queries = lowering.values.listed(node.key), lowering.values.listed(node.query)
    rows: list[Row] = list(itertools.product(keys, queries))
    bad = [row for row in rows if relation.holds(EQUAL, *row)]
    if _may_mix_inside(node.body, rows):
        raise lowering.values.refuse(node, "this predicate may be a string for some keys and a number for others")
    if not bad:
        return
    problem = f"{_problem_inside(relation, bad[0])}, in a selector"
    chosen = _one_by_one(rows, bad)
    if chosen is not None:
        for side, values in zip((node.key, node.query), chosen, strict=True):
            yield from _where(lowering, side, lambda v, values=values: (type(v), v) in values, problem)
        return
    yield lowering.heads.matches(relation, "undefined pairs"), 0, problem, None
    if lowering.target.causal:
        swapped = _Swapped(node.query, node.key, node.body)
        yield lowering.heads.matches(swapped, "undefined pairs"), 0, problem, None


class _Swapped(_Undefined):
    """The same with the sides exchanged: a position looks back for queries to which it is a key."""

    def holds(self, outcomes: int, key: Atom, query: Atom) -> bool:
        return super().holds(outcomes, query, key)


def _is_total(body: Sop, kinds: Kinds) -> bool:
    """Whether a body is defined for all keys and queries of these kinds, which must be kinds of numbers."""
    if kinds & _TEXT:
        return False
    return all(
        isinstance(part, Const | Param)
        or (isinstance(part, Map) and _never_fails(part.op, [frozenset({bool, int, Fraction})] * len(part.args)))
        for part in topological(body)
    ) and not any(isinstance(part, Const) and isinstance(part.value, str) for part in topological(body))


def _may_mix_inside(body: Sop, rows: list[Row]) -> bool:
    """Whether a part of a body is a string for some pairs and a number for others, beyond what key and query are."""
    parts = [part for part in topological(body) if isinstance(part, Map | Lookup)]
    for part in parts:
        function = Function.of(part)
        sorts: dict[tuple[bool, bool], bool] = {}
        for key, query in rows:
            given: dict[Sop, Atom] = {p: key if p.role == "key" else query for p in function.order if isinstance(p, Param)}
            result = function.at(given)
            texts = isinstance(key, str), isinstance(query, str)
            if result is not None and sorts.setdefault(texts, isinstance(result, str)) != isinstance(result, str):
                return True
    return False


def _problem_inside(relation: Relation, pair: Row) -> str:
    try:
        Relation.holds(relation, EQUAL, *pair)
    except RaspError as error:
        return error.message
    raise AssertionError("the predicate is defined there")
