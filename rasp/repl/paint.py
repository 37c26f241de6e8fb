"""The colours of the console: errors red, values cyan, the rest dark grey; none where the output is no terminal."""

from __future__ import annotations

from dataclasses import dataclass

_RED, _CYAN, _DARK_GREY = 31, 36, 90


@dataclass(frozen=True)
class Paint:
    """Gives a text the colour of its role."""

    colours: bool = False

    def error(self, text: str) -> str:
        return self._in_colour(text, _RED)

    def value(self, text: str) -> str:
        return self._in_colour(text, _CYAN)

    def general(self, text: str) -> str:
        return self._in_colour(text, _DARK_GREY)

    def _in_colour(self, text: str, code: int) -> str:
        return f"\033[{code}m{text}\033[0m" if self.colours else text
