"""Where the lines of a RASP text begin.

A block that its author wrote on one line stays on one; any other has each of its statements on lines of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from rasp.errors import Source
from rasp.format.brackets import Brackets
from rasp.format.gaps import Gap, gap_between
from rasp.format.lines import Lines
from rasp.format.spacing import ends_operand, is_prefix, stands_apart
from rasp.syntax.chunks import split_items
from rasp.syntax.tokens import Tok

MOST_BLANKS = 2
"""Empty lines in a row between items; in a block there is one."""


def laid_out(source: Source, tokens: list[Tok]) -> str:
    """The text in the usual layout."""
    return _Layout(source, tokens).text()


class _Layout:
    def __init__(self, source: Source, tokens: list[Tok]) -> None:
        self._source, self._tokens = source, tokens
        self._gaps = list(_gaps(source, tokens))
        self._items = _first_of_items(tokens)
        self._braces = _block_braces(tokens)
        self._lines = Lines(source)
        self._blocks: list[bool] = []  # of each open block whether it is on lines of its own
        self._brackets = Brackets(0)

    def text(self) -> str:
        for place in range(len(self._tokens)):
            self._write(place)
        self._between(self._gaps[-1], 0, MOST_BLANKS)
        return self._lines.text()

    def _write(self, place: int) -> None:
        token, before = self._tokens[place], self._tokens[place - 1] if place else None
        gap = self._gaps[place]
        is_brace = place in self._braces
        if is_brace and token.text == "}":
            if self._blocks.pop():
                self._end_block(gap)
        elif place in self._items or (self._in_lines and self._ends_statement(place - 1)):
            self._begin_statement(gap, after_brace=before is not None and before.text == "{")
        elif (gap.breaks and not (is_brace and token.text == "{")) or gap.trailing or gap.comments:
            level = self._brackets.level_of(token)
            self._between(gap, level, 0)
            self._lines.begin(level)
        self._lines.add(token.text, before is not None and self._apart(place))
        if is_brace and token.text == "{":
            self._blocks.append(self._has_lines(place))
            self._brackets = Brackets(self._lines.level)
        elif not is_brace:
            self._brackets.take(token, self._lines.level)

    def _begin_statement(self, gap: Gap, *, after_brace: bool) -> None:
        level = self._depth
        most = 1 if level else MOST_BLANKS
        self._between(gap, level, most)
        self._lines.begin(level, 0 if after_brace and not gap.comments else min(gap.blanks, most))
        self._brackets = Brackets(level)

    def _end_block(self, gap: Gap) -> None:
        level = self._depth
        self._between(gap, level + 1, 1)
        self._lines.begin(level)

    def _between(self, gap: Gap, level: int, most_blanks: int) -> None:
        """The comments of a gap."""
        if gap.trailing is not None:
            self._lines.remark(gap.trailing)
        for comment in gap.comments:
            self._lines.comment(comment, level, most_blanks)

    @property
    def _depth(self) -> int:
        return sum(self._blocks)

    @property
    def _in_lines(self) -> bool:
        """Whether each statement here is on lines of its own."""
        return all(self._blocks)

    def _ends_statement(self, place: int) -> bool:
        return self._tokens[place].text == ";" or place in self._braces

    def _apart(self, place: int) -> bool:
        before, token = self._tokens[place - 1], self._tokens[place]
        prefixed = is_prefix(before, self._tokens[place - 2] if place > 1 else None)
        block = place in self._braces or place - 1 in self._braces
        return stands_apart(before, token, prefixed=prefixed, tight=False, block=block)

    def _has_lines(self, opening: int) -> bool:
        """Whether a line ends inside a block."""
        closing = self._braces[opening]
        return any(gap.breaks for gap in self._gaps[opening + 1 : closing + 1])


def _gaps(source: Source, tokens: list[Tok]) -> Iterator[Gap]:
    """What stands before each token, and after the last one."""
    ends = [0, *(token.end for token in tokens)]
    starts = [*(token.start for token in tokens), len(source.text)]
    for end, start in zip(ends, starts, strict=True):
        yield gap_between(source.text, end, start)


def _first_of_items(tokens: list[Tok]) -> set[int]:
    """The places at which an item begins."""
    places: set[int] = set()
    place = 0
    for item in split_items(tokens):
        places.add(place)
        place += len(item.tokens)
    return places


def _block_braces(tokens: list[Tok]) -> dict[int, int]:
    """The places of the braces around statements, each with that of its partner."""
    partners: dict[int, int] = {}
    opened: list[int | None] = []  # of each open bracket, its place if it begins a block
    for place, token in enumerate(tokens):
        if token.text in ("(", "[", "{"):
            in_block = all(bracket is not None for bracket in opened)
            is_block = token.text == "{" and in_block and ends_operand(tokens[place - 1] if place else None)
            opened.append(place if is_block else None)
        elif token.text in (")", "]", "}") and opened:
            begun = opened.pop()
            if begun is not None:
                partners |= {begun: place, place: begun}
    return partners
