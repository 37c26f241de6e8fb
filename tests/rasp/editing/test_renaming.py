"""A new name for a variable."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rasp
from rasp.editing.document import Document
from rasp.editing.renaming import renamed
from rasp.errors import RaspError, Source
from rasp.syntax.ast import Dialect
from tests.rasp.raspl.trees import PROGRAMS
from tests.rasp.syntax.trees import programs


def after(text: str, use: str | int, name: str, dialect: Dialect = "rasp") -> str:
    """A text in which the variable at an offset, or at the first occurrence of a part of it, has another name."""
    offset = use if isinstance(use, int) else text.index(use)
    places = renamed(Document(Source("p", text), dialect), offset, name)
    for place in reversed(places):
        text = text[: place.start] + name + text[place.end :]
    return text


@pytest.mark.parametrize(
    ("text", "use", "wanted"),
    [
        ("x = 1; x = x + 1; y = [x for x in [x]]; # x", "x = 1", "new = 1; new = new + 1; y = [x for x in [new]]; # x"),
        ("x = 1; x = x + 1; y = [x for x in [x]];", "x for", "x = 1; x = x + 1; y = [new for new in [x]];"),
        ("def f(f) { return (f); } y = f(1);", "f) {", "def f(new) { return (new); } y = f(1);"),
        ("def f(f) { return (f); } y = f(1);", "f(f", "def new(f) { return (f); } y = new(1);"),
    ],
)
def test_rasp(text: str, use: str, wanted: str) -> None:
    assert after(text, use, "new") == wanted


def test_rasp_l() -> None:
    text = "def f(x, k=1):\n    x += k\n    return tok_map(x, lambda k: k)\ny = f(2, k=3)\n"
    wanted = "def f(x, new=1):\n    x += new\n    return tok_map(x, lambda k: k)\ny = f(2, new=3)\n"
    assert after(text, "k=1", "new", "rasp-l") == wanted
    assert after(text, "k=3", "new", "rasp-l") == wanted


@pytest.mark.parametrize(
    ("text", "use", "name", "message"),
    [
        ("x = tokens;", "tokens", "y", "'tokens' is not defined in this file"),
        ("x = length;", "length", "y", r"'length' is defined in .*rasp\.rasp"),
        ("x = 1;", "1", "y", "no variable stands here"),
        ("x = 1; y = ;", "x", "z", "unexpected"),
        ("x = 1;", "x", "for", "'for' can't be a name here"),
        ("x = 1;", "x", "a b", "'a b' can't be a name here"),
        ("x = 1;", "x", "größe", "'größe' can't be a name here"),
        ("x = 1;", "x", "", "'' can't be a name here"),
        ("x = 1; y = 2; z = x;", "x = 1", "y", "'x' would mean something else"),
        ("x = 1; def f(y) { return x; }", "x = 1", "y", "'x' would mean something else"),
        ("x = 1; y = length;", "x = 1", "length", "'x' would mean something else"),
        ("def f(x) { y = x; return length; }", "x)", "length", "'length' would mean something else"),
    ],
)
def test_what_is_refused(text: str, use: str, name: str, message: str) -> None:
    with pytest.raises(RaspError, match=message):
        after(text, use, name)


def test_what_comes_from_elsewhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.rasp").write_text("there = 1;")
    text = 'load "other"; x = there;'
    document = Document(Source(str(tmp_path / "p.rasp"), text), "rasp", tmp_path / "p.rasp")
    with pytest.raises(RaspError, match=r"'there' is defined in .*other\.rasp"):
        renamed(document, text.index("there"), "new")
    with pytest.raises(RaspError, match="'np' is imported"):
        after("import numpy as np\n", "np", "new", "rasp-l")


# Any program

EASY = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


@settings(max_examples=40, suppress_health_check=EASY)
@given(programs.map(rasp.unparse), st.integers(0, 100))
def test_there_and_back_in_rasp(text: str, number: int) -> None:
    check_there_and_back(text, "rasp", number)


@settings(max_examples=40, suppress_health_check=EASY)
@given(PROGRAMS.map(rasp.unparse), st.integers(0, 100))
def test_there_and_back_in_rasp_l(text: str, number: int) -> None:
    check_there_and_back(text, "rasp-l", number)


def check_there_and_back(text: str, dialect: Dialect, number: int) -> None:
    """A new name can be given and taken away again. An import, and ``+=`` to what an outer scope binds, stand in the way."""
    document = Document(Source("p", text), dialect)
    own = document.names.bindings
    if not own or "import" in text or re.search(r"\w (//|[-+*%&|^])= ", text):
        return
    binding = own[number % len(own)]
    there = after(text, binding.span.start, "quite_new", dialect)
    assert there.count("quite_new") == len(document.names.of(binding))
    assert after(there, there.index("quite_new"), binding.name, dialect) == text
