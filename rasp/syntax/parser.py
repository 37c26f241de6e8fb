"""Text to syntax tree. A text's items are parsed one by one, so that all of its errors are reported."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from lark import Lark

from rasp import limits
from rasp.errors import RaspError, Source, raise_all, too_many_errors
from rasp.syntax import ast, chunks, depth
from rasp.syntax.chunks import Chunk
from rasp.syntax.diagnosis import parse_tokens
from rasp.syntax.rasp_tree import RaspTree
from rasp.syntax.tokens import KeepStrays, load_grammar, tokenize

_DEEPEST_SEARCH = 12


@dataclass(frozen=True)
class Reading:
    """What reading a text gave.

    Attributes:
        statements: those that could be parsed, in order.
        errors: one for each item that could not.
        complete: False if the text ends in the middle of an item (the REPL then waits for more).
    """

    statements: tuple[ast.Statement, ...]
    errors: tuple[RaspError, ...]
    complete: bool


def parse(text: str, dialect: ast.Dialect = "rasp", *, name: str = "<string>") -> ast.Program:
    """Parse a program.

    Args:
        text: the program.
        dialect: ``"rasp"`` or ``"rasp-l"``.
        name: what errors call the text.

    Raises:
        RaspError: the text is no program; the error holds every fault that was found (``.errors``).
    """
    source = Source(name, text)
    reading = read(source, dialect)
    raise_all(reading.errors)
    return ast.Program(dialect, reading.statements, source)


def read(source: Source, dialect: ast.Dialect = "rasp") -> Reading:
    """Parse what can be parsed of a text."""
    if dialect == "rasp-l":
        from rasp.syntax import raspl_parser

        return raspl_parser.read(source)
    lark = rasp_grammar()
    try:
        items = chunks.split_items(tokenize(lark, source))
    except RaspError as error:
        return Reading((), (error,), complete=True)
    statements: list[ast.Statement] = []
    errors: list[RaspError] = []
    for item in items:
        try:
            statements.append(_parse_item(lark, item))
        except RaspError as error:
            errors.extend(_faults_of(lark, item, error))
        if len(errors) >= limits.ERRORS:
            errors.append(too_many_errors(errors[-1].span))
            break
    return Reading(tuple(statements), tuple(errors), complete=not items or items[-1].closed)


@functools.cache
def rasp_grammar() -> Lark:
    """The parser of RASP items."""
    return load_grammar("rasp.lark", starts=["item", "block_item"], transformer=RaspTree(), postlex=KeepStrays())


def _parse_item(lark: Lark, item: Chunk) -> ast.Statement:
    statement = parse_tokens(lark, "item", item.tokens, item.open_bracket)
    return depth.checked(statement, len(item.tokens))


def _faults_of(lark: Lark, item: Chunk, error: RaspError, level: int = 0) -> list[RaspError]:
    """Every fault of a broken item: those inside its block if it has one, else the fault itself.

    Each level of nesting reads its text again, so the search stops at some depth.
    """
    faults: list[RaspError] = []
    if level == _DEEPEST_SEARCH:
        return [error]
    for inner in chunks.split_items(chunks.block_body(item.tokens)):
        try:
            parse_tokens(lark, "block_item", inner.tokens, inner.open_bracket)
        except RaspError as fault:
            faults.extend(_faults_of(lark, inner, fault, level + 1))
    return faults or [error]
