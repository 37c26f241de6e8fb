"""Documented answers of the reference language, as graphs."""

from __future__ import annotations

from fractions import Fraction

import pytest

from rasp.errors import EvaluationError, InputError
from rasp.evaluate import evaluate, evaluate_selector, sequence_text
from rasp.graph import Atom, Sop
from rasp.graph.nodes import Aggregate, Compare, Comparison, Const, Input, Lookup, Map, Op, SelectorWidth

INDICES, TOKENS = Input("indices"), Input("tokens_str")
IS_L = Map(Op.EQ, (TOKENS, Const("l")))
LATE = Map(Op.GT, (INDICES, Const(2)))
FULL = Compare(Const(1), Const(1), Comparison.EQ)
BEFORE = Compare(INDICES, INDICES, Comparison.LT)
NEXT = Compare(INDICES, Map(Op.ADD, (INDICES, Const(1))), Comparison.EQ)


def of(op: Op, *args: Sop | Atom) -> Map:
    return Map(op, tuple(Const(arg) if isinstance(arg, bool | int | str | Fraction) else arg for arg in args))


ANSWERS: list[tuple[Sop, str]] = [
    (of(Op.NOT, of(Op.IN, TOKENS, "h")), "[F, T, T, T, T] (bools)"),
    (of(Op.IN, of(Op.NOT, TOKENS), "h"), "[F]*5 (bools)"),
    (of(Op.ROUND, of(Op.DIV, INDICES, 2)), "[0, 0, 1, 2, 2] (ints)"),
    (of(Op.DIV, 1, of(Op.ADD, INDICES, 1)), "[1.0, 0.5, 0.333, 0.25, 0.2] (floats)"),
    (of(Op.DIV, INDICES, 2), "[0.0, 0.5, 1.0, 1.5, 2.0] (floats)"),
    (of(Op.POW, INDICES, Fraction(1, 2)), "[0.0, 1.0, 1.414, 1.732, 2.0] (floats)"),
    (of(Op.MOD, INDICES, Fraction(5, 2)), "[0.0, 1.0, 2.0, 0.5, 1.5] (floats)"),
    (of(Op.ADD, TOKENS, "a"), "[ha, ea, la, la, oa] (strings)"),
    (of(Op.MUL, TOKENS, 2), "[hh, ee, ll, ll, oo] (strings)"),
    (of(Op.MUL, TOKENS, INDICES), "[, e, ll, lll, oooo] (strings)"),
    (of(Op.ADD, IS_L, 1), "[1, 1, 2, 2, 1] (ints)"),
    (of(Op.EQ, IS_L, 1), "[F, F, T, T, F] (bools)"),
    (of(Op.NEG, IS_L), "[0, 0, -1, -1, 0] (ints)"),
    (of(Op.AND, INDICES, 1), "[F, T, T, T, T] (bools)"),
    (of(Op.OR, of(Op.EQ, TOKENS, "h"), "e"), "[T]*5 (bools)"),
    (of(Op.IF, LATE, 0, True), "[T, T, T, 0, 0] (ints)"),
    (of(Op.IF, LATE, 1, Fraction(1, 2)), "[0.5, 0.5, 0.5, 1, 1] (floats)"),
    (of(Op.INDICATOR, INDICES), "[0, 1, 1, 1, 1] (ints)"),
    (of(Op.IN, INDICES, Fraction(0), True), "[T, T, F, F, F] (bools)"),
    (of(Op.EQ, TOKENS, 3), "[F]*5 (bools)"),
    (of(Op.MUL, INDICES, Fraction(1, 100_000)), "[0.0, 0.0, 0.0, 0.0, 0.0] (floats)"),
    (Aggregate(BEFORE, INDICES), "[0, 0, 0.5, 1.0, 1.5] (floats)"),
    (Aggregate(NEXT, INDICES), "[1, 2, 3, 4, 0] (ints)"),
    (Aggregate(NEXT, INDICES, -1), "[1, 2, 3, 4, -1] (ints)"),
    (Aggregate(NEXT, INDICES, Fraction(1, 2)), "[1, 2, 3, 4, 0.5] (floats)"),
    (Aggregate(NEXT, TOKENS, "-"), "[e, l, l, o, -] (strings)"),
    (Aggregate(NEXT, IS_L), "[F, T, T, F, 0] (ints)"),
    (Aggregate(NEXT, IS_L, False), "[F, T, T, F, F] (bools)"),
    (Aggregate(FULL, Const(1)), "[1.0]*5 (floats)"),
    (Aggregate(Compare(INDICES, Const(7), Comparison.EQ), TOKENS), "[0]*5 (ints)"),
    (Aggregate(Compare(INDICES, Const(1), Comparison.EQ), TOKENS), "[e]*5 (strings)"),
    (SelectorWidth(Compare(TOKENS, TOKENS, Comparison.EQ)), "[1, 1, 2, 2, 1] (ints)"),
    (SelectorWidth(Compare(TOKENS, INDICES, Comparison.EQ)), "[0]*5 (ints)"),
    (Lookup(None, tuple("hello"), INDICES), "[h, e, l, l, o] (strings)"),
    (Lookup(None, (1, 2, 3, 4, 5), of(Op.NEG, INDICES)), "[1, 5, 4, 3, 2] (ints)"),
    (Lookup((0, 1, 2, 3, 4), tuple("zyxwv"), INDICES), "[z, y, x, w, v] (strings)"),
    (of(Op.IF, of(Op.EQ, TOKENS, "z"), "a", 1), "[1]*5 (ints)"),
]

FAILURES: list[tuple[Sop, str, int]] = [
    (of(Op.DIV, 1, INDICES), "division by zero: int 1 / int 0", 0),
    (of(Op.MOD, INDICES, of(Op.SUB, INDICES, 2)), "modulo by zero: int 2 % int 0", 2),
    (of(Op.ADD, TOKENS, 1), r"cannot apply '\+' to string and int", 0),
    (of(Op.IF, LATE, "a", 1), 'values of different types in one sequence: int 1 at position 0, then string "a"', 3),
    (of(Op.LT, TOKENS, INDICES), "cannot order string \"h\" and int 0 with '<'", 0),
    (of(Op.BITAND, of(Op.DIV, INDICES, 2), 1), "cannot apply '&' to a float", 0),
    (Aggregate(NEXT, TOKENS), "nothing is selected, so the default int 0 is taken, while other positions hold strings", 4),
    (Aggregate(FULL, TOKENS), "can't average 5 values that are strings, not numbers", 0),
    (Aggregate(FULL, Const(True)), "can't average 5 values that are bools, not numbers", 0),
    (SelectorWidth(Compare(TOKENS, INDICES, Comparison.LT)), "cannot order string", 0),
    (Lookup(None, (1, 2), INDICES), "index 2 is out of range for a list of length 2", 2),
    (Lookup(None, (1, 2), of(Op.DIV, INDICES, 9)), "a list is indexed by an int, not by float 0", 0),
    (Lookup(("a",), (1,), INDICES), "int 0 is no key of the dictionary", 0),
]


@pytest.mark.parametrize(("node", "text"), ANSWERS)
def test_answers_on_hello(node, text):
    assert sequence_text(evaluate(node, "hello")) == text


@pytest.mark.parametrize(("node", "message", "position"), FAILURES)
def test_failures_on_hello(node, message, position):
    with pytest.raises(EvaluationError, match=message) as caught:
        evaluate(node, "hello")
    assert caught.value.position == position
    assert f"(at position {position})" in str(caught.value)


def test_averages_of_one_value_are_not_averages():
    assert sequence_text(evaluate(Aggregate(FULL, TOKENS), "a")) == "[a] (strings)"
    assert sequence_text(evaluate(Aggregate(FULL, IS_L), "l")) == "[T] (bools)"


def test_selectors_compare_keys_on_columns_with_queries_on_rows():
    column_2 = evaluate_selector(Compare(INDICES, Const(2), Comparison.EQ), "hello")
    row_2 = evaluate_selector(Compare(Const(2), INDICES, Comparison.EQ), "hello")
    assert column_2.tolist() == [[False, False, True, False, False]] * 5
    assert (row_2 == column_2.T).all()
    assert not evaluate_selector(Compare(TOKENS, INDICES, Comparison.EQ), "hello").any()


CONVERSIONS: list[tuple[Sop, object, str]] = [
    (Input("tokens_bool"), "0F ", "[T]*3 (bools)"),
    (Input("tokens_bool"), [0, 2, ""], "[F, T, F] (bools)"),
    (Input("tokens_int"), [2.7, True], "[2, 1] (ints)"),
    (Input("tokens_int"), [-2.7, "12", " 3 "], "[-2, 12, 3] (ints)"),
    (Input("tokens_float"), ["1.5", 2, True], "[1.5, 2.0, 1.0] (floats)"),
    (Input("tokens_str"), [True, 1.0, 2], "[True, 1.0, 2] (strings)"),
    (Input("tokens_str"), ["a", 0.1], "[a, 0.1] (strings)"),
    (Input("tokens_asis"), [1, True], "[1]*2 (ints)"),
    (Input("tokens_asis"), [1.5, True], "[1.5, T] (floats)"),
    (Input("tokens_asis"), {"b": 1, "a": 2}, "[b, a] (strings)"),
    (INDICES, ["a", 1], "[0, 1] (ints)"),
]


@pytest.mark.parametrize(("node", "tokens", "text"), CONVERSIONS)
def test_conversions(node, tokens, text):
    assert sequence_text(evaluate(node, tokens)) == text


BAD_INPUTS: list[tuple[Sop, object, str]] = [
    (INDICES, "", "the input is empty"),
    (INDICES, [], "the input is empty"),
    (INDICES, 3, "an input is a string, a list or a dictionary, not int"),
    (INDICES, b"ab", "not bytes"),
    (INDICES, {1, 2}, "not set"),
    (INDICES, [1, None], "position 1 of the input: None is not an atom"),
    (INDICES, [1.0, float("nan")], "position 1 of the input: nan is not an atom"),
    (Input("tokens_asis"), ["a", 1], 'mixes strings and numbers: string "a" at position 0, int 1 at position 1'),
    (Input("tokens_int"), "1x", 'string "x" at position 1 of the input can\'t be read as an int'),
    (Input("tokens_int"), [1, "1.5"], 'string "1.5" at position 1 of the input can\'t be read as an int'),
    (Input("tokens_float"), ["1", "inf"], 'string "inf" at position 1 of the input can\'t be read as a float'),
]


@pytest.mark.parametrize(("node", "tokens", "message"), BAD_INPUTS)
def test_bad_inputs(node, tokens, message):
    with pytest.raises(InputError, match=message):
        evaluate(node, tokens)


def test_results_are_never_shared_between_equal_inputs_of_other_kinds():
    node = Input("tokens_asis")
    assert [sequence_text(evaluate(node, [one])) for one in (1, True, 1.0)] == ["[1] (ints)", "[T] (bools)", "[1.0] (floats)"]


def test_numbers_are_exact():
    inverse = of(Op.MUL, of(Op.DIV, 1, 49), 49)
    assert evaluate(of(Op.EQ, inverse, 1), "a").to_list() == [True]
    tenths = of(Op.ADD, Input("tokens_asis"), Fraction(2, 10))
    assert evaluate(of(Op.EQ, tenths, Fraction(3, 10)), [0.1]).to_list() == [True]
