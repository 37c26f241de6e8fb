"""An interval contains every result of an operator on numbers from the intervals of its arguments."""

import math
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from compiler.analysis.intervals import Interval, bounds
from rasp import atoms
from rasp.errors import RaspError
from rasp.graph.nodes import Op

INTEGRAL = (Op.BITAND, Op.BITOR, Op.BITXOR, Op.INVERT)
ONE = (Op.NEG, Op.POS, Op.ABS, Op.ROUND, Op.TRUNC, Op.INVERT)
TWO = (Op.ADD, Op.SUB, Op.MUL, Op.DIV, Op.FLOORDIV, Op.MOD, Op.BITAND, Op.BITOR, Op.BITXOR)
FRACTIONS = st.fractions(-20, 20, max_denominator=7)


def around(numbers: list[Fraction]) -> Interval:
    """The tightest interval of some numbers."""
    return Interval(min(numbers), max(numbers), min((abs(number) for number in numbers if number), default=Fraction(1)))


def check(op: Op, sides: list[list[Fraction]]) -> None:
    if op in INTEGRAL:
        sides = [[Fraction(math.floor(number)) for number in side] for side in sides]
    found = bounds(op, [around(side) for side in sides])
    for numbers in zip(*sides, strict=True):
        given_ = [int(number) for number in numbers] if op in INTEGRAL else list(numbers)
        try:
            result = atoms.apply(op, *given_)
        except RaspError:
            continue
        assert not isinstance(result, str)
        if found is not None:
            assert found.low <= result <= found.high, (op, given_, result, found)
            assert not result or abs(result) >= found.least


@given(st.sampled_from(ONE), st.lists(FRACTIONS, min_size=1, max_size=6))
def test_operators_of_one_number(op: Op, numbers: list[Fraction]) -> None:
    check(op, [numbers])


@given(st.sampled_from(TWO), st.lists(st.tuples(FRACTIONS, FRACTIONS), min_size=1, max_size=6))
def test_operators_of_two_numbers(op: Op, pairs: list[tuple[Fraction, Fraction]]) -> None:
    check(op, [[a for a, _ in pairs], [b for _, b in pairs]])


@given(st.lists(FRACTIONS, min_size=1, max_size=6), st.integers(0, 7))
def test_powers_of_constant_exponent(numbers: list[Fraction], exponent: int) -> None:
    check(Op.POW, [numbers, [Fraction(exponent)] * len(numbers)])


@given(st.lists(FRACTIONS, min_size=1, max_size=4), st.lists(FRACTIONS, min_size=1, max_size=4))
def test_a_joined_interval_holds_both(one: list[Fraction], other: list[Fraction]) -> None:
    joined = around(one).join(around(other))
    assert all(joined.low <= number <= joined.high for number in (*one, *other))
    assert all(abs(number) >= joined.least for number in (*one, *other) if number)


@given(st.lists(FRACTIONS, min_size=1, max_size=4).filter(any), FRACTIONS)
def test_an_interval_that_includes_one_more_number(numbers: list[Fraction], number: Fraction) -> None:
    assert around(numbers).including(number) == around([*numbers, number])


def test_a_divisor_that_can_be_arbitrarily_small_has_no_bound() -> None:
    assert bounds(Op.DIV, [Interval(Fraction(1), Fraction(2)), Interval(Fraction(-1), Fraction(1))]) is None
    assert bounds(Op.DIV, [Interval(Fraction(1), Fraction(2)), Interval(Fraction(-1), Fraction(1), Fraction(1, 3))]) == Interval(
        Fraction(-6), Fraction(6)
    )
