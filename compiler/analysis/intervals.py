"""Bounds of what an arithmetic operator makes of numbers between bounds."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from rasp.graph.nodes import Op

MOST_POWER = 64
"""Powers with a larger exponent are not bounded."""


@dataclass(frozen=True)
class Interval:
    """All numbers from low to high.

    Attributes:
        least: no number of it but 0 is smaller than this in magnitude.
    """

    low: Fraction
    high: Fraction
    least: Fraction = Fraction(0)

    def join(self, other: Interval) -> Interval:
        """The smallest interval that holds both."""
        return Interval(min(self.low, other.low), max(self.high, other.high), min(self.least, other.least))

    def including(self, number: Fraction) -> Interval:
        """The smallest interval that holds this and a number."""
        least = min(self.least, abs(number)) if number else self.least
        return Interval(min(self.low, number), max(self.high, number), least)

    @property
    def magnitude(self) -> Fraction:
        return max(abs(self.low), abs(self.high))


def bounds(op: Op, args: list[Interval]) -> Interval | None:
    """An interval that holds the results of an operator on numbers; None where no bound is known."""
    match op, args:
        case Op.ADD, [a, b]:
            return Interval(a.low + b.low, a.high + b.high)
        case Op.SUB, [a, b]:
            return Interval(a.low - b.high, a.high - b.low)
        case Op.MUL, [a, b]:
            return _hull((x * y for x, y in itertools.product((a.low, a.high), (b.low, b.high))), a.least * b.least)
        case Op.DIV, [a, b]:
            return _divided(a, b)
        case Op.FLOORDIV, [a, b]:
            quotient = _divided(a, b)
            return quotient and Interval(Fraction(math.floor(quotient.low)), Fraction(math.floor(quotient.high)))
        case Op.MOD, [_, b]:
            return Interval(min(b.low, Fraction(0)), max(b.high, Fraction(0)))
        case Op.NEG, [a]:
            return Interval(-a.high, -a.low, a.least)
        case Op.POS, [a]:
            return a
        case Op.ABS, [a]:
            return Interval(Fraction(0) if a.low <= 0 <= a.high else min(abs(a.low), abs(a.high)), a.magnitude, a.least)
        case Op.ROUND, [a]:
            return Interval(Fraction(round(a.low)), Fraction(round(a.high)))
        case Op.TRUNC, [a]:
            return Interval(Fraction(math.trunc(a.low)), Fraction(math.trunc(a.high)))
        case Op.INVERT, [a]:
            return Interval(-a.high - 1, -a.low)
        case Op.POW, [a, b] if b.low == b.high and b.low.denominator == 1 and 0 <= b.low <= MOST_POWER:
            powers = _hull(x ** int(b.low) for x in (a.low, a.high))
            return powers.join(Interval(Fraction(0), Fraction(0))) if a.low < 0 < a.high else powers
        case ((Op.BITAND | Op.BITOR | Op.BITXOR), [a, b]):
            power = 1 << math.floor(max(a.magnitude, b.magnitude)).bit_length()
            return Interval(Fraction(-power if min(a.low, b.low) < 0 else 0), Fraction(power))
        case _:
            return None


def _divided(a: Interval, b: Interval) -> Interval | None:
    least = a.least / b.magnitude if b.magnitude else Fraction(0)
    if b.low > 0 or b.high < 0:
        return _hull((x / y for x, y in itertools.product((a.low, a.high), (b.low, b.high))), least)
    if not b.least:
        return None
    most = a.magnitude / b.least
    return Interval(-most if a.low < 0 or b.low < 0 else Fraction(0), most, least)


def _hull(values: Iterable[Fraction], least: Fraction = Fraction(0)) -> Interval:
    listed = list(values)
    return Interval(min(listed), max(listed), least)
