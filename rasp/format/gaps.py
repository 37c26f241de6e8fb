"""What stands between two tokens: line ends, blank lines and comments."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rasp.syntax.raspl_layout import TAB_WIDTH

_LINE_END = re.compile(r"\r\n|\r|\n")


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
    trailing = first.strip() or None
    if start == 0:  # a comment in the first line is behind nothing
        trailing, others = None, [first, *others]
    comments: list[Comment] = []
    blanks = 0
    for line in others if end == len(text) else others[:-1]:
        line = line.replace("\ufeff", "")
        words = line.strip()
        if words:
            comments.append(Comment(words, len(line.expandtabs(TAB_WIDTH)) - len(line.expandtabs(TAB_WIDTH).lstrip()), blanks))
        blanks = 0 if words else blanks + 1
    return Gap(trailing, tuple(comments), bool(others) and start > 0, blanks)
