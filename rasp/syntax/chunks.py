"""A RASP text is split into items before it is parsed.

This is what lets one file report all its errors, the REPL know when a statement is complete, and a command end with its
line. It looks at brackets, semicolons and line ends only, in one pass.
"""

from __future__ import annotations

from dataclasses import dataclass

from rasp import limits
from rasp.errors import RaspLimitError
from rasp.syntax.tokens import Tok

OPENING = {"LPAR": "RPAR", "LSQB": "RSQB", "LBRACE": "RBRACE"}
CLOSING = frozenset(OPENING.values())
_COMMANDS = frozenset({"SET", "SHOW", "EXAMPLES", "FULL_SEQ_DISPLAY", "EXIT", "QUIT", "S_OP", "SELECTOR"})
_BLOCKS = frozenset({"DEF", "FOR"})


@dataclass(frozen=True)
class Chunk:
    """The tokens of one item.

    Attributes:
        closed: whether the item came to its end; only the last of a text can lack it.
        open_bracket: the innermost bracket that was never closed.
    """

    tokens: list[Tok]
    closed: bool
    open_bracket: Tok | None = None


def split_items(tokens: list[Tok]) -> list[Chunk]:
    """The items of a text.

    Raises:
        RaspLimitError: brackets nest too deeply, or an item is too long.
    """
    chunks: list[Chunk] = []
    start = 0
    while start < len(tokens):
        chunk = _command(tokens, start) if tokens[start].type in _COMMANDS else _statement(tokens, start)
        if len(chunk.tokens) > limits.STATEMENT_TOKENS:
            message = f"a statement of {len(chunk.tokens):,} tokens; the limit is {limits.STATEMENT_TOKENS:,}"
            raise RaspLimitError(message, tokens[start].span)
        chunks.append(chunk)
        start += len(chunk.tokens)
    return chunks


def _command(tokens: list[Tok], start: int) -> Chunk:
    """A command ends with its line, unless a bracket is open."""
    opened: list[Tok] = []
    for position in range(start, len(tokens)):
        token = tokens[position]
        _track(token, opened)
        following = tokens[position + 1] if position + 1 < len(tokens) else None
        ends_line = following is None or following.line > token.line
        if token.type == "SEMICOLON" or (ends_line and not opened):
            return Chunk(tokens[start : position + 1], closed=True)
    return Chunk(tokens[start:], closed=False, open_bracket=opened[-1] if opened else None)


def _statement(tokens: list[Tok], start: int) -> Chunk:
    """A statement ends with ``;``, a function or loop with its brace.

    A ``;`` that stands in round or square brackets ends the statement too: it can't belong there, and what follows is
    better read as a statement of its own.
    """
    opened: list[Tok] = []
    is_block = tokens[start].type in _BLOCKS
    for position in range(start, len(tokens)):
        token = tokens[position]
        _track(token, opened)
        in_block = is_block and bool(opened) and opened[-1].type == "LBRACE"
        block_ends = is_block and token.type == "RBRACE" and not opened
        if block_ends or (token.type == "SEMICOLON" and not in_block):
            return Chunk(tokens[start : position + 1], closed=True, open_bracket=opened[-1] if opened else None)
    return Chunk(tokens[start:], closed=False, open_bracket=opened[-1] if opened else None)


def _track(token: Tok, opened: list[Tok]) -> None:
    if token.type in OPENING:
        opened.append(token)
        if len(opened) > limits.BRACKET_DEPTH:
            raise RaspLimitError(f"brackets nest more than {limits.BRACKET_DEPTH} deep", token.span)
    elif token.type in CLOSING and opened:
        opened.pop()


def block_body(tokens: list[Tok]) -> list[Tok]:
    """The tokens inside the block of a function or loop; empty if it has none."""
    opened: list[int] = []
    for position, token in enumerate(tokens):
        if token.type in OPENING:
            opened.append(position)
        elif token.type in CLOSING and opened:
            first = opened.pop()
            if position == len(tokens) - 1 and token.type == "RBRACE":
                return tokens[first + 1 : position]
    return tokens[opened[0] + 1 :] if opened and tokens[opened[0]].type == "LBRACE" else []
