"""Runs the parser over the tokens of one item and puts into words what stopped it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lark import Lark
from lark.exceptions import UnexpectedToken

from rasp.errors import RaspSyntaxError, Span
from rasp.syntax.tokens import UNCLOSED_STRING, UNKNOWN, Tok

_NAMED = {"NAME": "a name", "INT": "a number", "FLOAT": "a number", "STRING": "a string"}
_EXPRESSION_STARTS = frozenset({"a name", "a number", "a string", "'('", "'['"})
_MOST_EXPECTED = 8


def parse_tokens(lark: Lark, start: str, tokens: list[Tok], open_bracket: Tok | None) -> Any:
    """The tree of an item's tokens.

    Args:
        open_bracket: a bracket of the item that is never closed, if there is one: where that is so, it is the fault.

    Raises:
        RaspSyntaxError: the tokens are no such item.
    """
    parser = lark.parse_interactive(start=start)
    for position, token in enumerate(tokens):
        try:
            parser.feed_token(token)  # type: ignore[arg-type]
        except UnexpectedToken:
            raise _unexpected(lark, parser.accepts(), tokens, position, open_bracket) from None
    try:
        return parser.feed_eof()
    except UnexpectedToken:
        raise _ends_early(lark, parser.accepts(), tokens[-1], open_bracket) from None


def _unexpected(lark: Lark, accepted: Iterable[str], tokens: list[Tok], position: int, open_bracket: Tok | None) -> RaspSyntaxError:
    token = tokens[position]
    if token.type == UNCLOSED_STRING:
        return RaspSyntaxError("this string is not closed", token.span, hint="a string ends on the line it begins on")
    if token.type == UNKNOWN:
        hint = 'strings are written with double quotes: "…"' if token.text == "'" else None
        return RaspSyntaxError(f"unexpected character {ascii(token.text)}", token.span, hint=hint)
    if open_bracket is not None and token.type == "SEMICOLON":
        return _never_closed(open_bracket)
    expected = _in_words(lark, accepted)
    if position and "';'" in expected and token.line > tokens[position - 1].line:
        return RaspSyntaxError("missing ';'", _after(tokens[position - 1]))
    return RaspSyntaxError(f"unexpected {_shown(token)}", token.span, expected=expected, hint=_keyword_hint(token, expected))


def _ends_early(lark: Lark, accepted: Iterable[str], last: Tok, open_bracket: Tok | None) -> RaspSyntaxError:
    if open_bracket is not None:
        return _never_closed(open_bracket)
    expected = _in_words(lark, accepted)
    if "';'" in expected:
        return RaspSyntaxError("missing ';'", _after(last))
    return RaspSyntaxError("the statement ends too early", _after(last), expected=expected)


def _never_closed(bracket: Tok) -> RaspSyntaxError:
    return RaspSyntaxError(f"'{bracket.text}' is never closed", bracket.span)


def _after(token: Tok) -> Span:
    return Span(token.source, token.end, token.end + 1)


def _shown(token: Tok) -> str:
    return f"'{token.text}'" if len(token.text) <= 40 else f"'{token.text[:37]}…'"


def _keyword_hint(token: Tok, expected: tuple[str, ...]) -> str | None:
    is_word = token.type not in _NAMED and token.text.isidentifier()
    return f"'{token.text}' is a keyword and can't be used as a name" if is_word and "a name" in expected else None


def _in_words(lark: Lark, terminals: Iterable[str]) -> tuple[str, ...]:
    """How an error names what the parser could have taken; an expression stands for all that one can start with."""
    spellings = {terminal.name: terminal.pattern.value for terminal in lark.terminals if terminal.pattern.type == "str"}
    words = {_NAMED.get(name) or f"'{spellings[name]}'" for name in terminals if name in _NAMED or name in spellings}
    if words >= _EXPRESSION_STARTS:
        starts = {"'not'", "'-'", "'+'", "'{'", "'round'", "'indicator'", "'~'", "'lambda'", "'True'", "'False'"}
        words = {"an expression"} | (words - _EXPRESSION_STARTS - starts)
    return tuple(sorted(words))[:_MOST_EXPECTED]
