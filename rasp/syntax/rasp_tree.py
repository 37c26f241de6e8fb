"""Builds the RASP syntax tree: one method a grammar rule, called by the parser from the leaves up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, TypeAlias

from lark import Transformer

from rasp import limits
from rasp.errors import RaspLimitError, Span
from rasp.syntax import ast
from rasp.syntax.tokens import Tok

Children: TypeAlias = list[Any]
"""What a rule matched: tokens, trees, and tuples of trees; the parser does not know the types."""

_LEAST_BITS_A_DIGIT = 3


def span_of(children: Sequence[Any]) -> Span:
    return children[0].span.to(children[-1].span)


def trees(children: Children) -> tuple[Any, ...]:
    """The children without the punctuation."""
    return tuple(child for child in children if not isinstance(child, Tok))


class RaspTree(Transformer[Any, Any]):
    """Grammar rules of ``grammar/rasp.lark`` to nodes of ``rasp.syntax.ast``."""

    # Lists and small words

    def names(self, children: Children) -> tuple[ast.Name, ...]:
        return tuple(_name(child) for child in children if child.type == "NAME")

    def exprs(self, children: Children) -> tuple[ast.Expr, ...]:
        return trees(children)

    def statements(self, children: Children) -> tuple[ast.Statement, ...]:
        return tuple(children)

    some_statements = statements

    def subset(self, children: Children) -> str | None:
        return children[0].text if children else None

    def switch(self, children: Children) -> bool:
        return children[0].text == "on"

    def exit_call(self, children: Children) -> str:
        return "".join(token.text for token in children)

    def comparator(self, children: Children) -> Tok:
        return children[0]

    def pair(self, children: Children) -> tuple[ast.Expr, ast.Expr]:
        return children[0], children[2]

    # Commands

    def set_example(self, children: Children) -> ast.SetExample:
        return ast.SetExample(children[1], children[3], span=span_of(children))

    def show_example(self, children: Children) -> ast.ShowExample:
        return ast.ShowExample(children[1], span=span_of(children[::2]))

    def toggle_examples(self, children: Children) -> ast.ToggleExamples:
        return ast.ToggleExamples(children[0], children[2], span=children[1].span)

    def toggle_full_display(self, children: Children) -> ast.ToggleFullDisplay:
        return ast.ToggleFullDisplay(children[1], span=children[0].span)

    def exit(self, children: Children) -> ast.Exit:
        return ast.Exit(children[0].text + children[1], span=children[0].span)

    # Statements

    def expression_statement(self, children: Children) -> ast.ExpressionStatement:
        return ast.ExpressionStatement(children[0], span=span_of(children))

    def assign(self, children: Children) -> ast.Assign:
        targets, _, values, semicolon = children
        return ast.Assign(targets, values, span=targets[0].span.to(semicolon.span))

    def draw(self, children: Children) -> ast.Draw:
        parts = trees(children)
        return ast.Draw(parts[0], parts[1] if len(parts) > 1 else None, span=span_of(children))

    def load(self, children: Children) -> ast.Load:
        return ast.Load(children[1].text[1:-1], span=span_of(children))

    def function_def(self, children: Children) -> ast.FunctionDef:
        groups = [child for child in children if isinstance(child, tuple)]
        parameters, body, results = groups if len(groups) == 3 else ((), *groups)
        return ast.FunctionDef(_name(children[1]), parameters, body, results, span=span_of(children))

    def for_loop(self, children: Children) -> ast.For:
        _, targets, _, iterable, _, body, _ = children
        return ast.For(targets, iterable, body, span=span_of(children))

    def stray_return(self, children: Children) -> None:
        return None

    # Expressions

    def parenthesized(self, children: Children) -> ast.Expr:
        return replace(children[1], span=span_of(children), parenthesized=True)

    def name(self, children: Children) -> ast.Name:
        return _name(children[0])

    def integer(self, children: Children) -> ast.Constant:
        return ast.Constant(_integer(_digits(children[0])), span=children[0].span)

    def decimal(self, children: Children) -> ast.Constant:
        whole, fraction = _digits(children[0]).split(".")
        return ast.Constant(Fraction(_integer(whole + fraction), 10 ** len(fraction)), span=children[0].span)

    def string(self, children: Children) -> ast.Constant:
        return ast.Constant(children[0].text[1:-1], span=children[0].span)

    def binary(self, children: Children) -> ast.Binary:
        left, op, right = children
        return ast.Binary(op.text, left, right, span=span_of(children))

    def unary(self, children: Children) -> ast.Unary:
        return ast.Unary(children[0].text, children[1], span=span_of(children))

    def conditional(self, children: Children) -> ast.Conditional:
        then, _, condition, _, otherwise = children
        return ast.Conditional(then, condition, otherwise, span=span_of(children))

    def index(self, children: Children) -> ast.Index:
        return ast.Index(children[0], children[2], span=span_of(children))

    def call(self, children: Children) -> ast.Call:
        arguments = children[2] if len(children) == 4 else ()
        return ast.Call(children[0], arguments, span=span_of(children))

    def list_display(self, children: Children) -> ast.ListDisplay:
        return ast.ListDisplay(children[1] if len(children) == 3 else (), span=span_of(children))

    def dict_display(self, children: Children) -> ast.DictDisplay:
        return ast.DictDisplay(trees(children), span=span_of(children))

    def list_comprehension(self, children: Children) -> ast.ListComprehension:
        _, value, _, targets, _, iterable, _ = children
        return ast.ListComprehension(value, targets, iterable, span=span_of(children))

    def dict_comprehension(self, children: Children) -> ast.DictComprehension:
        _, key, _, value, _, targets, _, iterable, _ = children
        return ast.DictComprehension(key, value, targets, iterable, span=span_of(children))

    def select_call(self, children: Children) -> ast.SelectCall:
        return ast.SelectCall(children[2], children[4], children[6].text, span=span_of(children))

    def aggregate_call(self, children: Children) -> ast.AggregateCall:
        selector, value, *default = trees(children)
        return ast.AggregateCall(selector, value, default[0] if default else None, span=span_of(children))

    def builtin_call(self, children: Children) -> ast.BuiltinCall:
        argument = children[2]
        arguments = argument if isinstance(argument, tuple) else (argument,)
        return ast.BuiltinCall(children[0].text, arguments, span=span_of(children))


def _name(token: Tok) -> ast.Name:
    return ast.Name(token.text, span=token.span)


def _digits(literal: Tok) -> str:
    """The text of a number that is not too long to be read.

    Raises:
        RaspLimitError: it is.
    """
    if len(literal.text) * _LEAST_BITS_A_DIGIT > limits.NUMBER_BITS:
        raise RaspLimitError(f"a number of more than {limits.NUMBER_BITS:,} bits", literal.span)
    return literal.text


def _integer(digits: str) -> int:
    """Python refuses to read more than 4,300 digits at once, so long literals are read in halves."""
    if len(digits) <= 4_000:
        return int(digits)
    middle = len(digits) // 2
    return _integer(digits[:middle]) * 10 ** (len(digits) - middle) + _integer(digits[middle:])
