"""Places of a text as editors count them: lines, and in a line units of an encoding."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable

_LINE_END = re.compile(r"\r\n|\r|\n")
"""Fewer than Python knows."""


class Positions:
    """Offsets of a text as positions, both counted from 0, and back.

    Args:
        text: the text.
        width: how many units a part of it takes.
        indent: what stands in the first line before the text, in units: the byte order mark of a file that the editor keeps.
    """

    def __init__(self, text: str, width: Callable[[str], int], indent: int = 0) -> None:
        self._text, self._width, self._indent = text, width, indent
        self._starts = [0, *(end.end() for end in _LINE_END.finditer(text))]

    def position(self, offset: int) -> tuple[int, int]:
        """The line of an offset, and the units before it."""
        line = bisect_right(self._starts, offset) - 1
        return line, self._width(self._text[self._starts[line] : offset]) + (0 if line else self._indent)

    def offset(self, line: int, units: int) -> int:
        """The offset of a position; of one beyond the end of its line that end, of one inside a character what follows it."""
        if line >= len(self._starts):
            return len(self._text)
        offset, passed = self._starts[line], 0 if line else self._indent
        while offset < len(self._text) and self._text[offset] not in "\r\n" and passed < units:
            passed += self._width(self._text[offset])
            offset += 1
        return offset
