"""Exact arithmetic on arrays of rationals: numerators and denominators in lowest terms (None: all denominators are 1).

No operation overflows: a product that might leave int64 is formed of Python ints instead.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from rasp.evaluate.column import SMALL, Integers, Mask, magnitude, settled, without_ones

Rationals: TypeAlias = tuple[Integers, Integers | None]


def times(left: Integers, right: Integers | None) -> Integers:
    """The product, in Python ints where it might be larger than ``SMALL``; None stands for ones."""
    if right is None:
        return left
    if left.dtype != object and right.dtype != object and magnitude(left) * magnitude(right) > SMALL:
        left = left.astype(object)
    return left * right


def reduced(num: Integers, den: Integers) -> Rationals:
    """Lowest terms with positive denominators."""
    sign = np.where(den < 0, -1, 1)
    common = np.gcd(num, den) * sign
    return settled(num // common), without_ones(settled(den // common))


def _product_of_denominators(left: Integers | None, right: Integers | None) -> Integers | None:
    return right if left is None else times(left, right)


def _in_lowest_terms(num: Integers, den: Integers | None) -> Rationals:
    return (settled(num), None) if den is None else reduced(num, den)


def added(left: Rationals, right: Rationals) -> Rationals:
    num = times(left[0], right[1]) + times(right[0], left[1])
    return _in_lowest_terms(num, _product_of_denominators(left[1], right[1]))


def negated(value: Rationals) -> Rationals:
    return -value[0], value[1]


def multiplied(left: Rationals, right: Rationals) -> Rationals:
    return _in_lowest_terms(times(left[0], right[0]), _product_of_denominators(left[1], right[1]))


def divided(left: Rationals, right: Rationals) -> Rationals:
    """The quotient; the divisors are not 0."""
    return reduced(times(left[0], right[1]), times(right[0], left[1]))


def floor_divided(left: Rationals, right: Rationals) -> Rationals:
    """The quotient rounded down; the divisors are not 0."""
    return settled(times(left[0], right[1]) // times(right[0], left[1])), None


def modulo(left: Rationals, right: Rationals) -> Rationals:
    """The remainder, with the sign of the divisor; the divisors are not 0."""
    remainder = times(left[0], right[1]) % times(right[0], left[1])
    return _in_lowest_terms(remainder, _product_of_denominators(left[1], right[1]))


def raised(base: Rationals, exponent: int) -> Rationals | None:
    """A power with a natural exponent; None where it might not fit int64."""
    bound = max(magnitude(base[0]), 1 if base[1] is None else magnitude(base[1]))
    if base[0].dtype == object or (bound > 1 and (exponent > 62 or bound**exponent > SMALL)):
        return None
    if bound <= 1:  # powers of -1, 0 and 1: the exponent's parity decides, whatever its size
        exponent = min(exponent, 2 - exponent % 2)
    return base[0] ** exponent, None if base[1] is None else base[1] ** exponent


def rounded(value: Rationals) -> Rationals:
    """The nearest integer, halves to even."""
    num, den = value
    if den is None:
        return value
    doubled = times(den, np.array([2]))
    shifted = times(num, np.array([2])) + den
    nearest = shifted // doubled
    tie = (shifted % doubled == 0) & (nearest % 2 == 1)
    return settled(nearest - tie.astype(np.int64)), None


def truncated(value: Rationals) -> Rationals:
    """The integer part, toward zero."""
    num, den = value
    if den is None:
        return value
    return settled(np.where(num < 0, -(-num // den), num // den)), None


def compared(left: Rationals, right: Rationals) -> tuple[Integers, Integers]:
    """Two arrays of integers that compare as the rationals do."""
    return times(left[0], right[1]), times(right[0], left[1])


def are_equal(left: Rationals, right: Rationals) -> Mask:
    """Where two rationals are equal: lowest terms make that a comparison of parts."""
    ones = np.array([1])
    same = left[0] == right[0]
    if left[1] is not None or right[1] is not None:
        same = same & ((ones if left[1] is None else left[1]) == (ones if right[1] is None else right[1]))
    return np.asarray(same, dtype=np.bool_)
