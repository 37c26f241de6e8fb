"""Lines as they are written: indented, with blank lines and comments."""

from __future__ import annotations

from rasp import limits
from rasp.errors import RaspLimitError, Source
from rasp.format.gaps import Comment

INDENT = "    "


class Lines:
    """The lines written so far. They end as most lines of the text do that is laid out.

    Attributes:
        level: how far the line that is being written is indented.
    """

    def __init__(self, source: Source) -> None:
        self.level = 0
        self._source = source
        self._ending = "\r\n" if 2 * source.text.count("\r\n") > source.text.count("\n") else "\n"
        self._lines: list[str] = []
        self._size = 0
        self._current = ""

    def begin(self, level: int, blanks: int = 0) -> None:
        """End the line, and begin one after so many empty ones; at the top there are none."""
        self.end()
        if self._lines:
            self._lines += [""] * blanks
        self.level = level

    def add(self, text: str, space: bool) -> None:
        """Write a token, behind a blank unless it begins the line."""
        self._current += " " * (space and bool(self._current)) + text

    def remark(self, comment: str) -> None:
        """A comment behind what the line has."""
        self._current = f"{self._current}  {comment}" if self._current else comment

    def comment(self, comment: Comment, level: int, most_blanks: int) -> None:
        """A comment on a line of its own."""
        self.begin(level, min(comment.blanks, most_blanks))
        self._current = comment.text

    def end(self) -> None:
        """End the line, if it has begun.

        Raises:
            RaspLimitError: there are so many that the text would be too large to be read again.
        """
        if self._current:
            self._lines.append(INDENT * self.level + self._current)
            self._size += len(self._lines[-1]) + len(self._ending)
            self._current = ""
        if self._size > limits.SOURCE_CHARACTERS:
            message = f"in the usual layout the program has more than {limits.SOURCE_CHARACTERS:,} characters"
            raise RaspLimitError(message, self._source.span(0, 0), hint="split it into several files")

    def text(self) -> str:
        """All lines."""
        self.end()
        return "".join(line + self._ending for line in self._lines)
