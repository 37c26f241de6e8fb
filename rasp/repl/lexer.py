"""The Pygments lexer of RASP, for the interactive console and for documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from pygments.lexer import RegexLexer, words
from pygments.token import Comment, Keyword, Name, Number, Operator, Punctuation, String, Whitespace

STATEMENT_WORDS = ("def", "for", "return", "load", "draw")
COMMAND_WORDS = ("set", "show", "example", "examples", "on", "off", "exit", "quit", "selector")
OPERATOR_WORDS = ("and", "or", "not", "in", "if", "else")
CALLED_WORDS = ("select", "aggregate", "range", "zip", "len", "round", "indicator")
BASE_SOPS = ("tokens", "tokens_str", "tokens_int", "tokens_float", "tokens_bool", "tokens_asis", "indices")
KEYWORDS = (*STATEMENT_WORDS, *COMMAND_WORDS, *OPERATOR_WORDS, *CALLED_WORDS)


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
            (words(CALLED_WORDS, prefix=r"\b", suffix=r"(?=\s*\()"), Name.Builtin),
            (words(STATEMENT_WORDS + COMMAND_WORDS, prefix=r"\b", suffix=r"\b"), Keyword),
            (words(OPERATOR_WORDS, prefix=r"\b", suffix=r"\b"), Operator.Word),
            (words(("True", "False"), prefix=r"\b", suffix=r"\b"), Keyword.Constant),
            (words(BASE_SOPS, prefix=r"\b", suffix=r"\b"), Name.Variable.Magic),
            (r"[A-Za-z_]\w*(?=\s*\()", Name.Function),
            (r"[A-Za-z_]\w*", Name),
            (r"==|!=|<=|>=|[-+*/%^<>=]", Operator),
            (r"[()\[\]{},;:]", Punctuation),
        ]
    }
