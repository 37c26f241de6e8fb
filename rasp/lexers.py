"""Pygments lexers of both languages, for the console, documents and notebooks.

They are registered, so ``pygmentize -l rasp FILE``, Sphinx and whatever else uses Pygments know the languages by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from pygments.lexer import RegexLexer, words
from pygments.token import Comment, Keyword, Name, Number, Operator, Punctuation, String, Whitespace

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

_WORD = {"prefix": r"\b", "suffix": r"\b"}


class RaspLexer(RegexLexer):
    """Tokens of RASP for highlighting."""

    name = "RASP"
    aliases: ClassVar[Sequence[str]] = ["rasp"]
    filenames: ClassVar[Sequence[str]] = ["*.rasp"]
    tokens: ClassVar[dict[str, list[object]]] = {
        "root": [
            (r"\s+", Whitespace),
            (r"#[^\r\n]*", Comment.Single),
            (r'"[^"\r\n]*"', String.Double),
            (r"[0-9]+\.[0-9]+", Number.Float),
            (r"[0-9]+", Number.Integer),
            (r"full[ \t]+seq[ \t]+display\b", Keyword),
            (r"s-op\b", Keyword),
            (words(RASP_CALLED, prefix=r"\b", suffix=r"(?=\s*\()"), Name.Builtin),
            (words(RASP_STATEMENTS + RASP_COMMANDS, **_WORD), Keyword),
            (words(RASP_OPERATORS, **_WORD), Operator.Word),
            (words(CONSTANTS, **_WORD), Keyword.Constant),
            (words(RASP_INPUTS, **_WORD), Name.Variable.Magic),
            (words(RASP_LIBRARY, **_WORD), Name.Builtin),
            (r"[A-Za-z_]\w*(?=\s*\()", Name.Function),
            (r"[A-Za-z_]\w*", Name),
            (r"==|!=|<=|>=|[-+*/%^<>=]", Operator),
            (r"[()\[\]{},;:]", Punctuation),
        ]
    }


class RaspLLexer(RegexLexer):
    """Tokens of RASP-L for highlighting."""

    name = "RASP-L"
    aliases: ClassVar[Sequence[str]] = ["rasp-l", "raspl"]
    filenames: ClassVar[Sequence[str]] = ["*.raspl"]
    tokens: ClassVar[dict[str, list[object]]] = {
        "root": [
            (r"\s+", Whitespace),
            (r"#[^\r\n]*", Comment.Single),
            (r'[rRuU]?("""([^\\]|\\[\s\S])*?"""|\'\'\'([^\\]|\\[\s\S])*?\'\'\')', String.Doc),
            (r'[rRuUfF]?("([^"\\\r\n]|\\.)*"|\'([^\'\\\r\n]|\\.)*\')', String),
            (r"[0-9]+\.[0-9]*|\.[0-9]+", Number.Float),
            (r"0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|[0-9]+", Number.Integer),
            (words(RASPL_STATEMENTS, **_WORD), Keyword),
            (words(RASPL_OPERATORS, **_WORD), Operator.Word),
            (words((*CONSTANTS, "None"), **_WORD), Keyword.Constant),
            (words(RASPL_CORE + RASPL_LIBRARY, **_WORD), Name.Builtin),
            (r"[^\W\d]\w*(?=\s*\()", Name.Function),
            (r"[^\W\d]\w*", Name),
            (r"->|==|!=|<=|>=|//|\*\*|[-+*/%^<>=|&~]", Operator),
            (r"[()\[\]{},;:.]", Punctuation),
        ]
    }
