"""No text raises anything but a RaspError, and none runs away."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Literal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import rasp
from rasp import limits
from rasp.syntax.lint import lint
from rasp.values import Selector, SOp
from tests.cases import CASES
from tests.rasp.elaborate.generator import random_program

VOCABULARY = (
    "set s-op selector example examples show on off exit quit load draw def for in return not and or if else round indicator "
    "select ( aggregate ( range ( zip ( len ( ( ) [ ] { } ; ; ; , : = == != <= >= < > + - * / % ^ "
    'tokens indices length full_s True False x y f max sort selector_width 0 1 2 0.5 "a" "" # \n \t " \' é \x00'
)
WORDS = VOCABULARY.split(" ")


def survive(text: str) -> None:
    """Load, print, lint and evaluate; every fault must be a RaspError that can be reported."""
    try:
        module = rasp.loads(text)
        assert rasp.parse(rasp.unparse(module.program)) == module.program
        lint(module.program)
        for name in module:
            if isinstance(module[name], SOp | Selector):
                module[name]("ab")
    except rasp.RaspError as error:
        error.report()


@settings(max_examples=200)
@given(st.text(st.characters(), max_size=40))
def test_any_text(text: str) -> None:
    survive(text)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(WORDS), max_size=25))
@example(["def", "}"])
@example(["def", "(", ")", "}"])
def test_any_words(words: list[str]) -> None:
    survive(" ".join(words))


@settings(max_examples=150)
@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_mutated_programs(seed: int, change: int) -> None:
    random = Random(change)
    text = random.choice([random_program(seed).text, random.choice(CASES).program])
    for _ in range(random.randint(1, 3)):
        place = random.randrange(len(text))
        word = random.choice(WORDS)
        text = text[:place] + random.choice([word, f" {word} ", ""]) + text[place + random.randint(0, 3) :]
    survive(text)


@settings(max_examples=100)
@given(st.integers(0, 10**6))
def test_random_programs_give_values_or_located_errors(seed: int) -> None:
    program = random_program(seed)
    faults: tuple[rasp.RaspError, ...] = ()
    try:
        value = rasp.loads(program.text)[program.result]
        for tokens in program.inputs:
            if isinstance(value, SOp):
                assert len(value(tokens)) == len(tokens)
            elif isinstance(value, Selector):
                assert value(tokens).shape == (len(tokens), len(tokens))
    except rasp.RaspError as error:
        faults = error.errors
    assert all(fault.span is not None for fault in faults)


RUNAWAYS = {
    "endless recursion": "def f(a) { return f(a); } x = f(1);",
    "recursion in a comprehension": "def f(a) { return [f(x) for x in [a]]; } x = f(1);",
    "mutual recursion": "def f(a) { return g(a) + 1; } def g(a) { return f(a); } x = f(1);",
    "loops in loops": "for i in range(1000) { for j in range(1000) { for k in range(1000) { x = i; } } }",
    "a huge range": "x = range(10 ^ 30);",
    "many ranges": "x = [range(1000) for i in range(100000)];",
    "a tower of powers": "x = 2 ^ (2 ^ (2 ^ (2 ^ (2 ^ 2))));",
    "repeated squaring": "x = 3; for i in range(100) { x = x * x; }",
    "a shrinking fraction": "x = 1 / 3; for i in range(100) { x = x * x; }",
    "a doubling string": 'x = "a"; for i in range(100) { x = x + x; }',
    "a doubling list": "x = [1]; for i in range(100) { x = x + x; }",
    "a list of itself twice": "x = [1]; for i in range(100) { x = [x, x]; }",
    "a dictionary of itself twice": "x = {1: 1}; for i in range(100) { x = {1: x, 2: x}; }",
    "a list in a list in a list": "x = [1]; for i in range(10000) { x = [x]; }",
    "a dictionary in a dictionary": "x = {}; for i in range(10000) { x = {1: x}; }",
    "a list made by an assignment": "x = 1; for i in range(10000) { x = x, x; }",
    "a list made by a return": "def f(a) { return a, 1; } x = 1; for i in range(10000) { x = f(x); }",
    "a nested list added to": "x = [1]; for i in range(10000) { x = [x + [1]]; }",
    "many long strings": 's = "a" * 1000000; x = []; for i in range(100000) { x = x + [s + ""]; }',
    "a large membership, often": "for i in range(100) { x = indices in range(100000); }",
    "nested brackets": "(" * 100_000 + "1" + ")" * 100_000 + ";",
    "open brackets": "[" * 100_000,
    "nested functions": "def f() {" * 1_000,
    "a line of 10 MB": "x = " + "1 + " * 2_500_000 + "1;",
    "a literal of 7 MB": "x = " + "1" * 7_000_000 + ";",
    "a long chain": "x = " + "1 + " * 1_500 + "1;",
    "many signs": "x = " + "-" * 1_500 + "1;",
    "a long conditional": "x = " + "1 if 1 else " * 1_500 + "1;",
    "comparisons of long strings": 's = "a" * 1000000; t = "a" * 1000000; for i in range(100000) { x = s == t; }',
    "comparisons of large lists": "s = [0] * 100000; t = [0] * 100000; for i in range(100000) { x = s == t; }",
    "divisions of large numbers": "s = 7 ^ 20000; t = 3 ^ 20000; for i in range(100000) { x = s % t; }",
    "applications of a large graph": 's = indices; for i in range(500) { s = s + 1; } for i in range(9999) { x = s("ab"); }',
    "nested calls": "def f(a) { return a; } x = " + "f(" * 401 + "1" + ")" * 401 + ";",
}


@pytest.mark.parametrize("text", RUNAWAYS.values(), ids=RUNAWAYS.keys())
def test_runaways_end_in_a_located_limit_error(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "STEPS", 100_000)
    with pytest.raises(rasp.RaspLimitError) as caught:
        rasp.loads(text)
    assert caught.value.span is not None
    assert len(caught.value.report()) < 2_000


AT_THE_LIMIT = {
    "recursion": ("def f(n) { return 0 if n == 0 else 1 + f(n - 1); } x = f(499);", 499),
    "recursion over expressions": ("def f(n) { return 0 if n == 0 else " + "1 + " * 99 + "f(n - 1); } x = f(400);", 39_600),
    "brackets": ("x = " + "(" * 400 + "1" + ")" * 400 + ";", 1),
    "a chain": ("x = " + "1 + " * 900 + "1;", 901),
    "a power": ("x = 2 ^ 65535 % 10;", 8),
    "a range": ("x = len(range(1000000));", 1_000_000),
}


@pytest.mark.parametrize(("text", "value"), AT_THE_LIMIT.values(), ids=AT_THE_LIMIT.keys())
def test_what_is_within_the_limits_works(text: str, value: int) -> None:
    assert rasp.loads(text)["x"] == value


MANY_ERRORS = {
    "syntax": "x = = 1;\n" * 1_000,
    "semicolons": ";" * 1_000,
    "names": "x = y;\n" * 1_000,
    "RASP-L": "x = = 1\n" * 1_000,
}


@pytest.mark.parametrize(
    ("dialect", "text"), [("rasp-l" if name == "RASP-L" else "rasp", text) for name, text in MANY_ERRORS.items()]
)
def test_a_search_for_errors_ends(dialect: Literal["rasp", "rasp-l"], text: str) -> None:
    with pytest.raises(rasp.RaspErrors) as caught:
        rasp.loads(text, dialect)
    assert len(caught.value.errors) == limits.ERRORS + 1
    assert caught.value.errors[-1].message == "more than 100 errors: the rest of the program is left aside"


def test_lists_and_huge_counts() -> None:
    module = rasp.loads("x = [1] * (0 - 10^100); y = [] * 10^100; z = (0 - 10^100) * [1];")
    assert list(module.values()) == [[], [], []]


def test_floats_beyond_doubles_stay_exact() -> None:
    assert rasp.loads("x = 10^400 / 3; y = indices;")["x"] == Fraction(10**400, 3)


def test_nested_lists_come_out_whole() -> None:
    nested = rasp.loads("def f(n) { return 0 if n == 0 else [f(n - 1)]; } x = f(200);")["x"]
    depth = 0
    while isinstance(nested, list):
        [nested] = nested
        depth += 1
    assert depth == 200


def test_the_limit_on_steps_is_that_of_the_whole_program() -> None:
    with pytest.raises(rasp.RaspLimitError, match=f"{limits.STEPS:,} steps"):
        rasp.loads("x = range(1000000);\n" * 9)


def test_a_graph_of_any_depth_is_evaluated() -> None:
    assert rasp.loads("x = indices; for i in range(3000) { x = x + 1; }")["x"]("ab") == [3_000, 3_001]


@pytest.mark.parametrize(
    "text",
    [
        'x = "\ud800";',
        '"\ud800"("\ud800");',
        "\ud800",
        "# \ud800\nx = 1;",
        'load "\ud800";',
        'x = "\x00";',
        "\x00",
        'load "\x00";',
    ],
)
def test_odd_characters(text: str) -> None:
    survive(text)


def test_a_lone_surrogate_is_a_token_like_any_other() -> None:
    assert rasp.loads("x = tokens;")["x"]("\ud800a") == ["\ud800", "a"]
