"""Printing and parsing are inverse to each other."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings

import rasp
from rasp.syntax import ast
from tests.cases import CASES
from tests.rasp.elaborate.generator import random_program
from tests.rasp.syntax.trees import SPAN, programs


@settings(max_examples=200)
@given(programs)
def test_every_tree_is_parsed_back(program: ast.Program) -> None:
    assert rasp.parse(rasp.unparse(program)) == program


@pytest.mark.parametrize("case", [case for case in CASES if case.dialect == "rasp"], ids=lambda case: case.name)
def test_printing_is_idempotent(case: object) -> None:
    program = rasp.parse(case.program)  # type: ignore[attr-defined]
    text = rasp.unparse(program)
    assert rasp.parse(text) == program
    assert rasp.unparse(rasp.parse(text)) == text


@pytest.mark.parametrize("seed", range(100))
def test_random_programs_survive(seed: int) -> None:
    program = rasp.parse(random_program(seed).text)
    assert rasp.parse(rasp.unparse(program)) == program


def test_a_program_is_laid_out_readably() -> None:
    text = """
    # comments go
    x=(indices + (1))*2;   y , z = ("a"),1.50;
    def f(a,b) { def g() { return 1; } for i,j in zip([1],[2]) { a=a+i; } return (a) if (b) else ((1 if b else 2)), {1:[]}; }
    set s-op example "abc"
    full   seq display off
    load "lib";
    """
    wanted = """\
x = (indices + 1) * 2;
y, z = "a", 1.5;

def f(a, b) {
    def g() {
        return 1;
    }
    for i, j in zip([1], [2]) {
        a = a + i;
    }
    return a if b else (1 if b else 2), {1: []};
}

set s-op example "abc"
full seq display off
load "lib";
"""
    assert rasp.unparse(rasp.parse(text)) == wanted


BRACKETS = [
    ("(a + b) * c;", "(a + b) * c;"),
    ("(a * b) + c;", "a * b + c;"),
    ("a - (b - c);", "a - (b - c);"),
    ("(a - b) - c;", "a - b - c;"),
    ("(7 % 4) * 2;", "(7 % 4) * 2;"),
    ("7 % (4 * 2);", "7 % 4 * 2;"),
    ("-(2 ^ 2);", "-(2 ^ 2);"),
    ("(-2) ^ 2;", "-2 ^ 2;"),
    ("2 ^ (3 ^ 2);", "2 ^ (3 ^ 2);"),
    ("not (a == b);", "not (a == b);"),
    ("a or (b and c);", "a or (b and c);"),
    ("(a or b) and c;", "a or b and c;"),
    ("(a in b) and c;", "(a in b) and c;"),
    ("a in (b and c);", "a in b and c;"),
    ("a if b else (c if d else e);", "a if b else (c if d else e);"),
    ("(a if b else c) if d else e;", "a if b else c if d else e;"),
    ("a if (b if c else d) else e;", "a if b if c else d else e;"),
    ("(-a)[0];", "(-a)[0];"),
    ("-(a[0]);", "-a[0];"),
    ("(len)(a);", "(len)(a);"),
    ("len (a);", "len(a);"),
    ("s - op;", "s - op;"),
    ("- - 1;", "--1;"),
    ("a == (not b);", "a == not b;"),
]


@pytest.mark.parametrize(("text", "printed"), BRACKETS)
def test_brackets_only_where_they_change_something(text: str, printed: str) -> None:
    assert rasp.unparse(rasp.parse(text)) == printed + "\n"


def constant(value: int | Fraction | str) -> ast.Program:
    return ast.Program("rasp", (ast.ExpressionStatement(ast.Constant(value, span=SPAN), span=SPAN),), SPAN.source)


@pytest.mark.parametrize("digits", [4_000, 4_301, 9_999])
def test_numbers_of_any_length(digits: int) -> None:
    number = Random(digits).randrange(10 ** (digits - 1), 10**digits)
    assert rasp.parse(rasp.unparse(constant(number))) == constant(number)
    assert rasp.parse(rasp.unparse(constant(Fraction(number, 10)))) == constant(Fraction(number, 10))


@pytest.mark.parametrize("value", ['say "x"', "two\nlines", Fraction(1, 3)])
def test_what_no_literal_denotes_is_refused(value: Fraction | str) -> None:
    with pytest.raises(rasp.RaspValueError):
        rasp.unparse(constant(value))


def test_a_deep_tree_is_printed() -> None:
    text = "+".join(["x"] * 900) + ";"
    assert rasp.unparse(rasp.parse(text)).count("+") == 899
