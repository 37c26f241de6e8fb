"""``rasp run`` and ``rasp generate``."""

from __future__ import annotations

import io
import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasp import limits
from rasp.cli import main
from rasp.cli.inputs import read_input
from rasp.errors import InputError


@pytest.mark.parametrize(
    ("arguments", "output"),
    [
        (["hist.rasp", "histogram", "hello"], "[1, 1, 2, 2, 1] (ints)\n"),
        (["hist.rasp", "histogram", "hello", "aab"], "[1, 1, 2, 2, 1] (ints)\n[2, 2, 1] (ints)\n"),
        (["hist.rasp", "histogram", '["ab", "c", "ab"]'], "[2, 1, 2] (ints)\n"),
        (["hist.rasp", "histogram", "[()]", "--json"], "[1, 1, 1, 1]\n"),
        (["hist.rasp", "histogram", "--tokens", "words", "to be or to"], "[2, 1, 1, 2] (ints)\n"),
        (["hist.rasp", "histogram", "--tokens", "chars", "[1]"], "[1, 1, 1] (ints)\n"),
        (["hist.rasp", "number", "--tokens", "ints", "10 -2"], "[11, -1] (ints)\n"),
        (["hist.rasp", "thirds", "abc"], "[0.333, 0.667, 1.0] (floats)\n"),
        (["hist.rasp", "thirds", "abc", "--json"], "[0.3333333333333333, 0.6666666666666666, 1.0]\n"),
        (["hist.rasp", "same", "ab"], "     a b\n a | 1  \n b |   1\n"),
        (["hist.rasp", "same", "ab", "--json"], "[[true, false], [false, true]]\n"),
        (["count.raspl", "count", "3,1,4"], "[1, 1, 2] (ints)\n"),
        (["count.raspl", "count", "3 1 4", "[5]"], "[1, 1, 2] (ints)\n[1] (ints)\n"),
        (["count.raspl", "count", "3 1 4", "--set", "step=-2"], "[-2, -2, -4] (ints)\n"),
        (["count.raspl", "is_big", "[3, 1]"], "[T, F] (bools)\n"),
        (["count.raspl", "is_big", "[3, 1]", "--json"], "[true, false]\n"),
        (["count.raspl", "count", ""], "[] (ints)\n"),
        (["count.raspl", "after", "--", "-1,2"], "[0, 3] (ints)\n"),
    ],
)
def test_run(arguments: list[str], output: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", *arguments]) == 0
    assert capsys.readouterr() == (output, "")


def test_ints_of_many_digits(capsys: pytest.CaptureFixture[str]) -> None:
    digits = "1" + "0" * 3_500
    assert main(["run", "hist.rasp", "square", f"[{digits}]", "--tokens", "json"]) == 0
    assert main(["run", "hist.rasp", "square", f"[{digits}]", "--tokens", "json", "--json"]) == 0
    square = digits + "0" * 3_500
    assert capsys.readouterr().out == f"[{square}] (ints)\n[{square}]\n"


def test_a_result_too_long_to_be_written(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(limits, "OUTPUT_CHARACTERS", 10)
    assert main(["run", "hist.rasp", "histogram", "hello"]) == 1
    assert "a result of more than 10 characters is not written out" in capsys.readouterr().err


def test_inputs_from_stdin(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("ab\r\n\naa"))
    assert main(["run", "hist.rasp", "histogram", "b", "-"]) == 1
    output = capsys.readouterr()
    assert output.out == "[1] (ints)\n[1, 1] (ints)\n"
    assert output.err == "<input>:1:1: the input is empty: a sequence has at least one token\n  \n  ^\n"


@pytest.mark.parametrize(
    ("arguments", "output"),
    [
        (["after", "1 2", "--stop", "5"], "[1, 2, 3, 4, 5] (ints)\n"),
        (["after", "[1]", "--stop", "0", "--max-new-tokens", "2", "--json"], "[1, 2, 3]\n"),
        (["count", "3", "--stop", "9", "--max-new-tokens", "1", "--set", "step=7"], "[3, 7] (ints)\n"),
    ],
)
def test_generate(arguments: list[str], output: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", "count.raspl", *arguments]) == 0
    assert capsys.readouterr() == (output, "")


@pytest.mark.parametrize(
    ("text", "dialect", "style", "items"),
    [
        ("[1, 2.50, true, -3]", "rasp", None, [1, Fraction(5, 2), True, -3]),
        ("[1e2]", "rasp", None, [Fraction(100)]),
        ("[]", "rasp", None, "[]"),
        ("[([])]", "rasp", None, "[([])]"),
        ("[]", "rasp-l", None, []),
        ("  1,2  3 ", "rasp-l", None, [1, 2, 3]),
        ('["§", "\\u00e9"]', "rasp", None, ["§", "é"]),
        ("a b", "rasp-l", "words", ["a", "b"]),
        ("31", "rasp-l", "chars", "31"),
    ],
)
def test_inputs(text: str, dialect: str, style: str | None, items: object) -> None:
    got = read_input(text, dialect, style)  # type: ignore[arg-type]
    assert got == items
    assert [type(item) for item in got] == [type(item) for item in items]  # type: ignore[attr-defined]


@given(st.lists(st.integers() | st.booleans() | st.text(st.characters(exclude_categories=["Cs"])), min_size=1))
def test_json_lists_are_read_back(items: list[object]) -> None:
    assert read_input(json.dumps(items), "rasp", "json") == items


@given(st.text(max_size=30), st.sampled_from(["rasp", "rasp-l"]), st.sampled_from([None, "json", "chars", "words", "ints"]))
def test_any_text_is_read_or_refused(text: str, dialect: str, style: str | None) -> None:
    try:
        items = read_input(text, dialect, style)  # type: ignore[arg-type]
    except InputError as error:
        assert error.span is not None  # noqa: PT017
    else:
        assert isinstance(items, str | list)
