"""Every precedence trap is warned of, and only where no brackets show what is meant."""

from __future__ import annotations

import pytest

import rasp
from rasp.syntax.lint import LintWarning, lint

TRAPS = [
    ("x = not a == b;", "not-first", "(not a) == b", "write not (a == b)"),
    ("x = not a + b;", "not-first", "(not a) + b", "write not (a + b)"),
    ("x = not t in L;", "in-last", "(not t) in L", "write not (t in L)"),
    ("x = a and not t in L;", "in-last", "(a and not t) in L", "write a and (not (t in L))"),
    ("x = a or t in L;", "in-last", "(a or t) in L", "write a or (t in L)"),
    ("x = a == 1 in L;", "in-last", "(a == 1) in L", "write a == (1 in L)"),
    ('x = "a" in tokens and True;', "in-last", '"a" in (tokens and True)', 'brackets around the test: ("a" in …)'),
    ("x = 1 if c else 2 in L;", "in-last", "(1 if c else 2) in L", "write 1 if c else (2 in L)"),
    ("x = a in b in c;", "in-last", "(a in b) in c", "write a in (b in c)"),
    ("x = a or b and c;", "and-or", "(a or b) and c", "write a or (b and c)"),
    ("x = 7%4*2;", "modulo", "7 % (4*2)", "write (7 % 4) * 2"),
    ("x = 7%4/2;", "modulo", "7 % (4/2)", "write (7 % 4) / 2"),
    ("x = 1<2<3;", "comparison-chain", "(1<2) < 3", "write 1<2 and 2 < 3"),
    ("x = 1 if a else 2 if b else 3;", "nested-conditional", "(1 if a else 2) if b else", "write 1 if a else (2 if … else …)"),
    ("x = -2^2;", "minus-power", "(-2) ^ 2", "write -(2 ^ 2)"),
    ("x = 2^3^2;", "power-chain", "(2^3) ^ 2", "write 2 ^ (3 ^ 2)"),
    ("x = indices+1[0];", "literal-postfix", "belongs to the constant", "brackets around the expression"),
    ('x = indices+1("ab");', "literal-postfix", "belongs to the constant", "brackets around the expression"),
]

CLEAN = [
    "x = (not a) == b;",
    "x = not (a == b);",
    "x = not a and b;",
    "x = not (t in L);",
    "x = (not t) in L;",
    "x = a and (t in L);",
    "x = t + u in L;",
    "x = (a == 1) in L;",
    'x = "a" in (tokens and True);',
    "x = (a or b) and c;",
    "x = a or (b and c);",
    "x = a and b or c;",
    "x = (7%4)*2;",
    "x = 7%(4*2);",
    "x = 2*3%4;",
    "x = (1<2)<3;",
    "x = 1<2 and 2<3;",
    "x = (1 if a else 2) if b else 3;",
    "x = 1 if a else (2 if b else 3);",
    "x = (-2)^2;",
    "x = -(2^2);",
    "x = 2^-1;",
    "x = (2^3)^2;",
    "x = (indices+1)[0];",
    'x = "abc"[0];',
    "x = -indices[1];",
    "x = [1,2][0];",
]


def only(text: str) -> LintWarning:
    warnings = lint(rasp.parse(text))
    assert len(warnings) == 1
    return warnings[0]


@pytest.mark.parametrize(("text", "rule", "meaning", "hint"), TRAPS, ids=[text for text, *_ in TRAPS])
def test_trap(text: str, rule: str, meaning: str, hint: str) -> None:
    warning = only(text)
    assert warning.rule == rule
    assert meaning in warning.message
    assert hint in warning.hint


@pytest.mark.parametrize("text", CLEAN)
def test_brackets_and_usual_precedence_are_silent(text: str) -> None:
    assert lint(rasp.parse(text)) == []


@pytest.mark.parametrize(("text", "rule", "meaning", "hint"), TRAPS, ids=[text for text, *_ in TRAPS])
def test_the_stated_meaning_is_the_parsed_one(text: str, rule: str, meaning: str, hint: str) -> None:
    """Where the message spells the meaning out in full, it parses to the same tree and is itself clean."""
    stated = only(text).message.partition("this means ")[2]
    if not stated or "…" in stated:
        return
    assert rasp.parse(f"x = {stated};") == rasp.parse(text)
    assert rule not in {warning.rule for warning in lint(rasp.parse(f"x = {stated};"))}


def test_warnings_come_in_the_order_of_the_text_and_from_every_block() -> None:
    text = "def f(a) { for i in [1<2<3] { b = not i == a; } return 7%4*2; }\nx = {-2^2: [k for k in 2^3^2]};"
    rules = [warning.rule for warning in lint(rasp.parse(text))]
    assert rules == ["comparison-chain", "not-first", "modulo", "minus-power", "power-chain"]


def test_a_report_shows_place_line_and_hint() -> None:
    assert only("x = not a == b;").report() == (
        "<string>:1:5: warning: 'not' binds stronger than '==': this means (not a) == b [not-first]\n"
        "  x = not a == b;\n"
        "      ^^^^^^^^^^\n"
        "  hint: write not (a == b)"
    )


def test_rasp_l_has_none_of_these_traps() -> None:
    assert lint(rasp.parse("def f(x):\n    return not x == 1\n", "rasp-l")) == []
