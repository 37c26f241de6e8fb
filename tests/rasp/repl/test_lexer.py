"""The Pygments lexer loses no character and knows the language's words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.token import Comment, Error, Keyword, Name, Number, Operator, String

from rasp.repl.lexer import RaspLexer

LIBRARY = Path(__file__).parents[3] / "rasp" / "library" / "rasp.rasp"


@given(st.text(max_size=80))
def test_every_character_is_kept(text: str) -> None:
    assert "".join(value for _, _, value in RaspLexer().get_tokens_unprocessed(text)) == text


def test_the_library_has_no_unknown_characters() -> None:
    assert Error not in {kind for kind, _ in RaspLexer().get_tokens(LIBRARY.read_text("utf-8"))}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("def", Keyword),
        ("s-op", Keyword),
        ("full seq display", Keyword),
        ("not", Operator.Word),
        ("True", Keyword.Constant),
        ("select(", Name.Builtin),
        ("select", Name),
        ("indices", Name.Variable.Magic),
        ("f(", Name.Function),
        ("defined", Name),
        ("1.5", Number.Float),
        ("15", Number.Integer),
        ('"a # b"', String.Double),
        ("# note", Comment.Single),
        ("!=", Operator),
    ],
)
def test_words(text: str, kind: object) -> None:
    assert next(iter(RaspLexer().get_tokens_unprocessed(text)))[1] is kind
