"""What each elementwise operator means on single atoms: the one definition that every fast path is tested against.

Numbers are exact. RASP's float is a ``Fraction``; a power that is irrational becomes the shortest decimal of the nearest
double, and from there on is exact again (see ``docs/language/numbers.md``).
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import assert_never, cast

from rasp import limits
from rasp.errors import EvaluationError, InputError, RaspLimitError, RaspTypeError
from rasp.graph.nodes import Atom, Op

Number = bool | int | Fraction

_ATOMS = frozenset({bool, int, Fraction, str})

_ORDERS: dict[Op, Callable[[Atom, Atom], bool]] = {Op.LT: operator.lt, Op.LE: operator.le, Op.GT: operator.gt, Op.GE: operator.ge}

_SIGNS = {Op.NEG: "-", Op.POS: "+"}


def kind_of(atom: Atom) -> str:
    """``bool``, ``int``, ``float`` or ``string``."""
    match atom:
        case bool():
            return "bool"
        case int():
            return "int"
        case Fraction():
            return "float"
        case str():
            return "string"
        case _:
            assert_never(atom)


def from_host(value: object) -> Atom:
    """The atom for a Python or NumPy scalar. A float is read as the shortest decimal that denotes it.

    Raises:
        InputError: the value is no atom, or not finite.
    """
    if type(value) in _ATOMS:
        return cast(Atom, value)
    item = getattr(value, "item", None)
    if callable(item) and getattr(value, "ndim", None) == 0:
        value = item()
    match value:
        case bool() | Fraction():
            return value
        case int():  # also of an IntEnum
            return int.__int__(value)
        case str():
            return str.__str__(value)
        case float() if math.isfinite(value):
            return Fraction(float.__repr__(value))
    raise InputError(f"{value!r} is not an atom: a sequence holds ints, floats, bools or strings")


def to_host(atom: Atom) -> bool | int | float | str:
    """The Python value for an atom; a float is rounded to the nearest double.

    Raises:
        RaspLimitError: a float beyond the range of doubles.
    """
    if not isinstance(atom, Fraction):
        return atom
    try:
        return atom.numerator / atom.denominator
    except OverflowError:
        raise RaspLimitError("a float of this size can't be shown: it is beyond the range of doubles") from None


def apply(op: Op, *args: Atom) -> Atom:
    """The value of an elementwise operator on atoms.

    Raises:
        RaspTypeError: the operator is not defined on these kinds.
        EvaluationError: it is undefined on these values (division by zero).
        RaspLimitError: the result is too large.
    """
    match op:
        case Op.EQ:
            return args[0] == args[1]
        case Op.NE:
            return args[0] != args[1]
        case Op.LT | Op.LE | Op.GT | Op.GE:
            return _order(op, args[0], args[1])
        case Op.AND:
            return bool(args[0]) and bool(args[1])
        case Op.OR:
            return bool(args[0]) or bool(args[1])
        case Op.NOT:
            return not args[0]
        case Op.INDICATOR:
            return int(bool(args[0]))
        case Op.IF:
            return args[1] if args[0] else args[2]
        case Op.IN:
            return args[0] in args[1:]
        case Op.ADD if isinstance(args[0], str) and isinstance(args[1], str):
            return _string(args[0] + args[1])
        case Op.MUL if isinstance(args[0], str) != isinstance(args[1], str):
            return _repeat(args[0], args[1])
        case _:
            return _number_result(op, args)


def _order(op: Op, left: Atom, right: Atom) -> bool:
    if isinstance(left, str) != isinstance(right, str):
        raise RaspTypeError(f"cannot order {kind_of(left)} and {kind_of(right)} with '{op}'")
    return _ORDERS[op](left, right)


def _string(text: str) -> str:
    if len(text) > limits.COLLECTION_ITEMS:
        raise RaspLimitError(f"a string of more than {limits.COLLECTION_ITEMS:,} characters")
    return text


def _repeat(left: Atom, right: Atom) -> str:
    text, times = (left, right) if isinstance(left, str) else (right, left)
    if not isinstance(text, str) or not isinstance(times, int):
        raise RaspTypeError(
            f"cannot apply '*' to {kind_of(left)} and {kind_of(right)}: a string is repeated an int number of times"
        )
    if len(text) * times > limits.COLLECTION_ITEMS:
        raise RaspLimitError(f"a string of more than {limits.COLLECTION_ITEMS:,} characters")
    return text * times if text and times > 0 else ""


def _number_result(op: Op, args: tuple[Atom, ...]) -> Atom:
    numbers = tuple(arg for arg in args if not isinstance(arg, str))
    if len(numbers) != len(args):
        kinds = " and ".join(kind_of(arg) for arg in args)
        raise RaspTypeError(f"cannot apply '{_SIGNS.get(op, op)}' to {kinds}")
    result = _on_one(op, numbers[0]) if len(numbers) == 1 else _on_two(op, numbers[0], numbers[1])
    return check_size(result)


def check_size(number: Number) -> Number:
    """The number itself, if it is within the limits."""
    largest = max(abs(number.numerator), number.denominator)
    if largest.bit_length() > limits.NUMBER_BITS:
        raise RaspLimitError(f"a number of more than {limits.NUMBER_BITS:,} bits")
    return number


def _on_one(op: Op, number: Number) -> Number:
    match op:
        case Op.NEG:
            return -number
        case Op.POS:
            return +number
        case Op.ABS:
            return abs(number)
        case Op.ROUND:
            return round(number)
        case Op.TRUNC:
            return math.trunc(number)
        case Op.INVERT:
            return not number if isinstance(number, bool) else -_integer(op, number) - 1
        case _:
            raise AssertionError(f"'{op}' takes two arguments")


def _on_two(op: Op, left: Number, right: Number) -> Number:
    match op:
        case Op.ADD:
            return left + right
        case Op.SUB:
            return left - right
        case Op.MUL:
            return left * right
        case Op.DIV:
            return Fraction(left) / Fraction(_divisor(right, "division"))
        case Op.FLOORDIV:
            quotient = left // _divisor(right, "division")
            return Fraction(quotient) if isinstance(left, Fraction) or isinstance(right, Fraction) else quotient
        case Op.MOD:
            return left % _divisor(right, "modulo")
        case Op.POW:
            return _power(left, right)
        case Op.BITAND:
            return _bitwise(op, operator.and_, left, right)
        case Op.BITOR:
            return _bitwise(op, operator.or_, left, right)
        case Op.BITXOR:
            return _bitwise(op, operator.xor, left, right)
        case _:
            raise AssertionError(f"'{op}' takes one argument")


def _divisor(number: Number, operation: str) -> Number:
    if number == 0:
        raise EvaluationError(f"{operation} by zero")
    return number


def _integer(op: Op, number: Number) -> int:
    if isinstance(number, Fraction):
        raise RaspTypeError(f"cannot apply '{op}' to a float")
    return int(number)


def _bitwise(op: Op, function: Callable[[int, int], int], left: Number, right: Number) -> int:
    if isinstance(left, bool) and isinstance(right, bool):
        return bool(function(left, right))
    return function(_integer(op, left), _integer(op, right))


def _power(base: Number, exponent: Number) -> Number:
    if base == 0 and exponent < 0:
        raise EvaluationError("zero to a negative power")
    if exponent.denominator == 1:
        return _integral_power(base, exponent)
    if base < 0:
        raise EvaluationError("a negative number to a fractional power")
    try:
        return Fraction(repr(float(base) ** float(exponent)))
    except OverflowError:
        raise RaspLimitError("a power beyond the range of doubles") from None


def _integral_power(base: Number, exponent: Number) -> Number:
    bits = max(abs(base.numerator), base.denominator).bit_length()
    if bits > 1 and (bits - 1) * abs(int(exponent)) > limits.NUMBER_BITS:
        raise RaspLimitError(f"a number of more than {limits.NUMBER_BITS:,} bits")
    if abs(base) == 1:
        power = Fraction(base) ** int(exponent % 2)
    else:
        power = Fraction(base) ** int(exponent)
    stays_int = not isinstance(base, Fraction) and not isinstance(exponent, Fraction) and exponent >= 0
    return int(power) if stays_int else power


def look_up(keys: Sequence[Atom] | None, values: Sequence[Atom], index: Atom) -> Atom:
    """``values[index]`` of a list (``keys`` is None; a negative index counts from the end) or of a dictionary.

    Raises:
        RaspTypeError: a list index that is no integer.
        EvaluationError: an index outside the list, or a key that the dictionary lacks.
    """
    if keys is not None:
        for key, value in zip(keys, values, strict=True):
            if key == index:
                return value
        raise EvaluationError(f"the dictionary has no key {index!r}")
    if not isinstance(index, int):
        raise RaspTypeError(f"an index into a list must be an int, not a {kind_of(index)}")
    if not -len(values) <= index < len(values):
        raise EvaluationError(f"index {int(index)} is out of range for a list of length {len(values)}")
    return values[index]
