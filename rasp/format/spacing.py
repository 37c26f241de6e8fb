"""Where a blank stands between two tokens of a line."""

from __future__ import annotations

from rasp.syntax.tokens import Tok
from rasp.syntax.words import RASP_COMMANDS, RASP_OPERATORS, RASP_STATEMENTS, RASPL_STATEMENTS

_CALLED = frozenset({"draw", "exit", "quit"})
_WORDS = frozenset((*RASP_STATEMENTS, *RASP_COMMANDS, *RASP_OPERATORS, *RASPL_STATEMENTS)) - _CALLED

OPENING, CLOSING = frozenset("([{"), frozenset(")]}")
PREFIXES = frozenset({"-", "+", "~", "*", "**"})


def is_word(token: Tok) -> bool:
    """Whether a bracket or a sign behind a token begins something: it is a word of its language, and not a name that looks so."""
    return token.text in _WORDS and token.type != "NAME"


def ends_operand(token: Tok | None) -> bool:
    """Whether a token can be the end of an operand, so that a sign behind it joins two of them."""
    if token is None or is_word(token):
        return False
    last = token.text[-1]
    return last.isalnum() or last in "_\"'" or last in CLOSING


def is_prefix(token: Tok, before: Tok | None) -> bool:
    """Whether a token is a sign before its operand, or the star of an argument."""
    return token.text in PREFIXES and not ends_operand(before)


def stands_apart(before: Tok, token: Tok, *, prefixed: bool, tight: bool, block: bool) -> bool:
    """Whether a blank stands between two tokens of a line.

    Args:
        prefixed: the first is a sign before its operand.
        tight: an equals sign is written without blanks here: in a call, or for a parameter.
        block: one of the two is a brace around statements.
    """
    match before.text, token.text:
        case _, "," | ";" | ":":
            return False
        case ("{", _) | (_, "{" | "}") if block:
            return True
        case (first, _) if first in OPENING or prefixed:
            return False
        case (_, second) if second in CLOSING:
            return False
        case (_, "(" | "[") if before.text in CLOSING or before.text[-1].isalnum() or before.text[-1] in "_\"'":
            return is_word(before)
        case ("=", _) | (_, "="):
            return not tight
        case ".", second:
            return second == "import"
        case _, ".":
            return before.text == "from" or before.text.isdecimal()
        case _:
            return True
