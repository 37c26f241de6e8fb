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
_OPERATORS = frozenset(
    {
        "'^'",
        "'*'",
        "'/'",
        "'%'",
        "'+'",
        "'-'",
        "'=='",
        "'<='",
        "'>='",
        "'>'",
        "'<'",
        "'and'",
        "'or'",
        "'in'",
        "'if'",
        "'('",
        "'['",
    }
)
_STATEMENTS = frozenset({"'def'", "'draw'", "'for'", "'load'"})
_COMMANDS = frozenset({"'set'", "'show'", "'examples'", "'exit'", "'quit'", "'s-op'", "'selector'"})
_COMMAND_TYPES = frozenset({"SET", "SHOW", "EXAMPLES", "FULL_SEQ_DISPLAY", "EXIT", "QUIT", "S_OP", "SELECTOR"})
_CHARACTER_HINTS = {
    "'": 'strings are written with double quotes: "…"',
    ".": "a decimal has digits on both sides of its point",
    "!": "'not' negates",
    "&": "write 'and'",
    "|": "write 'or'",
}
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
            raise _unexpected(lark, _accepted_after(lark, start, tokens[:position]), tokens, position, open_bracket) from None
    try:
        return parser.feed_eof()
    except UnexpectedToken:
        raise _ends_early(lark, _accepted_after(lark, start, tokens), tokens[-1], open_bracket) from None


def _accepted_after(lark: Lark, start: str, tokens: list[Tok]) -> Iterable[str]:
    """The terminals that may follow. A parser that has met its error can't say: it has reduced what it could by then."""
    parser = lark.parse_interactive(start=start)
    for token in tokens:
        parser.feed_token(token)  # type: ignore[arg-type]
    return parser.accepts()


def _unexpected(
    lark: Lark, accepted: Iterable[str], tokens: list[Tok], position: int, open_bracket: Tok | None
) -> RaspSyntaxError:
    token = tokens[position]
    if token.type == UNCLOSED_STRING:
        return RaspSyntaxError("this string is not closed", token.span, hint="a string ends on the line it begins on")
    if token.type == UNKNOWN:
        hint = _CHARACTER_HINTS.get(token.text)
        return RaspSyntaxError(f"unexpected character {token.text!a}", token.span, hint=hint)
    if open_bracket is not None and token.type == "SEMICOLON":
        return _never_closed(open_bracket)
    expected = _in_words(lark, accepted)
    if position and "';'" in expected and token.line > tokens[position - 1].line:
        return RaspSyntaxError("missing ';'", _after(tokens[position - 1]))
    return RaspSyntaxError(f"unexpected {_shown(token)}", token.span, expected=expected, hint=_hint(tokens, position, expected))


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


def _hint(tokens: list[Tok], position: int, expected: tuple[str, ...]) -> str | None:
    """What to change, for the slips that readers of other languages make."""
    token = tokens[position]
    match token.text:
        case "!=":
            return "'!=' compares only inside select(…, …, !=); elsewhere write not (a == b)"
        case "s-op":
            return "'s-op' is one word; a subtraction needs blanks: s - op"
        case "return" if position == 0:
            return "'return' ends the body of a function"
        case "}" if "'return'" in expected:
            return "the body of a function ends with: return …;"
        case ";" if tokens[0].type in _COMMAND_TYPES:
            return "a command ends with its line, without ';'"
        case _ if expected == ("'}'",):
            return "'return' is the last statement of a function"
        case _:
            is_word = token.type not in _NAMED and token.text.isidentifier()
            return f"'{token.text}' is a keyword and can't be used as a name" if is_word and "a name" in expected else None


def _in_words(lark: Lark, terminals: Iterable[str]) -> tuple[str, ...]:
    """How an error names what the parser could have taken; an expression stands for all that one can start with."""
    spellings = {terminal.name: terminal.pattern.value for terminal in lark.terminals if terminal.pattern.type == "str"}
    words = {_NAMED.get(name) or f"'{spellings[name]}'" for name in terminals if name in _NAMED or name in spellings}
    if words >= _EXPRESSION_STARTS:
        starts = {"'not'", "'-'", "'+'", "'{'", "'round'", "'indicator'", "'~'", "'lambda'", "'True'", "'False'"}
        words = {"an expression"} | (words - _EXPRESSION_STARTS - starts)
    if words >= {"'*'", "'=='"}:
        words = {"an operator"} | (words - _OPERATORS)
    if words >= _STATEMENTS:
        words = {"a statement"} | (words - _STATEMENTS - _COMMANDS - {"an expression"})
    return tuple(sorted(words))[:_MOST_EXPECTED]
