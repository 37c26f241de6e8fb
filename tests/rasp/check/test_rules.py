"""The rules of the RASP-L checker, one by one."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest

import rasp
from rasp.check import RULES, Finding, check
from rasp.check.kinds import Tok, on_one, on_two
from rasp.elaborate.raspl import RaspLFunction
from rasp.errors import EvaluationError, RaspTypeError
from rasp.graph import Sop
from rasp.graph.nodes import Const, Map, Op
from tests.rasp.raspl.generator import random_program


def function(body: str) -> RaspLFunction:
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    return rasp.loads(f"def program(x):\n{lines}", "rasp-l")["program"]


def rules(body: str, *, strict: bool = False, tokens: tuple[int, int] = (0, 9)) -> list[tuple[str, str]]:
    return [(finding.rule, finding.severity) for finding in check(function(body), strict=strict, tokens=tokens)]


CLEAN = [
    "return x",
    "return where(x == 2, shift_right(x, 1), full(x, 0))",
    "return mask(x, cumsum(x == 1) > cumsum(x == 2))",
    "return kqv(indices(x), lasts(x, full(x, 3)) + 1, x, equals)",
    "return induct(x, x, offset=1)",
    "return where(firsts(x, x) == lasts(x, full(x, 1)), x, full(x, 0))",
    "return where(firsts(x, full(x, 1)) == full(x, -1), x, full(x, 0))",
    "return mode(x)",
    "return (x * 3 + 5) % 10",
    "return has_seen(x, full(x, 4)) & ~has_seen(x, full(x, 5))",
    "return kqv(x, x, x, lambda k, q: k + q > 4, reduction='max')",
    "return where(seq_map(indices(x), firsts(x, x) + 1, lambda a, b: a == b), x, x + 1)",
]


@pytest.mark.parametrize("body", CLEAN)
def test_programs_within_the_rules(body: str) -> None:
    found = [finding for finding in check(function(body), strict=True, tokens=(0, 9)) if finding.rule != "count-equality"]
    assert found == []


@pytest.mark.parametrize(
    ("body", "rule", "default", "strict"),
    [
        ("return kqv(x, x, x, nowhere)", "not-raspl", "error", "error"),
        ("if x > 1:\n    return x\nreturn -x", "not-raspl", "error", "error"),
        ("return sel_width(select(x, x, lt, causal=False)) > 3", "not-causal", "error", "error"),
        ("return where(indices(x) % 2 == 0, x, full(x, 0))", "index-arithmetic", "error", "error"),
        ("return where(indices(x) * 2 == firsts(x, x), x, full(x, 0))", "index-arithmetic", "error", "error"),
        ("return where(indices(x) - firsts(x, x) == lasts(x, x), x, full(x, 0))", "index-arithmetic", "error", "error"),
        ("return kqv(indices(x), indices(x), x, lambda k, q: k * 2 == q)", "index-arithmetic", "error", "error"),
        ("return kqv(indices(x), tok_map(indices(x), lambda i: i // 2), x, equals)", "index-arithmetic", "error", "error"),
        ("return index_select(x, kqv(x, x, indices(x), equals))", "mean-of-positions", "error", "error"),
        ("return shift_right(x, 2)", "iterated-successor", "note", "error"),
        ("return index_select(x, firsts(x, x) + 1 + 1)", "iterated-successor", "note", "error"),
        ("return index_select(x, where(x > 2, firsts(x, x), lasts(x, x)))", "index-choice", "warning", "error"),
        ("return where(indices(x) > 3, x, full(x, 0))", "absolute-position", "warning", "error"),
        ("return index_select(x, x)", "absolute-position", "warning", "error"),
        ("return where(indices(x) < cumsum(x > 1), x, full(x, 0))", "absolute-position", "warning", "error"),
        ("return where(cumsum(indices(x)) > 3, x, full(x, 0))", "absolute-position", "warning", "error"),
        ("return where(indices(x), x, full(x, 0))", "absolute-position", "warning", "error"),
        ("return tok_map(x, lambda t: t / 2)", "float", "error", "error"),
        ("return tok_map(x, lambda t: t * 0.5)", "float", "error", "error"),
        ("return x * 20", "range", "note", "error"),
        ("return full(x, 200)", "range", "note", "error"),
        ("return num_prev(x, x)", "count-as-token", "warning", "error"),
        ("return cumsum(x == 1) % 2", "count-as-token", "warning", "error"),
        ("return kqv(num_prev(x, x), x, x, equals)", "count-equality", "warning", "warning"),
        ("return iterate(lambda s: shift_right(s, 1), x, 3)", "n-rasp-l", "note", "error"),
        ("return iterate(lambda s: maximum(s) + 1, full(x, 0), 3)", "range", "note", "error"),
        ("return iterate(lambda s: shift_right(s, 2), x, 3)", "iterated-successor", "note", "error"),
        ("return iterate(lambda s: s, indices(x), 3)", "position-as-token", "warning", "error"),
        ("return indices(x)", "position-as-token", "warning", "error"),
        ("return argmax(x)", "position-as-token", "warning", "error"),
    ],
)
def test_each_rule(body: str, rule: str, default: str, strict: str) -> None:
    assert (rule, default) in rules(body)
    assert (rule, strict) in rules(body, strict=True)


def test_structure() -> None:
    text = (
        "def loop(x):\n    n = 0\n    while n < 2:\n        n += 1\n    return x\n"
        "def again(x, n=2):\n    return x if n == 0 else again(x, n - 1)\n"
        "if __name__ == '__main__':\n    while True:\n        pass\n"
    )
    found = check(rasp.loads(text, "rasp-l"))
    assert [(finding.rule, finding.span.line) for finding in found if finding.span] == [("loop", 3), ("recursion", 7)]


def test_every_rule_is_tested_documented_and_reasoned() -> None:
    page = (Path(__file__).parents[3] / "docs" / "language" / "raspl-restrictions.md").read_text()
    for name, rule in RULES.items():
        assert f"`{name}`" in page
        assert rule.reason


def test_findings_have_a_place_and_print() -> None:
    (finding,) = check(function("y = x\nreturn shift_right(y, 3)"))
    assert isinstance(finding, Finding)
    assert finding.span is not None
    assert finding.span.text == "shift_right(y, 3)"
    assert finding.report().startswith("<string>:3:12: note: positions are moved by 3 places [iterated-successor]\n")


def test_both_values_of_a_flag_are_checked() -> None:
    text = "def f(x, reverse=True):\n    if reverse:\n        return shift_right(x, 1)\n    return indices(x)\n"
    program = rasp.loads(text, "rasp-l")["f"]
    assert [finding.rule for finding in check(program)] == ["position-as-token"]
    assert check(program, reverse=True) == []


def test_of_a_module_the_programs_are_checked_and_not_their_helpers() -> None:
    text = (
        "def sign(t):\n    return 1 if t > 0 else 0\n"
        "def shifted(x, n):\n    return shift_right(x, n)\n"
        "def program(x):\n    return shifted(tok_map(x, sign), 2)\n"
        "def _hidden(x):\n    return indices(x)\n"
    )
    found = check(rasp.loads(text, "rasp-l"))
    assert [(finding.rule, finding.span.text) for finding in found if finding.span] == [
        ("iterated-successor", "shift_right(x, n)")
    ]


def test_names_of_variables_hide_no_program() -> None:
    module = rasp.loads("def count(x):\n    return indices(x) * 2\n\ndef other(x, count=1):\n    return x + count\n", "rasp-l")
    assert [finding.rule for finding in check(module)] == ["index-arithmetic", "range"]


def test_functions_that_only_call_each_other_are_checked() -> None:
    module = rasp.loads("def even(x):\n    return odd(x)\n\ndef odd(x):\n    return even(x)\n", "rasp-l")
    assert [finding.rule for finding in check(module)] == ["not-raspl"]


def test_only_raspl_is_checked() -> None:
    with pytest.raises(RaspTypeError, match="only RASP-L"):
        check(rasp.loads("a = tokens;"))
    subject: Any = 3
    with pytest.raises(RaspTypeError, match="only RASP-L"):
        check(subject)


def test_the_range_of_the_input_counts() -> None:
    assert rules("return x + 1", tokens=(0, 9)) == []
    assert rules("return x + 1", tokens=(-128, 127)) == [("range", "note")]


def test_checking_never_fails_on_random_programs() -> None:
    rng = Random(5)
    for _ in range(30):
        program = rasp.loads(random_program(rng, statements=4), "rasp-l")["program"]
        assert all(finding.rule in RULES for finding in check(program, strict=rng.random() < 0.5))


ONE = (Op.NEG, Op.INVERT, Op.ABS, Op.POS, Op.TRUNC)
TWO = (Op.ADD, Op.SUB, Op.MUL, Op.FLOORDIV, Op.MOD, Op.BITAND, Op.BITOR, Op.BITXOR)


def _value(op: Op, *args: int) -> int | None:
    node: Sop = Map(op, tuple(Const(arg) for arg in args))
    try:
        return int(rasp.SOp(node)([0])[0])
    except EvaluationError:
        return None


@pytest.mark.parametrize("op", ONE + TWO)
def test_intervals_hold_every_value(op: Op) -> None:
    rng = Random(str(op))
    for _ in range(25):
        left, right = sorted(rng.choices(range(-9, 10), k=2)), sorted(rng.choices(range(-9, 10), k=2))
        interval = on_one(op, Tok(*left)) if op in ONE else on_two(op, Tok(*left), Tok(*right))
        assert isinstance(interval, Tok)
        for _ in range(4):
            args = [rng.randint(*left), rng.randint(*right)][: 1 if op in ONE else 2]
            value = _value(op, *args)
            assert value is None or interval.lo <= value <= interval.hi
