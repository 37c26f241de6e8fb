"""Brackets that are open while a statement is written, and how far its further lines are indented."""

from __future__ import annotations

from dataclasses import dataclass

from rasp.format.spacing import CLOSING, OPENING
from rasp.syntax.tokens import Tok


@dataclass
class Bracket:
    """An open bracket.

    Attributes:
        level: of the line that it stands on.
        annotated: whether a colon has stood in it since the last comma.
    """

    level: int
    annotated: bool = False


class Brackets:
    """The brackets that are open in a statement.

    Args:
        level: of the statement's first line.
    """

    def __init__(self, level: int) -> None:
        self._level = level
        self._opened: list[Bracket] = []

    def level_of(self, token: Tok) -> int:
        """How far a line that begins with a token is indented."""
        if not self._opened:
            return self._level + 1
        return self._opened[-1].level + (token.text not in CLOSING)

    @property
    def tight(self) -> bool:
        """Whether an equals sign here is that of an argument or a parameter without a type."""
        return bool(self._opened) and not self._opened[-1].annotated

    def take(self, token: Tok, level: int) -> None:
        """Take the next token, on a line of a level."""
        if token.text in OPENING:
            self._opened.append(Bracket(level))
        elif token.text in CLOSING and self._opened:
            self._opened.pop()
        elif self._opened and token.text in (":", ","):
            self._opened[-1].annotated = token.text == ":"
