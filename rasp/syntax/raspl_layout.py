"""The layout of a RASP-L text: tokens to logical lines, lines to statements, indentation to tokens.

Lark's own indenter stops at the first line that fits no block; this one gives every statement its own tokens, so that all
faults of a text are reported, and the REPL knows when a block is still open.
"""

from __future__ import annotations

from dataclasses import dataclass

from rasp import limits
from rasp.errors import RaspLimitError, RaspSyntaxError
from rasp.syntax.tokens import UNCLOSED_STRING, Tok

TAB_WIDTH = 8
_OPENING = frozenset("([{")
_CLOSING = frozenset(")]}")
_NEVER_IN_BRACKETS = frozenset({"DEF", "RETURN", "IMPORT", "WHILE", "PASS"})
_CONTINUES_IF = frozenset({"ELSE", "ELIF"})
_OPENS_BLOCK = frozenset({"DEF", "IF", "WHILE"})


@dataclass(frozen=True)
class Line:
    """A logical line: it goes on over line ends while a bracket is open.

    Attributes:
        indent: the column where it starts, tabs expanded.
        open_bracket: the innermost bracket that was never closed.
    """

    tokens: list[Tok]
    indent: int
    open_bracket: Tok | None = None

    @property
    def first(self) -> Tok:
        return self.tokens[0]


Statement = list[Line]
"""The lines of one statement: its first line, the lines of its block, and those of its ``else``."""


def logical_lines(tokens: list[Tok]) -> list[Line]:
    """The logical lines of a text.

    A word such as ``def`` can't stand in brackets: a line that starts with one ends the line before, whatever is open there.

    Raises:
        RaspLimitError: brackets nest too deeply.
    """
    lines: list[Line] = []
    current: list[Tok] = []
    opened: list[Tok] = []
    for token in tokens:
        starts_line = bool(current) and token.line > _last_line(current[-1])
        if starts_line and (not opened or token.type in _NEVER_IN_BRACKETS):
            lines.append(_line(current, opened))
            current, opened = [], []
        current.append(token)
        _track(token, opened)
    if current:
        lines.append(_line(current, opened))
    return lines


def split_statements(lines: list[Line]) -> list[Statement]:
    """Groups the lines of a block (or of a text) into its statements, by their indentation."""
    statements: list[Statement] = []
    for line in lines:
        level = statements[-1][0].indent if statements else 0
        belongs = line.indent > level or (line.indent == level and line.first.type in _CONTINUES_IF)
        if statements and belongs:
            statements[-1].append(line)
        else:
            statements.append([line])
    return statements


def laid_out(statement: Statement) -> list[Tok]:
    """The tokens of a statement with NEWLINE, INDENT and DEDENT.

    Raises:
        RaspSyntaxError: a line goes back to an indentation that no line around it has.
        RaspLimitError: blocks nest too deeply, or the statement is too long.
    """
    tokens: list[Tok] = []
    levels = [statement[0].indent]
    for line in statement:
        if line.indent > levels[-1]:
            levels.append(line.indent)
            tokens.append(_mark("INDENT", line.first))
        while line.indent < levels[-1]:
            levels.pop()
            tokens.append(_mark("DEDENT", line.first))
        if line.indent != levels[-1]:
            hint = "indent it like the lines of one of the blocks around it"
            raise RaspSyntaxError("this line's indentation fits no block", line.first.span, hint=hint)
        if len(levels) > limits.BRACKET_DEPTH:
            raise RaspLimitError(f"blocks nest more than {limits.BRACKET_DEPTH} deep", line.first.span)
        tokens += [*line.tokens, _end(line)]
    if len(tokens) > limits.STATEMENT_TOKENS:
        message = f"a statement of {len(tokens):,} tokens; the limit is {limits.STATEMENT_TOKENS:,}"
        raise RaspLimitError(message, statement[0].first.span)
    return tokens + [_mark("DEDENT", tokens[-1])] * (len(levels) - 1)


def block_lines(statement: Statement) -> list[Line]:
    """The lines of a statement that are indented deeper than the statement."""
    return [line for line in statement if line.indent > statement[0].indent]


def is_complete(lines: list[Line], text: str) -> bool:
    """Whether a text can end here: no bracket or long string is open, and a blank line has ended the last block."""
    if not lines:
        return True
    last = lines[-1]
    unfinished_string = last.tokens[-1].type == UNCLOSED_STRING and last.tokens[-1].text.lstrip("rRuUfF")[:3] in ('"""', "'''")
    if last.open_bracket is not None or unfinished_string:
        return False
    in_block = last.indent > 0 or last.first.type in _OPENS_BLOCK | _CONTINUES_IF
    _, newline, last_line = text.rpartition("\n")
    return not in_block or (bool(newline) and not last_line.strip())


def _line(tokens: list[Tok], opened: list[Tok]) -> Line:
    first = tokens[0]
    text = first.source.text
    before = text[text.rfind("\n", 0, first.start) + 1 : first.start]
    return Line(tokens, len(before.lstrip("\ufeff").expandtabs(TAB_WIDTH)), opened[-1] if opened else None)


def _last_line(token: Tok) -> int:
    return token.line + token.text.count("\n")


def _track(token: Tok, opened: list[Tok]) -> None:
    if token.text in _OPENING:
        opened.append(token)
        if len(opened) > limits.BRACKET_DEPTH:
            raise RaspLimitError(f"brackets nest more than {limits.BRACKET_DEPTH} deep", token.span)
    elif token.text in _CLOSING and opened:
        opened.pop()


def _mark(kind: str, at: Tok) -> Tok:
    return Tok(kind, "", at.line, at.source, at.start, at.start)


def _end(line: Line) -> Tok:
    last = line.tokens[-1]
    return Tok("NEWLINE", "", _last_line(last), last.source, last.end, last.end)
