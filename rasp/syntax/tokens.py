"""From a text to tokens, by the terminals of a dialect's grammar."""

from __future__ import annotations

import os
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lark import Lark, Token

from rasp import limits
from rasp.errors import RaspLimitError, Source, Span

UNKNOWN = "UNKNOWN"
UNCLOSED_STRING = "UNCLOSED_STRING"


@dataclass(slots=True)
class Tok:
    """A token: what Lark's parser needs of one (``type``) and where it stands."""

    type: str
    text: str
    line: int
    source: Source
    start: int
    end: int

    @property
    def span(self) -> Span:
        return Span(self.source, self.start, self.end)


class KeepStrays:
    """A postlexer that keeps the terminals for stray text, so that the parser meets them and can say where they stand."""

    always_accept = (UNKNOWN, UNCLOSED_STRING)

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        return stream


def load_grammar(file: str, *, starts: list[str], transformer: Any, postlex: Any) -> Lark:
    """The LALR parser of a grammar file of this package; its tables are kept in the user's cache folder."""
    text = (pkgutil.get_data("rasp.grammar", file) or b"").decode()
    lark = Lark(
        text,
        start=starts,
        parser="lalr",
        lexer="basic",
        transformer=transformer,
        postlex=postlex,
        keep_all_tokens=True,
        maybe_placeholders=False,
        cache=_cache_file(file),
    )
    lark.lexer = lark._build_lexer()  # else Lark.lex builds one for each text
    return lark


def _cache_file(grammar: str) -> str | bool:
    """Where Lark keeps the tables (it checks them against the grammar itself); False where no folder can be written."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "rasp"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return str(folder / f"{grammar}.tables") if os.access(folder, os.W_OK) else False


def tokenize(lark: Lark, source: Source) -> list[Tok]:
    """All tokens of a text; stray characters become tokens of their own.

    Raises:
        RaspLimitError: the text is too long.
    """
    if len(source.text) > limits.SOURCE_CHARACTERS:
        size = f"the program has {len(source.text):,} characters; the limit is {limits.SOURCE_CHARACTERS:,}"
        raise RaspLimitError(size, source.span(0, 0), hint="divide the program into files")
    return [_tok(token, source) for token in lark.lex(source.text)]


def _tok(token: Token, source: Source) -> Tok:
    start = token.start_pos or 0
    return Tok(token.type, token.value, token.line or 1, source, start, token.end_pos or start)
