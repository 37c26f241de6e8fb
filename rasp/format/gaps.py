"""What stands between two tokens: line ends, blank lines and comments."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rasp.syntax.raspl_layout import TAB_WIDTH

_LINE_END = re.compile(r"\r?\n")
_BLANKS = " \t\f\v\r\ufeff"
"""What is nothing to both languages; a carriage return ends a comment, but no line."""


@dataclass(frozen=True)
class Comment:
    """A comment on a line of its own.

    Attributes:
        column: where it stands, tabs expanded.
        blanks: how many empty lines stand before it.
    """

    text: str
    column: int
    blanks: int


@dataclass(frozen=True)
class Gap:
    """What stands between a token and the next.

    Attributes:
        trailing: a comment behind the first token.
        comments: those on lines of their own.
        breaks: whether a line ends here.
        blanks: how many empty lines stand before the second token.
    """

    trailing: str | None
    comments: tuple[Comment, ...]
    breaks: bool
    blanks: int


def gap_between(text: str, start: int, end: int) -> Gap:
    """The gap from one place of a text to another; from 0, or to the end of the text, there is but one token."""
    first, *others = _LINE_END.split(text[start:end])
    behind = [] if start == 0 else _comments_in(first)
    if start == 0:  # a comment in the first line is behind nothing
        others = [first, *others]
    comments = [Comment(words, 0, 0) for words in behind[1:]]
    blanks = 0
    for line in others if end == len(text) else others[:-1]:
        found = _comments_in(line)
        before = line.partition("#")[0].replace("\ufeff", "")
        for words in found:
            comments.append(Comment(words, len(before.expandtabs(TAB_WIDTH)), blanks))
            blanks = 0
        blanks = 0 if found else blanks + 1
    return Gap(behind[0] if behind else None, tuple(comments), bool(others) and start > 0, blanks)


def _comments_in(line: str) -> list[str]:
    return [words for part in line.split("\r") if (words := part.strip(_BLANKS))]
