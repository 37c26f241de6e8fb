"""Collects lines until what was entered is whole.

Each line is looked at once. An item that no further input can complete is given up at the end of its line, so that a
mistake does not swallow what follows.
"""

from __future__ import annotations

from lark.exceptions import UnexpectedToken

from rasp import limits
from rasp.errors import RaspError, Source
from rasp.syntax.chunks import ItemScan
from rasp.syntax.parser import Reading, rasp_grammar, read
from rasp.syntax.tokens import Tok, tokenize

_CALLED_WORDS = frozenset({"select", "aggregate", "range", "zip", "len"})
"""Names that are keywords where a bracket follows, be it on the next line."""


class Reader:
    """The lines of a console.

    Args:
        name: what errors call the text.
    """

    def __init__(self, name: str = "<stdin>") -> None:
        self._name = name
        self._line = 0
        self.drop()

    def drop(self) -> None:
        """Forget the lines that are waiting for more."""
        self._first_line = self._line + 1
        self._lines: list[str] = []
        self._characters = 0
        self._item: _OpenItem | None = None
        self._waiting = False
        self._defs = 0

    def skip(self) -> None:
        """Count a line that somebody else has dealt with; what was waiting is forgotten."""
        self._line += 1
        self.drop()

    @property
    def prompt(self) -> str:
        return f".. {'  ' * self._defs}" if self._waiting else ">> "

    @property
    def is_empty(self) -> bool:
        """Whether nothing but blank lines and comments is waiting."""
        return not self._lines

    def add(self, line: str) -> Reading | None:
        """Take a line; what was entered, once it is whole."""
        self._line += 1
        self._waiting = True
        if not line.lstrip().startswith("#"):
            self._defs += line.split().count("def")
        if not self._lines:
            self._first_line = self._line
        fits = self._characters + len(line) <= limits.SOURCE_CHARACTERS
        tokens = tokenize(rasp_grammar(), Source(self._name, line)) if fits else []
        if fits and not tokens and self._item is None:
            return None
        self._lines.append(line)
        self._characters += len(line)
        return self._read() if self._ends_with(tokens) or not fits else None

    def rest(self) -> Reading | None:
        """What is left at the end of the input, if anything is."""
        return None if self.is_empty else self._read()

    def _read(self) -> Reading:
        reading = read(Source(self._name, "".join(self._lines), self._first_line))
        self.drop()
        return reading

    def _ends_with(self, tokens: list[Tok]) -> bool:
        """Follow the items of a line; whether nothing is open at its end."""
        for token in tokens:
            self._item = self._item or _OpenItem(token)
            if self._item.ends_with(token):
                self._item = None
        return self._item is None or self._item.is_over


class _OpenItem:
    """An item whose end has not been seen."""

    def __init__(self, first: Tok) -> None:
        self._scan = ItemScan(first)
        self._parser = rasp_grammar().parse_interactive(start="item")
        self._held: Tok | None = None
        self._tokens = 0
        self._is_hopeless = False

    @property
    def is_over(self) -> bool:
        """At the end of a line: whether it ends here, or no further input can complete it."""
        return self._is_hopeless or self._scan.ends_with_line

    def ends_with(self, token: Tok) -> bool:
        """Take the next token; whether the item ends with it."""
        self._tokens += 1
        try:
            ends = self._scan.ends_with(token)
        except RaspError:
            ends, self._is_hopeless = token.type == "SEMICOLON", True
        try:
            self._parse(token)
        except (RaspError, UnexpectedToken):
            self._is_hopeless = True
        self._is_hopeless = self._is_hopeless or self._tokens > limits.STATEMENT_TOKENS
        return ends

    def _parse(self, token: Tok) -> None:
        """Feed the parser; a word that may yet turn out to be a keyword waits for the next token."""
        if self._is_hopeless:
            return
        if self._held is not None:
            held, self._held = self._held, None
            if token.type == "LPAR":
                held.type = held.text.upper()
            self._parser.feed_token(held)  # type: ignore[arg-type]
        if token.type == "NAME" and token.text in _CALLED_WORDS:
            self._held = token
        else:
            self._parser.feed_token(token)  # type: ignore[arg-type]
