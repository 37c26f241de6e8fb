"""The elementwise operators on columns: what ``rasp.atoms.apply`` does at each position, on whole arrays.

Whatever has no array form here (text operations, general powers) is applied to the distinct tuples of arguments.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import partial, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rasp import atoms
from rasp.errors import EvaluationError
from rasp.evaluate import rationals
from rasp.evaluate.column import (
    BOOL,
    FLOAT,
    INT,
    Column,
    Mask,
    bool_column,
    choose,
    int_column,
    settled,
    shared_codes,
    tags,
    truth,
)
from rasp.evaluate.distinct import apply_to_distinct, distinct
from rasp.evaluate.rationals import Rationals
from rasp.evaluate.text import described
from rasp.graph.nodes import Atom, Op

_COMPARISONS: dict[Op, Callable[[Any, Any], Any]] = {
    Op.EQ: operator.eq,
    Op.NE: operator.ne,
    Op.LT: operator.lt,
    Op.LE: operator.le,
    Op.GT: operator.gt,
    Op.GE: operator.ge,
}


def apply_elementwise(op: Op, args: tuple[Column, ...]) -> Column:
    """The column of an operator on columns of the same length.

    Raises:
        EvaluationError: the operator is undefined at a position; the error names the first.
        RaspLimitError: a result is too large.
    """
    match op:
        case Op.EQ | Op.NE | Op.LT | Op.LE | Op.GT | Op.GE:
            return bool_column(compare(op, args[0], args[1]))
        case Op.AND:
            return bool_column(truth(args[0]) & truth(args[1]))
        case Op.OR:
            return bool_column(truth(args[0]) | truth(args[1]))
        case Op.NOT:
            return bool_column(~truth(args[0]))
        case Op.INDICATOR:
            return int_column(truth(args[0]))
        case Op.IF:
            return choose(truth(args[0]), args[1], args[2])
        case Op.IN:
            return bool_column(_is_one_of(args[0], args[1:]))
        case _ if any(arg.is_text for arg in args):
            return apply_to_distinct(partial(atoms.apply, op), args)
        case _:
            return _on_numbers(op, args)


def compare(op: Op, left: Column, right: Column) -> Mask:
    """Where the comparison holds, position by position."""
    if left.is_text != right.is_text:
        return _unlike(op, left, right)
    if left.is_text:
        mine, others, _ = shared_codes(left, right)
        return _COMPARISONS[op](mine, others)
    if op is Op.EQ or op is Op.NE:
        same = rationals.are_equal(_parts(left), _parts(right))
        return same if op is Op.EQ else ~same
    mine, others = rationals.compared(_parts(left), _parts(right))
    return np.asarray(_COMPARISONS[op](mine, others), dtype=np.bool_)


def _unlike(op: Op, left: Column, right: Column) -> Mask:
    if op is Op.EQ or op is Op.NE:
        return np.full(len(left), op is Op.NE)
    values = f"{described(left.atom(0))} and {described(right.atom(0))}"
    raise EvaluationError(f"cannot order {values} with '{op}'", position=0)


def _is_one_of(value: Column, choices: tuple[Column, ...]) -> Mask:
    """Constants, of which there may be very many, are looked up in one set; other choices are compared."""
    constants = {choice.atom(0) for choice in choices if _is_constant(choice)}
    others = [choice for choice in choices if not _is_constant(choice)]
    different = distinct(value)
    known = [atom in constants for atom in value.take(different.first).to_atoms()]
    found: Mask = np.array(known, np.bool_)[different.ids]
    return reduce(operator.or_, (compare(Op.EQ, value, choice) for choice in others), found)


def _is_constant(column: Column) -> bool:
    """Whether this is a column that ``constant`` made."""
    return len(column) > 0 and column.num.strides == (0,)


def _parts(column: Column) -> Rationals:
    return column.num, column.den


def _on_numbers(op: Op, args: tuple[Column, ...]) -> Column:
    first, last = args[0], args[-1]
    match op:
        case Op.ADD:
            return _arithmetic(rationals.added(_parts(first), _parts(last)), args)
        case Op.SUB:
            return _arithmetic(rationals.added(_parts(first), rationals.negated(_parts(last))), args)
        case Op.MUL:
            return _arithmetic(rationals.multiplied(_parts(first), _parts(last)), args)
        case Op.DIV:
            _refuse_zero("division", op, first, last)
            return Column(*rationals.divided(_parts(first), _parts(last)), tags(FLOAT, len(first)))
        case Op.FLOORDIV:
            _refuse_zero("division", op, first, last)
            return _arithmetic(rationals.floor_divided(_parts(first), _parts(last)), args)
        case Op.MOD:
            _refuse_zero("modulo", op, first, last)
            return _arithmetic(rationals.modulo(_parts(first), _parts(last)), args)
        case Op.POW:
            return _power(first, last)
        case Op.NEG:
            return _arithmetic(rationals.negated(_parts(first)), args)
        case Op.POS:
            return _arithmetic(_parts(first), args)
        case Op.ABS:
            return _arithmetic((np.abs(first.num), first.den), args)
        case Op.ROUND:
            return Column(*rationals.rounded(_parts(first)), tags(INT, len(first)))
        case Op.TRUNC:
            return Column(*rationals.truncated(_parts(first)), tags(INT, len(first)))
        case Op.BITAND:
            return _bitwise(op, operator.and_, first, last)
        case Op.BITOR:
            return _bitwise(op, operator.or_, first, last)
        case Op.BITXOR:
            return _bitwise(op, operator.xor, first, last)
        case Op.INVERT:
            _refuse_floats(op, first)
            return Column(settled(np.where(first.tag == BOOL, 1 - first.num, -first.num - 1)), None, first.tag)
        case _:
            raise AssertionError(f"'{op}' is no operator on numbers")


def _arithmetic(result: Rationals, args: tuple[Column, ...]) -> Column:
    """The result is a float where an argument is one, else an int."""
    tag: NDArray[np.uint8] = np.maximum(reduce(np.maximum, [arg.tag for arg in args]), np.uint8(INT))
    return Column(*result, tag)


def _refuse_zero(operation: str, op: Op, left: Column, right: Column) -> None:
    zero = right.num == 0
    if bool(zero.any()):
        position = int(np.argmax(zero))
        values = f"{described(left.atom(position))} {op} {described(right.atom(position))}"
        raise EvaluationError(f"{operation} by zero: {values}", position=position)


def _refuse_floats(op: Op, *columns: Column) -> None:
    is_float = reduce(operator.or_, [column.tag == FLOAT for column in columns])
    if bool(is_float.any()):
        position = int(np.argmax(is_float))
        values = " and ".join(described(column.atom(position)) for column in columns)
        raise EvaluationError(f"cannot apply '{op}' to a float: {values}", position=position)


def _bitwise(op: Op, function: Callable[[Any, Any], Any], left: Column, right: Column) -> Column:
    _refuse_floats(op, left, right)
    return Column(settled(function(left.num, right.num)), None, np.maximum(left.tag, right.tag))


def _power(base: Column, exponent: Column) -> Column:
    """Array form for one natural exponent at every position."""
    power: Rationals | None = None
    if exponent.den is None and len(exponent) and bool((exponent.num == exponent.num[0]).all()) and exponent.num[0] >= 0:
        power = rationals.raised(_parts(base), int(exponent.num[0]))
    if power is None:
        return apply_to_distinct(_power_of_atoms, (base, exponent))
    return _arithmetic(power, (base, exponent))


def _power_of_atoms(base: Atom, exponent: Atom) -> Atom:
    return atoms.apply(Op.POW, base, exponent)
