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
_EXPRESSION_ENDS = frozenset({"NAME", "INT", "FLOAT", "STRING", *CLOSING})


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
        chunk = _item(tokens, start)
        if len(chunk.tokens) > limits.STATEMENT_TOKENS:
            message = f"a statement of {len(chunk.tokens):,} tokens; the limit is {limits.STATEMENT_TOKENS:,}"
            raise RaspLimitError(message, tokens[start].span)
        chunks.append(chunk)
        start += len(chunk.tokens)
    return chunks


class ItemScan:
    """Finds the end of an item whose tokens are given one after the other.

    A command ends with its line, unless a bracket is open; a function or loop ends with its brace; anything else with
    ``;``. A ``;`` that stands in round or square brackets ends the item too (inside a block, an item of the block): it
    can't belong there, and what follows is better read as an item of its own. A brace behind an expression begins a
    block; elsewhere it begins a dictionary.

    Args:
        first: the item's first token.
    """

    def __init__(self, first: Tok) -> None:
        self._is_command = first.type in _COMMANDS
        self._is_block = first.type in _BLOCKS
        self._opened: list[Tok] = []
        self._in_body = False
        self._before = first

    @property
    def open_bracket(self) -> Tok | None:
        return self._opened[-1] if self._opened else None

    @property
    def ends_with_line(self) -> bool:
        return self._is_command and not self._opened

    def ends_with(self, token: Tok) -> bool:
        """Take the next token; whether the item ends with it.

        Raises:
            RaspLimitError: brackets nest too deeply.
        """
        if token.type == "LBRACE" and not self._opened:
            self._in_body = self._before.type in _EXPRESSION_ENDS
        _track(token, self._opened)
        self._before = token
        if self._in_body and token.type == "SEMICOLON":
            _forget_to_brace(self._opened)
        in_block = self._is_block and bool(self._opened) and self._opened[-1].type == "LBRACE"
        block_ends = self._in_body and self._is_block and token.type == "RBRACE" and not self._opened
        return block_ends or (token.type == "SEMICOLON" and not in_block)


def _item(tokens: list[Tok], start: int) -> Chunk:
    scan = ItemScan(tokens[start])
    for position in range(start, len(tokens)):
        ends = scan.ends_with(tokens[position])
        line_ends = position + 1 == len(tokens) or tokens[position + 1].line > tokens[position].line
        if ends or (line_ends and scan.ends_with_line):
            return Chunk(tokens[start : position + 1], closed=True, open_bracket=scan.open_bracket)
    return Chunk(tokens[start:], closed=False, open_bracket=scan.open_bracket)


def _track(token: Tok, opened: list[Tok]) -> None:
    if token.type in OPENING:
        opened.append(token)
        if len(opened) > limits.BRACKET_DEPTH:
            raise RaspLimitError(f"brackets nest more than {limits.BRACKET_DEPTH} deep", token.span)
    elif token.type == "RBRACE" and any(bracket.type == "LBRACE" for bracket in opened):
        _forget_to_brace(opened)
        opened.pop()
    elif opened and OPENING[opened[-1].type] == token.type:
        opened.pop()


def _forget_to_brace(opened: list[Tok]) -> None:
    """Drop the brackets that were not closed inside the innermost brace."""
    while opened and opened[-1].type != "LBRACE":
        opened.pop()


def block_body(tokens: list[Tok]) -> list[Tok]:
    """The tokens inside the block of a function or loop; empty if it has none."""
    if not tokens or tokens[0].type not in _BLOCKS:
        return []
    opened: list[Tok] = []
    start: int | None = None
    for position, token in enumerate(tokens):
        outside = not opened
        _track(token, opened)
        if outside and opened:
            start = position if token.type == "LBRACE" else None
        elif start is not None and token.type == "RBRACE" and not opened and position == len(tokens) - 1:
            return tokens[start + 1 : position]
    return tokens[start + 1 :] if start is not None and opened else []
