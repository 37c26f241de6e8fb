"""Builds the RASP-L syntax tree: one method a grammar rule, called by the parser from the leaves up."""

from __future__ import annotations

import re
from dataclasses import replace

from rasp.errors import RaspLimitError, RaspSyntaxError
from rasp.syntax import ast
from rasp.syntax.rasp_tree import Children, RaspTree, span_of, trees
from rasp.syntax.tokens import Tok

LONGEST_INTEGER = 4_000
"""Longest integer literal, in digits; RASP-L's numbers are small."""

_ESCAPE = re.compile(r"\\(\r?\n|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{1,3}|.)", re.DOTALL)
_SIMPLE_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "\\": "\\", "'": "'", '"': '"'}


class RaspLTree(RaspTree):
    """Grammar rules of ``grammar/raspl.lark`` to nodes of ``rasp.syntax.ast``; the two dialects share the plain expressions."""

    # Lists and small words

    def names(self, children: Children) -> tuple[Tok, ...]:  # pyright: ignore[reportIncompatibleMethodOverride]
        return tuple(token for token in children if token.type == "NAME")

    def dotted(self, children: Children) -> Tok:
        return replace(children[0], text="".join(token.text for token in children), end=children[-1].end)

    def origin(self, children: Children) -> tuple[int, str]:
        level = sum(token.text == "." for token in children)
        return level, "" if level == len(children) else children[-1].text

    def alias(self, children: Children) -> tuple[Tok, Tok]:
        return children[0], children[-1]

    def imported(self, children: Children) -> tuple[tuple[Tok, Tok], ...]:
        return trees(children) or ((children[0], children[0]),)

    def parameters(self, children: Children) -> tuple[ast.Parameter, ...]:
        return trees(children)

    def parameter(self, children: Children) -> ast.Parameter:
        """Annotations are read and dropped: they mean nothing here."""
        first = children[0]
        if first.type != "NAME":
            return ast.Parameter(children[1].text, stars=1 if first.text == "*" else 2, span=span_of(children))
        has_default = len(children) > 2 and isinstance(children[-2], Tok) and children[-2].text == "="
        return ast.Parameter(first.text, children[-1] if has_default else None, span=span_of(children))

    def arguments(self, children: Children) -> tuple[ast.Expr | ast.Keyword, ...]:
        return trees(children)

    def keyword(self, children: Children) -> ast.Keyword:
        return ast.Keyword(children[0].text, children[2], span=span_of(children))

    def starred(self, children: Children) -> ast.Starred:
        return ast.Starred(1 if children[0].text == "*" else 2, children[1], span=span_of(children))

    # Statements

    def line(self, children: Children) -> ast.Statement:
        return children[0]

    def block(self, children: Children) -> tuple[ast.Statement, ...]:
        return trees(children)

    def else_block(self, children: Children) -> tuple[ast.Statement, ...]:
        return children[2]

    def elif_block(self, children: Children) -> tuple[ast.Statement, ...]:
        return (self.if_statement(children),)

    def if_statement(self, children: Children) -> ast.If:
        condition, then = children[1], children[3]
        otherwise = children[4] if len(children) > 4 else ()
        last = (otherwise or then)[-1]
        return ast.If(condition, then, otherwise, span=children[0].span.to(last.span))

    def while_statement(self, children: Children) -> ast.While:
        return ast.While(children[1], children[3], span=children[0].span.to(children[3][-1].span))

    def definition(self, children: Children) -> ast.PythonDef:
        parameters = children[3] if isinstance(children[3], tuple) else ()
        body = children[-1]
        span = children[0].span.to(body[-1].span)
        return ast.PythonDef(ast.Name(children[1].text, span=children[1].span), parameters, body, span=span)

    def assign(self, children: Children) -> ast.Assign:
        target = children[0]
        targets = target if isinstance(target, tuple) else (ast.Name(target.text, span=target.span),)
        return ast.Assign(targets, (children[2],), span=targets[0].span.to(children[2].span))

    def targets(self, children: Children) -> tuple[ast.Name, ...]:
        return tuple(ast.Name(name.text, span=name.span) for name in children if name is not None and name.text != ",")

    def bare_tuple(self, children: Children) -> ast.TupleDisplay:
        items = trees(children)
        return ast.TupleDisplay(items, span=items[0].span.to(items[-1].span))

    def augmented_assign(self, children: Children) -> ast.AugmentedAssign:
        target = ast.Name(children[0].text, span=children[0].span)
        return ast.AugmentedAssign(target, children[1].text[:-1], children[2], span=span_of(children))

    def return_statement(self, children: Children) -> ast.Return:
        return ast.Return(children[1] if len(children) > 1 else None, span=span_of(children))

    def pass_statement(self, children: Children) -> ast.Pass:
        return ast.Pass(span=span_of(children))

    def import_module(self, children: Children) -> ast.Import:
        module, bound = children[1], children[-1]
        alias = bound.text if bound is not module else None
        return ast.Import(module.text, (), alias, span=children[0].span, places=((module.span, bound.span),))

    def import_names(self, children: Children) -> ast.Import:
        (level, module), pairs = children[1], children[3]
        names = tuple((name.text, bound.text) for name, bound in pairs)
        places = tuple((name.span, bound.span) for name, bound in pairs)
        return ast.Import(module, names, level=level, span=children[0].span.to(children[2].span), places=places)

    # Expressions

    def lambda_expression(self, children: Children) -> ast.Lambda:
        parameters = children[1] if isinstance(children[1], tuple) else ()
        names, places = tuple(token.text for token in parameters), tuple(token.span for token in parameters)
        return ast.Lambda(names, children[-1], places, span=span_of(children))

    def integer(self, children: Children) -> ast.Constant:
        token = children[0]
        if len(token.text) > LONGEST_INTEGER:
            message = f"an integer of {len(token.text):,} digits; the limit is {LONGEST_INTEGER:,}"
            raise RaspLimitError(message, token.span)
        return ast.Constant(int(token.text, 0 if token.text[:2].lower() in ("0x", "0b", "0o") else 10), span=token.span)

    def string(self, children: Children) -> ast.Constant:
        return ast.Constant(_text_of(children[0].text), span=children[0].span)

    def formatted_string(self, children: Children) -> ast.FormattedString:
        return ast.FormattedString(children[0].text, span=children[0].span)

    def call(self, children: Children) -> ast.Call:
        given = children[2] if isinstance(children[2], tuple) else ()
        _check_order(given)
        positional = tuple(argument for argument in given if not isinstance(argument, ast.Keyword))
        keywords = tuple(argument for argument in given if isinstance(argument, ast.Keyword))
        return ast.Call(children[0], positional, keywords, span=span_of(children))

    def attribute(self, children: Children) -> ast.Attribute:
        return ast.Attribute(children[0], children[2].text, span=span_of(children))

    def tuple_display(self, children: Children) -> ast.TupleDisplay:
        return ast.TupleDisplay(trees(children), span=span_of(children))

    def list_display(self, children: Children) -> ast.ListDisplay:
        return ast.ListDisplay(trees(children), span=span_of(children))


def _check_order(arguments: tuple[ast.Expr | ast.Keyword, ...]) -> None:
    """Positional arguments and ``*args`` come first, then keywords, then ``**kwargs``."""
    ranks = [_rank(argument) for argument in arguments]
    for argument, rank, before in zip(arguments[1:], ranks[1:], ranks, strict=False):
        if rank < before:
            raise RaspSyntaxError("a positional argument after a keyword argument", argument.span, hint="put it first")


def _rank(argument: ast.Expr | ast.Keyword) -> int:
    match argument:
        case ast.Keyword():
            return 1
        case ast.Starred(stars=2):
            return 2
        case _:
            return 0


def _text_of(literal: str) -> str:
    prefix = literal[0] if literal[0] in "rRuU" else ""
    quoted = literal[len(prefix) :]
    width = 3 if quoted[:3] in ('"""', "'''") else 1
    text = quoted[width:-width]
    return text if prefix in ("r", "R") else _ESCAPE.sub(_unescaped, text)


def _unescaped(match: re.Match[str]) -> str:
    code = match[1]
    if code in _SIMPLE_ESCAPES:
        return _SIMPLE_ESCAPES[code]
    if code in ("\n", "\r\n"):
        return ""
    if code[0] in "xuU" and len(code) > 1:
        return _character(int(code[1:], 16), match[0])
    return chr(int(code, 8)) if code[0] in "01234567" else match[0]


def _character(code: int, spelling: str) -> str:
    return chr(code) if code <= 0x10FFFF else spelling
