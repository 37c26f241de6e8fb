"""RASP syntax trees back to text."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from rasp.errors import RaspTypeError, RaspValueError, Span
from rasp.syntax import ast

_INDENT = "    "
_LEVELS = {
    "in": 1,
    **dict.fromkeys(["and", "or"], 3),
    **dict.fromkeys(["==", "<=", ">=", ">", "<"], 4),
    **dict.fromkeys(["+", "-"], 5),
    "%": 6,
    **dict.fromkeys(["*", "/"], 7),
    "^": 8,
}
"""How strongly each binary operator binds; all of them group to the left."""

_LOWEST, _CONDITIONAL, _PREFIX, _POSTFIX, _PRIMARY = 1, 2, 9, 10, 11
_BRACKET_WORDS = frozenset({"select", "aggregate", "range", "zip", "len"})
_LONGEST_DIGITS = 4_000


def unparse(program: ast.Program) -> str:
    """The text of a RASP program; functions and loops stand apart by a blank line."""
    texts: list[str] = []
    for before, statement in zip((None, *program.statements), program.statements, strict=False):
        apart = before is not None and (_is_block(before) or _is_block(statement))
        texts.append("\n" * apart + "\n".join(_statement(statement)) + "\n")
    return "".join(texts)


def _is_block(statement: ast.Statement) -> bool:
    return isinstance(statement, ast.FunctionDef | ast.For)


def _statement(statement: ast.Statement) -> list[str]:
    match statement:
        case ast.ExpressionStatement(value=value):
            return [f"{_expression(value)};"]
        case ast.Assign(targets=targets, values=values):
            return [f"{_names(targets)} = {_expressions(values)};"]
        case ast.Draw(subject=subject, input=None):
            return [f"draw({_expression(subject)});"]
        case ast.Draw(subject=subject, input=tokens) if tokens is not None:
            return [f"draw({_expressions((subject, tokens))});"]
        case ast.Load(path=path):
            return [f"load {_string(path, statement.span)};"]
        case ast.FunctionDef(name=name, parameters=parameters, body=body, results=results):
            lines = [*_block(body), f"{_INDENT}return {_expressions(results)};"]
            return [f"def {name.name}({_names(parameters)}) {{", *lines, "}"]
        case ast.For(targets=targets, iterable=iterable, body=body):
            return [f"for {_names(targets)} in {_expression(iterable)} {{", *_block(body), "}"]
        case ast.SetExample() | ast.ShowExample() | ast.ToggleExamples() | ast.ToggleFullDisplay() | ast.Exit():
            return [_command(statement)]
        case _:
            raise RaspTypeError(f"{type(statement).__name__} is no statement of RASP", statement.span)


def _block(statements: Iterable[ast.Statement]) -> list[str]:
    return [_INDENT + line for statement in statements for line in _statement(statement)]


def _command(command: ast.Command) -> str:
    match command:
        case ast.SetExample(subset=subset, value=value):
            return f"set {_subset(subset)}example {_expression(value)}"
        case ast.ShowExample(subset=subset):
            return f"show {_subset(subset)}example"
        case ast.ToggleExamples(subset=subset, on=on):
            return f"{_subset(subset)}examples {_switch(on)}"
        case ast.ToggleFullDisplay(on=on):
            return f"full seq display {_switch(on)}"
        case ast.Exit(spelling=spelling):
            return spelling


def _subset(subset: ast.Subset) -> str:
    return "" if subset is None else f"{subset} "


def _switch(on: bool) -> str:
    return "on" if on else "off"


def _names(names: Iterable[ast.Name]) -> str:
    return ", ".join(name.name for name in names)


def _expressions(exprs: Iterable[ast.Expr]) -> str:
    return ", ".join([_expression(expr) for expr in exprs])


def _expression(expr: ast.Expr, weakest: int = _LOWEST) -> str:
    """An expression, in brackets if it binds less than its place asks for."""
    text, level = _text_and_level(expr)
    return text if level >= weakest else f"({text})"


def _text_and_level(expr: ast.Expr) -> tuple[str, int]:
    match expr:
        case ast.Binary(op=op, left=left, right=right):
            level = _LEVELS[op]
            return f"{_expression(left, level)} {op} {_expression(right, level + 1)}", level
        case ast.Conditional(then=then, condition=condition, otherwise=otherwise):
            choice = f"{_expression(then, _CONDITIONAL)} if {_expression(condition)}"
            return f"{choice} else {_expression(otherwise, _CONDITIONAL + 1)}", _CONDITIONAL
        case ast.Unary(op=op, operand=operand):
            return f"{op}{' ' if op == 'not' else ''}{_expression(operand, _PREFIX)}", _PREFIX
        case ast.Index(subject=subject, index=index):
            return f"{_expression(subject, _POSTFIX)}[{_expression(index)}]", _POSTFIX
        case ast.Call(function=function, arguments=arguments):
            return f"{_callee(function)}({_expressions(arguments)})", _POSTFIX
        case _:
            return _primary(expr), _PRIMARY


def _callee(function: ast.Expr) -> str:
    """A variable that is called like a built-in would be read as the built-in."""
    if isinstance(function, ast.Name) and function.name in _BRACKET_WORDS:
        return f"({function.name})"
    return _expression(function, _POSTFIX)


def _primary(expr: ast.Expr) -> str:
    match expr:
        case ast.Name(name=name):
            return name
        case ast.Constant(value=str() as value):
            return _string(value, expr.span)
        case ast.Constant(value=int() | Fraction() as value):
            return _numeral(value, expr.span)
        case ast.ListDisplay(items=items):
            return f"[{_expressions(items)}]"
        case ast.DictDisplay(items=pairs):
            return "{" + ", ".join([f"{_expression(key)}: {_expression(value)}" for key, value in pairs]) + "}"
        case ast.ListComprehension(value=value, targets=targets, iterable=iterable):
            return f"[{_expression(value)} for {_names(targets)} in {_expression(iterable)}]"
        case ast.DictComprehension(key=key, value=value, targets=targets, iterable=iterable):
            pair = f"{_expression(key)}: {_expression(value)}"
            return f"{{{pair} for {_names(targets)} in {_expression(iterable)}}}"
        case ast.SelectCall(key=key, query=query, op=op):
            return f"select({_expressions((key, query))}, {op})"
        case ast.AggregateCall(selector=selector, value=value, default=default):
            return f"aggregate({_expressions((selector, value) if default is None else (selector, value, default))})"
        case ast.BuiltinCall(name=name, arguments=arguments):
            return f"{name}({_expressions(arguments)})"
        case _:
            raise RaspTypeError(f"{type(expr).__name__} is no expression of RASP", expr.span)


def _string(value: str, span: Span) -> str:
    if any(character in value for character in '"\r\n'):
        raise RaspValueError("a RASP string can't hold a double quote or a line break", span)
    return f'"{value}"'


def _numeral(value: int | Fraction, span: Span) -> str:
    """A number as a literal: digits, or digits around a point."""
    if isinstance(value, int):
        return _digits(value)
    places = 1
    while 10**places % value.denominator:
        places += 1
        if places > value.denominator.bit_length():
            raise RaspValueError("a fraction without a finite decimal has no literal", span)
    whole, rest = divmod(value.numerator * 10**places // value.denominator, 10**places)
    return f"{_digits(whole)}.{_digits(rest).rjust(places, '0')}"


def _digits(number: int) -> str:
    """Python refuses to write more than 4,300 digits at once, so long numbers are written in halves."""
    if number < 10**_LONGEST_DIGITS:
        return str(number)
    places = number.bit_length() * 3 // 20
    high, low = divmod(number, 10**places)
    return _digits(high) + _digits(low).rjust(places, "0")
