"""What editors are told of a program: remarks, hovers, completions and definitions."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rasp.editing.completion import completions_at
from rasp.editing.document import Document
from rasp.editing.hover import hover_at
from rasp.editing.names import comment_above, word_at
from rasp.errors import Source
from rasp.syntax.ast import Dialect

PROGRAM = """\
# How often each token occurs.
#  All of them.
same = select(tokens, tokens, ==);
hist = selector_width(same);  # a count
def twice(x) {
    y = x + x;
    return y;
}
n = 2;
z = twice(n);
for i in [1, 2] { n = n + i; }
l = [n for n in [3]];
"""

RASPL = '''\
# Counts.
def count(x, step=1):
    """More."""
    total = cumsum(x > 2)
    return total * step
'''


def document(text: str, dialect: Dialect = "rasp", earlier: Document | None = None, path: Path | None = None) -> Document:
    return Document(Source("p", text), dialect, path, None if earlier is None else earlier.values)


def at(text: str, mark: str, number: int = 0) -> int:
    """The offset in a text of the n-th occurrence of a part of it."""
    offset = -1
    for _ in range(number + 1):
        offset = text.index(mark, offset + 1)
    return offset


def hover(text: str, mark: str, number: int = 0, dialect: Dialect = "rasp") -> str | None:
    found = hover_at(document(text, dialect), at(text, mark, number))
    return None if found is None else found[0]


@pytest.mark.parametrize(
    ("text", "offset", "word"),
    [
        ("ab cd", 0, ("ab", 0, 2)),
        ("ab cd", 2, ("ab", 0, 2)),
        ("ab cd", 4, ("cd", 3, 5)),
        ("a + 1", 3, None),
        ("", 0, None),
        ("ab", 9, ("ab", 0, 2)),
    ],
)
def test_the_word_at_a_place(text: str, offset: int, word: object) -> None:
    assert word_at(text, offset) == word


def test_a_number_is_no_word() -> None:
    assert word_at("12", 1) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("# one\n# two\nx = 1;", "one\ntwo"),
        ("# one\n\nx = 1;", ""),
        ("y = 2;  # one\nx = 1;", ""),
        ("# one\ny = 2; x = 1;", ""),
        ("#one\n  #  two\n  x = 1;", "one\n two"),
    ],
)
def test_the_comment_above(text: str, says: str) -> None:
    start = text.index("x = 1")
    assert comment_above(Source("p", text).span(start, start + 1)) == says


def test_hovers() -> None:
    shown = hover(PROGRAM, "hist")
    assert shown == "**hist**: s-op, 1 layer, 1 head\n\non `hello`:\n\n```text\n[1, 1, 2, 2, 1] (ints)\n```"
    shown = hover(PROGRAM, "same", 1)
    assert shown is not None
    assert shown.startswith("**same**: selector\n\nHow often each token occurs.\n All of them.\n\non `hello`:")
    assert "    h e l l o\nh | 1\n" in shown
    assert hover(PROGRAM, "twice") == "**twice**: function (x)"
    assert hover(PROGRAM, "x + x") == "**x**: a parameter"
    assert hover(PROGRAM, "y;") == "**y**: a local name"
    assert hover(PROGRAM, "z =") == "**z**: `4`"
    assert hover(PROGRAM, "==") is None
    assert hover("a = selector_width(select(tokens, tokens, ==));\ns = select(a, a, ==);", "s =").startswith(  # pyright: ignore
        "**s**: selector of what 1 layer computes"
    )
    shown = hover(PROGRAM, "selector_width")
    assert shown is not None
    assert shown.startswith("**selector_width**: function (sel)\n\nHow many positions a selector selects in each row.")


def test_hovers_of_rasp_l() -> None:
    shown = hover(RASPL, "count", dialect="rasp-l")
    assert shown is not None
    assert shown.startswith("**count**: function (x, step), 1 layer")
    assert "Counts." in shown
    assert "on `[3, 1, 4, 1, 5]`:\n\n```text\n[1, 1, 2, 2, 3]" in shown
    assert hover(RASPL, "total *", dialect="rasp-l") == "**total**: a local name"
    shown = hover(RASPL, "cumsum", dialect="rasp-l")
    assert shown is not None
    assert shown.startswith("**cumsum**: function (")


def test_values_are_shown_on_the_example_that_the_program_sets() -> None:
    text = 'set example "ab"\nx = indices;\ny = tokens_int;'
    assert "on `ab`:" in (hover(text, "x =") or "")
    assert "no value on `ab`:" in (hover(text, "y =") or "")


def test_a_broken_program_still_has_what_is_sound() -> None:
    text = "x = indices;\ny = ;\nz = x + );"
    assert "s-op" in (hover(text, "x =") or "")
    assert [(remark.severity, remark.rule) for remark in document(text).remarks] == [("error", "syntax"), ("error", "syntax")]
    sound = document("def f(x): return x\n", "rasp-l")
    broken = document("def f(x) return x\n", "rasp-l", earlier=sound)
    assert set(broken.values) == {"f"}
    assert broken.remarks[0].rule == "syntax"


def words(text: str, offset: int, dialect: Dialect = "rasp") -> dict[str, str]:
    return {one.word: one.what for one in completions_at(document(text, dialect), offset)}


def test_completions() -> None:
    found = words(PROGRAM + "q = s", len(PROGRAM) + 5)
    assert next(iter(found)) == "same"
    assert found["same"] == "selector"
    assert found["selector_width"] == "function"
    assert found["select"] == "keyword"
    assert "hist" not in found
    inside = words(PROGRAM, at(PROGRAM, "return y"))
    assert inside["x"] == "parameter"
    assert inside["y"] == "value"
    assert "x" not in words(PROGRAM, at(PROGRAM, "n = 2") + 4)
    found = words(RASPL, at(RASPL, "cumsum") + 2, "rasp-l")
    assert found == {"cumsum": "function"}
    assert words("", 0)["def"] == "keyword"


# Any text


def ask_all(text: str, dialect: Dialect, offset: int) -> None:
    """Nothing an editor asks raises."""
    asked = document(text, dialect)
    assert all(remark.message for remark in asked.remarks)
    hover_at(asked, offset)
    completions_at(asked, offset)
    word = word_at(text, offset)
    assert word is None or text[word[1] : word[2]] == word[0]
    found = asked.names.at(offset)
    if found is not None:
        assert found.span.text == found.name
        assert found.span.start <= offset <= found.span.end
    assert all(one.binding is None or one.binding.span.text == one.name for one in asked.names.occurrences)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=60), st.sampled_from(["rasp", "rasp-l"]), st.integers(0, 60))
def test_any_text(text: str, dialect: Dialect, offset: int) -> None:
    ask_all(text, dialect, min(offset, len(text)))


@pytest.mark.parametrize(("text", "dialect"), [(PROGRAM, "rasp"), (RASPL, "rasp-l")])
def test_a_program_that_is_being_typed(text: str, dialect: Dialect) -> None:
    for end in range(0, len(text), 3):
        ask_all(text[:end], dialect, end)
