"""Where in the source something comes from, and what the source calls it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rasp.errors import Span

LONGEST_TEXT = 160
"""Longest source text, in characters, that a place keeps."""

_NAMED = re.compile(r"(?:\A|[;:{}\n])[ \t]*(\w{1,100})\s*=\s*\Z")
_WINDOW = 200


@dataclass(frozen=True)
class Place:
    """A place in the source.

    Attributes:
        name: what the source calls the expression there, or an empty text.
        text: the expression.
    """

    name: str
    file: str
    line: int
    column: int
    text: str

    @staticmethod
    def of(span: Span | None) -> Place | None:
        """The place of a span."""
        if span is None:
            return None
        text = re.sub(r"\s+", " ", span.text)
        cut = text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
        return Place(source_name(span), span.source.name, span.line, span.column, cut)

    def __str__(self) -> str:
        return f"{self.name or self.text} at {self.file}:{self.line}:{self.column}"


def source_name(span: Span) -> str:
    """The name that the source assigns an expression to, if all of it is the right side of an assignment; else an empty text."""
    first = max(0, span.start - _WINDOW)
    found = _NAMED.search(("" if first == 0 else "?") + span.source.text[first : span.start])
    return found[1] if found else ""
