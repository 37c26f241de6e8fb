"""Runs the parser over the tokens of one RASP-L statement and puts into words what stopped it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lark import Lark
from lark.exceptions import UnexpectedToken

from rasp.errors import RaspSyntaxError, Span
from rasp.syntax.tokens import UNCLOSED_STRING, UNKNOWN, Tok

_STRAIGHT_LINE = "RASP-L is straight-line: it has no loops over data; attend over the sequence with kqv or select instead"
_NO_OBJECTS = "RASP-L has functions and sequences only"
_REASONS = {
    "for": _STRAIGHT_LINE,
    "break": _STRAIGHT_LINE,
    "continue": _STRAIGHT_LINE,
    "in": "compare with '==' instead, or ask has_seen",
    "is": "compare with '==' instead",
    "class": _NO_OBJECTS,
    "**": "write the product out",
    "<<": "multiply instead",
    ">>": "divide with '//' instead",
    ";": "write one statement a line",
    "\\": "put the expression in brackets to go on over a line end",
    "{": "RASP-L has no dictionaries or sets",
    "@": "RASP-L has no decorators and no matrix products",
}
_IN_WORDS = {
    "NAME": "a name",
    "INT": "a number",
    "FLOAT": "a number",
    "STRING": "a string",
    "LONG_STRING": "a string",
    "FORMATTED_STRING": "a string",
    "NEWLINE": "the end of the line",
    "INDENT": "an indented block",
    "DEDENT": "the end of the block",
    "AUGMENTED": "'+='",
}
_STARTS_EXPRESSION = {
    "a name",
    "a number",
    "a string",
    "'('",
    "'['",
    "'-'",
    "'+'",
    "'~'",
    "'not'",
    "'lambda'",
    "'True'",
    "'False'",
    "'None'",
}
_MAY_FOLLOW_EXPRESSION = {"')'", "']'", "','", "':'", "'else'", "the end of the line"}
_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})
_MOST_EXPECTED = 6


def parse_tokens(lark: Lark, tokens: list[Tok], open_bracket: Tok | None) -> Any:
    """The tree of a statement's tokens.

    Args:
        open_bracket: a bracket of the statement that is never closed, if there is one.

    Raises:
        RaspSyntaxError: the tokens are no statement.
    """
    parser = lark.parse_interactive(start="statement")
    for position, token in enumerate(tokens):
        try:
            parser.feed_token(token)  # type: ignore[arg-type]
        except UnexpectedToken:
            raise _unexpected(lark, _accepted_after(lark, tokens[:position]), tokens, position, open_bracket) from None
    try:
        return parser.feed_eof()
    except UnexpectedToken:
        raise _ends_early(lark, _accepted_after(lark, tokens), tokens, len(tokens)) from None


def _accepted_after(lark: Lark, tokens: list[Tok]) -> set[str]:
    """What may follow; asked of a fresh parser, since the one that failed has reduced rules on the way to its error."""
    parser = lark.parse_interactive(start="statement")
    for token in tokens:
        parser.feed_token(token)  # type: ignore[arg-type]
    return set(parser.accepts())


def _unexpected(lark: Lark, accepted: set[str], tokens: list[Tok], position: int, open_bracket: Tok | None) -> RaspSyntaxError:
    token = tokens[position]
    match token.type:
        case "NEWLINE" | "DEDENT" if open_bracket is not None:
            return RaspSyntaxError(f"'{open_bracket.text}' is never closed", open_bracket.span)
        case _ if token.type == UNCLOSED_STRING:
            return RaspSyntaxError("this string is not closed", token.span)
        case _ if token.type == UNKNOWN:
            return RaspSyntaxError(f"unexpected character {token.text!a}", token.span)
        case "INDENT":
            hint = "only the lines of a def, if, else or while are indented deeper"
            return RaspSyntaxError("this line is indented for no reason", _first_of(tokens, position), hint=hint)
        case "NEWLINE" | "DEDENT":
            return _ends_early(lark, accepted, tokens, position)
        case "RESERVED" | "FOREIGN":
            return RaspSyntaxError(f"RASP-L has no '{token.text}'", token.span, hint=_REASONS.get(token.text))
        case _:
            return _out_of_place(lark, accepted, tokens, position)


def _ends_early(lark: Lark, accepted: set[str], tokens: list[Tok], position: int) -> RaspSyntaxError:
    if "INDENT" in accepted:
        colon = next(token for token in reversed(tokens[:position]) if token.text)
        return RaspSyntaxError("the block after this ':' is missing", colon.span, hint="indent what belongs to it")
    if "COLON" in accepted and "LPAR" not in accepted:
        return RaspSyntaxError("missing ':'", _after(tokens[position - 1]))
    expected = _spelled(lark, accepted)
    return RaspSyntaxError("the line ends too early", _after(tokens[position - 1]), expected=expected)


def _out_of_place(lark: Lark, accepted: set[str], tokens: list[Tok], position: int) -> RaspSyntaxError:
    token = tokens[position]
    ends_expression = "AND" in accepted
    expected = _spelled(lark, accepted)
    hint: str | None = None
    if token.text in _COMPARISONS and ends_expression:
        message, hint = "comparisons can't be chained", "write (a < b) & (b < c), or 'and' inside a lambda"
    elif token.text == "**":
        message, hint = "RASP-L has no '**'", _REASONS["**"]
    elif token.text == "=" and ends_expression:
        message, hint = "only a name can be assigned to", "to compare, write '=='"
    elif token.text == "," and "NEWLINE" in accepted:
        message, hint = "unexpected ','", "names are unpacked from one tuple: a, b = f(x); elsewhere a tuple stands in brackets"
    elif token.text == ":" and ends_expression:
        message, hint = "unexpected ':'", "RASP-L has no slices and no annotated assignments"
    else:
        message, hint = f"unexpected '{_cut(token.text)}'", _keyword_hint(token, expected)
        return RaspSyntaxError(message, token.span, expected=expected, hint=hint)
    return RaspSyntaxError(message, token.span, hint=hint)


def _keyword_hint(token: Tok, expected: tuple[str, ...]) -> str | None:
    is_word = token.type not in _IN_WORDS and token.text.isidentifier()
    return f"'{token.text}' is a keyword and can't be used as a name" if is_word and "a name" in expected else None


def _first_of(tokens: list[Tok], position: int) -> Span:
    return next(token.span for token in tokens[position:] if token.text)


def _after(token: Tok) -> Span:
    return Span(token.source, token.end, token.end + 1)


def _cut(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:37]}…"


def _spelled(lark: Lark, terminals: Iterable[str]) -> tuple[str, ...]:
    """How an error names what the parser could have taken; an expression stands for all that one can start with."""
    spellings = {terminal.name: f"'{terminal.pattern.value}'" for terminal in lark.terminals if terminal.pattern.type == "str"}
    words = {_IN_WORDS.get(name) or spellings.get(name, "") for name in terminals} - {""}
    if words >= {"a name", "a number"}:
        words = {"an expression"} | (words - _STARTS_EXPRESSION)
    elif "'and'" in words:
        words = {"an operator"} | (words & _MAY_FOLLOW_EXPRESSION)
    return tuple(sorted(words))[:_MOST_EXPECTED]
