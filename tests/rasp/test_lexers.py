"""The Pygments lexers lose no character and know the words of the languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
from pygments.token import Comment, Error, Keyword, Name, Number, Operator, String

from rasp.elaborate.library import library_names
from rasp.elaborate.raspl import library
from rasp.lexers import RaspLexer, RaspLLexer
from rasp.syntax.parser import rasp_grammar
from rasp.syntax.raspl_parser import grammar as raspl_grammar
from rasp.syntax.words import (
    CONSTANTS,
    RASP_CALLED,
    RASP_COMMANDS,
    RASP_INPUTS,
    RASP_LIBRARY,
    RASP_OPERATORS,
    RASP_STATEMENTS,
    RASPL_CORE,
    RASPL_LIBRARY,
    RASPL_OPERATORS,
    RASPL_STATEMENTS,
)

ROOT = Path(__file__).parents[2]
FILES = [path for folder in ("examples", "rasp/library") for path in (ROOT / folder).rglob("*.rasp*")]
LEXERS = {".rasp": RaspLexer, ".raspl": RaspLLexer}


@pytest.mark.parametrize("lexer", LEXERS.values())
@given(st.text(max_size=80))
def test_every_character_is_kept(lexer: type[RaspLexer | RaspLLexer], text: str) -> None:
    assert "".join(value for _, _, value in lexer().get_tokens_unprocessed(text)) == text


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_programs_have_no_unknown_characters(path: Path) -> None:
    assert Error not in {kind for kind, _ in LEXERS[path.suffix]().get_tokens(path.read_text("utf-8"))}


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
        ("sort", Name.Builtin),
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
def test_words_of_rasp(text: str, kind: object) -> None:
    assert next(iter(RaspLexer().get_tokens_unprocessed(text)))[1] is kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("def", Keyword),
        ("lambda", Keyword),
        ("or", Operator.Word),
        ("False", Keyword.Constant),
        ("kqv", Name.Builtin),
        ("iterate(", Name.Builtin),
        ("f (", Name.Function),
        ("größe", Name),
        ("0x1F", Number.Integer),
        (".5", Number.Float),
        ("f'{x}'", String),
        ('"""a\n"b" """', String.Doc),
        ("# note", Comment.Single),
        ("->", Operator),
    ],
)
def test_words_of_rasp_l(text: str, kind: object) -> None:
    found = list(RaspLLexer().get_tokens_unprocessed(text))
    assert found[0][1] is kind
    assert found[0][2] == text.removesuffix("(").rstrip()


def test_they_are_registered() -> None:
    assert isinstance(get_lexer_by_name("rasp"), RaspLexer)
    assert isinstance(get_lexer_by_name("rasp-l"), RaspLLexer)
    assert isinstance(get_lexer_for_filename("a.raspl"), RaspLLexer)


def test_the_words_are_those_of_the_languages() -> None:
    assert set(RASP_LIBRARY) == library_names() - set(RASP_INPUTS) - set(CONSTANTS)
    assert {*RASPL_CORE, *RASPL_LIBRARY} == set(library().names)
    assert words_of(rasp_grammar()) == {*RASP_STATEMENTS, *RASP_COMMANDS, *RASP_OPERATORS, "round", "indicator"}
    assert set(RASP_CALLED) - {"round", "indicator"} == {"select", "aggregate", "range", "zip", "len"}  # by patterns
    assert words_of(raspl_grammar()) == {*RASPL_STATEMENTS, *RASPL_OPERATORS, *CONSTANTS, "None"}


def words_of(grammar: object) -> set[str]:
    """The terminals of a grammar that are plain words."""
    patterns = (terminal.pattern for terminal in grammar.terminals)  # pyright: ignore[reportAttributeAccessIssue]
    return {pattern.value for pattern in patterns if pattern.type == "str" and pattern.value.isalpha()}
