"""RASP-L text to syntax tree. Top-level statements are parsed one by one, so that all errors of a text are reported."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from lark import Lark, Token

from rasp import limits
from rasp.errors import RaspError, RaspSyntaxError, Source, too_many_errors
from rasp.syntax import ast, depth
from rasp.syntax.parser import Reading
from rasp.syntax.raspl_diagnosis import parse_tokens
from rasp.syntax.raspl_layout import Statement, block_lines, is_complete, laid_out, logical_lines, split_statements
from rasp.syntax.raspl_tree import RaspLTree
from rasp.syntax.tokens import UNCLOSED_STRING, UNKNOWN, load_grammar, tokenize


class KeepForeign:
    """A postlexer that keeps the terminals no rule uses, so that the parser meets them and can say where they stand."""

    always_accept = (UNKNOWN, UNCLOSED_STRING, "RESERVED", "FOREIGN")

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        return stream


@functools.cache
def grammar() -> Lark:
    """The parser of RASP-L statements."""
    return load_grammar("raspl.lark", starts=["statement"], transformer=RaspLTree(), postlex=KeepForeign())


def read(source: Source) -> Reading:
    """Parse what can be parsed of a text."""
    try:
        lines = logical_lines(tokenize(grammar(), source))
    except RaspError as error:
        return Reading((), (error,), complete=True)
    statements: list[ast.Statement] = []
    errors: list[RaspError] = []
    for lines_of_one in split_statements(lines):
        try:
            if lines_of_one[0].indent:
                raise RaspSyntaxError("this line is indented for no reason", lines_of_one[0].first.span)
            statement = _parse(lines_of_one)
            errors.extend(_stray_returns(statement))
            statements.append(statement)
        except RaspError as error:
            errors.extend(_faults_of(lines_of_one, error))
        if len(errors) >= limits.ERRORS:
            errors.append(too_many_errors(errors[-1].span))
            break
    return Reading(tuple(statements), tuple(errors), is_complete(lines, source.text))


def _parse(statement: Statement) -> ast.Statement:
    open_bracket = next((line.open_bracket for line in statement if line.open_bracket is not None), None)
    tokens = laid_out(statement)
    return depth.checked(parse_tokens(grammar(), tokens, open_bracket), len(tokens))


def _faults_of(statement: Statement, error: RaspError) -> list[RaspError]:
    """Every fault of a broken statement: those inside its block if it has one, else the fault itself."""
    faults: list[RaspError] = []
    for inner in split_statements(block_lines(statement)):
        try:
            _parse(inner)
        except RaspError as fault:
            faults.extend(_faults_of(inner, fault))
    return faults or [error]


def _stray_returns(statement: ast.Statement) -> Iterator[RaspError]:
    match statement:
        case ast.Return():
            yield RaspSyntaxError("'return' outside a function", statement.span)
        case ast.If(then=then, otherwise=otherwise):
            for inner in (*then, *otherwise):
                yield from _stray_returns(inner)
        case ast.While(body=body):
            for inner in body:
                yield from _stray_returns(inner)
        case _:
            return
