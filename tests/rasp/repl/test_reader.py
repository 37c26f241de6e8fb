"""Reading line by line finds the same statements as reading a whole text, each as soon as it is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasp import limits
from rasp.errors import RaspLimitError, Source
from rasp.repl.reader import Reader
from rasp.syntax.ast import Statement
from rasp.syntax.parser import read

TRANSCRIPTS = Path(__file__).parents[2] / "data" / "transcripts"

STATEMENTS = [
    "a = 1;",
    'b = "a;b";',
    "c = [1,\n 2];  # two",
    "select\n(indices,\n indices, <);",
    "def f(x) {\n  # comment\n  y = x;\n\n  return y;\n}",
    "for i in [1] {\n  a = i;\n}",
    'set example "ab"',
    "set example [1,\n2]",
    "show example",
    "# only a comment",
    "",
    "d = {1: range(\n3)};",
    "full seq display on",
]


def by_line(text: str, reader: Reader) -> tuple[list[Statement], int]:
    """The statements that were read, and the number of errors."""
    readings = [reader.add(line) for line in text.splitlines(keepends=True)]
    found = [reading for reading in [*readings, reader.rest()] if reading is not None]
    statements = [statement for reading in found for statement in reading.statements]
    return statements, sum(len(reading.errors) for reading in found)


@given(st.lists(st.sampled_from(STATEMENTS), max_size=12))
def test_as_the_whole_text(parts: list[str]) -> None:
    text = "\n".join(parts)
    assert by_line(text, Reader()) == (list(read(Source("all", text)).statements), 0)


@given(st.text(alphabet='abf1 ;=(){}[],"#\n<+', max_size=60))
def test_any_text_comes_to_an_end(text: str) -> None:
    reader = Reader()
    by_line(text, reader)
    assert reader.is_empty
    assert reader.add("1;\n") is not None


@pytest.mark.parametrize(
    "text", ["f(1));\n", "x = = \n", "1 2\n", "def f(x) { x = = 1;\n", '"open\n', "@\n", "(1,\n", "for in\n"]
)
def test_what_no_input_can_complete_is_reported_at_once(text: str) -> None:
    reading = Reader().add(text)
    assert reading is not None
    assert reading.errors


@pytest.mark.parametrize(
    "text", ["x = \n", "f(1\n", "def f(x) {\n", "[1,\n", "select\n", "1\n", "a, b\n", "for i in [1] { a = i;\n"]
)
def test_what_more_input_can_complete_waits(text: str) -> None:
    reader = Reader()
    assert reader.add(text) is None
    assert not reader.is_empty
    rest = reader.rest()
    assert rest is not None
    assert rest.errors


def test_prompts() -> None:
    reader = Reader()
    prompts = [reader.prompt]
    for line in ["def f(a) {\n", "# def def\n", "def g(b) {\n", "return b; }\n", "return a; }\n", "\n", "1;\n"]:
        reader.add(line)
        prompts.append(reader.prompt)
    assert prompts == [">> ", "..   ", "..   ", "..     ", "..     ", ">> ", ".. ", ">> "]


def test_places_count_the_lines_of_the_whole_input() -> None:
    reader = Reader("<in>")
    for line in ["a = 1;\n", "# comment\n", "b = [1,\n"]:
        reader.add(line)
    reading = reader.add("  = 2];\n")
    assert reading is not None
    assert str(reading.errors[0].span) == "<in>:4:3"
    assert reading.errors[0].report().splitlines()[1] == "    = 2];"


def test_dropping_forgets_what_was_waiting() -> None:
    reader = Reader()
    reader.add("x = (1 +\n")
    reader.drop()
    assert reader.is_empty
    assert reader.prompt == ">> "


@pytest.mark.parametrize("text", ["(" * 100_000 + "\n", "a" * (limits.SOURCE_CHARACTERS + 1)])
def test_limits(text: str) -> None:
    reading = Reader().add(text)
    assert reading is not None
    assert isinstance(reading.errors[0], RaspLimitError)


def test_a_statement_that_grows_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "STATEMENT_TOKENS", 50)
    reader = Reader()
    readings = [reader.add(line) for line in ["x = [1", *[",\n1"] * 30]]
    assert readings[:20] == [None] * 20
    found = [reading for reading in readings if reading is not None]
    assert isinstance(found[0].errors[0], RaspLimitError)


def test_blank_lines_take_no_room() -> None:
    reader = Reader()
    assert all(reader.add("\n") is None for _ in range(1_000))
    assert reader.is_empty
    reading = reader.add("nothing here;\n")
    assert reading is not None
    assert str(reading.errors[0].span) == "<stdin>:1001:9"
