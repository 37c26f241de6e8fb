"""Where the lines of a RASP-L text begin."""

from __future__ import annotations

from rasp.errors import Source
from rasp.format.brackets import Brackets
from rasp.format.gaps import Gap, gap_between
from rasp.format.lines import Lines
from rasp.format.spacing import is_prefix, stands_apart
from rasp.syntax.raspl_layout import Line, logical_lines
from rasp.syntax.tokens import Tok

MOST_BLANKS = 2
"""Empty lines in a row between functions; in a block there is one."""


def laid_out(source: Source, tokens: list[Tok]) -> str:
    """The text in the usual layout."""
    layout = _Layout(source)
    for line in logical_lines(tokens):
        layout.write(line)
    return layout.text()


class _Layout:
    def __init__(self, source: Source) -> None:
        self._text = source.text
        self._lines = Lines(source)
        self._columns = [0]  # of the blocks around the last line
        self._last: Tok | None = None

    def write(self, line: Line) -> None:
        """Write a logical line."""
        gap = self._gap(line.first.start)
        around = list(self._columns)
        is_deeper = line.indent > around[-1]
        if is_deeper:
            self._columns.append(line.indent)
        while line.indent < self._columns[-1]:
            self._columns.pop()
        level = len(self._columns) - 1
        self._between(gap, self._columns if is_deeper else around, line.indent, level)
        first_of_block = is_deeper and not gap.comments
        self._lines.begin(level, 0 if first_of_block else min(gap.blanks, _most_blanks(level)))
        self._write_tokens(line.tokens, level)

    def text(self) -> str:
        """All lines, with the comments after the last one."""
        self._between(self._gap(len(self._text)), self._columns, 0, 0)
        return self._lines.text()

    def _write_tokens(self, tokens: list[Tok], level: int) -> None:
        brackets = Brackets(level)
        for before_that, before, token in zip([None, None, *tokens], [None, *tokens], tokens, strict=False):
            apart = False
            if before is not None:
                gap = self._gap(token.start)
                if gap.breaks:
                    further = brackets.level_of(token)
                    self._remarks(gap, further)
                    self._lines.begin(further)
                prefixed = is_prefix(before, before_that)
                apart = stands_apart(before, token, prefixed=prefixed, tight=brackets.tight, block=False)
                if before_that is not None and before_that.text == before.text == token.text == ".":
                    apart = True  # three dots in a row are another token
            self._lines.add(token.text, apart)
            brackets.take(token, self._lines.level)
            self._last = token

    def _between(self, gap: Gap, columns: list[int], next_column: int, level: int) -> None:
        """The comments between two lines: with the next line, or if deeper than that, in the block before it that they reach."""
        if gap.trailing is not None:
            self._lines.remark(gap.trailing)
        for comment in gap.comments:
            inside = sum(column < comment.column for column in columns)
            said = level if comment.column <= next_column else min(inside, len(columns) - 1)
            self._lines.comment(comment, said, _most_blanks(said))

    def _remarks(self, gap: Gap, level: int) -> None:
        if gap.trailing is not None:
            self._lines.remark(gap.trailing)
        for comment in gap.comments:
            self._lines.comment(comment, level, 0)

    def _gap(self, start: int) -> Gap:
        return gap_between(self._text, self._last.end if self._last is not None else 0, start)


def _most_blanks(level: int) -> int:
    return 1 if level else MOST_BLANKS
