"""Where an operator or a lookup is undefined, by the values of its arguments."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

from compiler.analysis.elementwise import Operator
from compiler.analysis.kinds import FLOAT, Kinds
from compiler.analysis.valuesets import MOST_JOINT, Numbers
from compiler.checks.conditions import TEXT, Found, Row, at_row, is_mixed, one_by_one, unlike, where
from compiler.lowering.graph import Lowering
from rasp import atoms
from rasp.errors import RaspError
from rasp.graph.nodes import Const, Lookup, Map, Op

_ORDERS = {Op.LT, Op.LE, Op.GT, Op.GE}
_ALWAYS_DEFINED = {Op.EQ, Op.NE, Op.AND, Op.OR, Op.NOT, Op.INDICATOR, Op.IF, Op.IN}
_DEFINED_ON_NUMBERS = _ORDERS | {Op.ADD, Op.SUB, Op.MUL, Op.NEG, Op.POS, Op.ABS, Op.ROUND, Op.TRUNC}
_DEFINED_ON_STRINGS = _ORDERS | {Op.ADD}
_BITWISE = {Op.BITAND, Op.BITOR, Op.BITXOR, Op.INVERT}
_DIVISIONS = {Op.DIV: "division by zero", Op.FLOORDIV: "division by zero", Op.MOD: "modulo by zero"}


def operator_checks(lowering: Lowering, node: Map | Lookup) -> Found:
    """The checks of an operator or a lookup."""
    kinds = [lowering.values.kinds.of(arg) for arg in Operator.of(node).arguments]
    match node:
        case Map(op=op) if never_fails(op, [lowering.values.kinds.of(arg) for arg in node.args]):
            return
        case Map(op=op, args=(_, divisor)) if op in _DIVISIONS and all(TEXT.isdisjoint(kind) for kind in kinds):
            yield from where(lowering, divisor, lambda value: value == 0, _DIVISIONS[op])
        case _:
            yield from _of_arguments(lowering, node)


def never_fails(op: Op, kinds: list[Kinds]) -> bool:
    """Whether an operator has a value at every position whatever the values of these kinds."""
    texts = [bool(kind & TEXT) for kind in kinds]
    if op in _ALWAYS_DEFINED:
        return True
    if not any(texts):
        return op in _DEFINED_ON_NUMBERS or (op in _BITWISE and not any(kind & FLOAT for kind in kinds))
    return op in _DEFINED_ON_STRINGS and all(kind == TEXT for kind in kinds)


def _of_arguments(lowering: Lowering, node: Map | Lookup) -> Found:
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
    bad = [row for row in rows if at_row(operator, row) is None]
    if not bad:
        return
    problem = _problem(operator, bad[0])
    chosen = one_by_one(rows, bad)
    if chosen is not None:
        for argument, values in zip(operator.arguments, chosen, strict=True):
            yield from where(lowering, argument, lambda v, values=values: (type(v), v) in values, problem)
    elif len(operator.arguments) == 2 and all((row in bad) == is_mixed(row) for row in rows):
        yield from unlike(lowering, *operator.arguments, problem)
    else:
        yield lowering.undefined(node), 0, problem, None


def _of_a_number(lowering: Lowering, operator: Operator) -> Found:
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
    bad = [point for point in points if at_row(operator, (point,)) is None]
    if bad:
        yield from where(lowering, arguments[0], lambda v: at_row(operator, (v,)) is None, _problem(operator, (bad[0],)))


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
