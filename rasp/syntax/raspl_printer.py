"""RASP-L syntax trees back to text: ``parse(unparse(program), "rasp-l") == program``."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from rasp.syntax import ast

_LEVELS = {
    **dict.fromkeys(["or"], 1),
    **dict.fromkeys(["and"], 2),
    **dict.fromkeys(["==", "!=", "<", "<=", ">", ">="], 4),
    "|": 5,
    "^": 6,
    "&": 7,
    **dict.fromkeys(["+", "-"], 8),
    **dict.fromkeys(["*", "/", "//", "%"], 9),
}
_LOWEST, _NOT, _COMPARISON, _PREFIX, _POSTFIX, _ATOM = 0, 3, 4, 10, 11, 12
_INDENT = "    "
_ESCAPES = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def unparse(program: ast.Program) -> str:
    """The text of a program, with the brackets it needs and no more; functions stand apart by a blank line."""
    texts: list[str] = []
    for before, statement in zip((None, *program.statements), program.statements, strict=False):
        apart = before is not None and (isinstance(before, ast.PythonDef) or isinstance(statement, ast.PythonDef))
        texts.append("\n" * apart + "\n".join(_statement(statement)) + "\n")
    return "".join(texts)


def _statement(statement: ast.Statement) -> list[str]:
    match statement:
        case ast.ExpressionStatement(value=value):
            return [_expression(value)]
        case ast.Assign(targets=targets, values=values):
            return [f"{_joined(target.name for target in targets)} = {_expression(values[0])}"]
        case ast.AugmentedAssign(target=target, op=op, value=value):
            return [f"{target.name} {op}= {_expression(value)}"]
        case ast.PythonDef(name=name, parameters=parameters, body=body):
            return [f"def {name.name}({_joined(_parameter(item) for item in parameters)}):", *_block(body)]
        case ast.Return(value=value):
            return ["return" if value is None else f"return {_expression(value)}"]
        case ast.If():
            return _if(statement, "if")
        case ast.While(condition=condition, body=body):
            return [f"while {_expression(condition)}:", *_block(body)]
        case ast.Import():
            return [_import(statement)]
        case ast.Pass():
            return ["pass"]
        case _:
            raise TypeError(f"{type(statement).__name__} is no statement of RASP-L")


def _block(statements: Iterable[ast.Statement]) -> list[str]:
    return [_INDENT + line for statement in statements for line in _statement(statement)]


def _if(statement: ast.If, word: str) -> list[str]:
    lines = [f"{word} {_expression(statement.condition)}:", *_block(statement.then)]
    match statement.otherwise:
        case ():
            return lines
        case (ast.If() as inner,):
            return lines + _if(inner, "elif")
        case otherwise:
            return [*lines, "else:", *_block(otherwise)]


def _import(statement: ast.Import) -> str:
    module = "." * statement.level + statement.module
    if not statement.names:
        return f"import {module}" + (f" as {statement.alias}" if statement.alias else "")
    names = _joined(name if name == bound else f"{name} as {bound}" for name, bound in statement.names)
    return f"from {module} import {names}"


def _parameter(parameter: ast.Parameter) -> str:
    default = "" if parameter.default is None else f"={_expression(parameter.default)}"
    return "*" * parameter.stars + parameter.name + default


def _joined(items: Iterable[str]) -> str:
    return ", ".join(items)


def _expression(expression: ast.Expr, level: int = _LOWEST) -> str:
    """The text of an expression that stands where only operators binding at least as tightly as ``level`` may stand."""
    own, text = _bound(expression)
    return text if own >= level else f"({text})"


def _bound(expression: ast.Expr) -> tuple[int, str]:
    match expression:
        case ast.Name(name=name):
            return _ATOM, name
        case ast.Constant(value=value):
            return _constant(value)
        case ast.FormattedString(text=text):
            return _ATOM, text
        case ast.Unary(op="not", operand=operand):
            return _NOT, f"not {_expression(operand, _NOT)}"
        case ast.Unary(op=op, operand=operand):
            return _PREFIX, f"{op}{_expression(operand, _PREFIX)}"
        case ast.Binary(op=op, left=left, right=right):
            level = _LEVELS[op]
            on_left = level + 1 if level == _COMPARISON else level
            return level, f"{_expression(left, on_left)} {op} {_expression(right, level + 1)}"
        case ast.Conditional(then=then, condition=condition, otherwise=otherwise):
            return _LOWEST, f"{_expression(then, 1)} if {_expression(condition, 1)} else {_expression(otherwise)}"
        case ast.Lambda(parameters=parameters, body=body):
            return _LOWEST, f"lambda {_joined(parameters)}: {_expression(body)}".replace("lambda :", "lambda:")
        case ast.Call(function=function, arguments=arguments, keywords=keywords):
            return _POSTFIX, f"{_expression(function, _POSTFIX)}({_joined(_arguments(arguments, keywords))})"
        case ast.Index(subject=subject, index=index):
            return _POSTFIX, f"{_expression(subject, _POSTFIX)}[{_expression(index)}]"
        case ast.Attribute(subject=subject, name=name):
            return _POSTFIX, f"{_expression(subject, _POSTFIX)}.{name}"
        case ast.TupleDisplay(items=items):
            return _ATOM, f"({_joined(_expression(item) for item in items)}{',' * (len(items) == 1)})"
        case ast.ListDisplay(items=items):
            return _ATOM, f"[{_joined(_expression(item) for item in items)}]"
        case _:
            raise TypeError(f"{type(expression).__name__} is no expression of RASP-L")


def _arguments(arguments: tuple[ast.Expr, ...], keywords: tuple[ast.Keyword, ...]) -> list[str]:
    first = [_argument(item) for item in arguments if not (isinstance(item, ast.Starred) and item.stars == 2)]
    last = [_argument(item) for item in arguments if isinstance(item, ast.Starred) and item.stars == 2]
    return first + [f"{item.name}={_expression(item.value)}" for item in keywords] + last


def _argument(argument: ast.Expr) -> str:
    if isinstance(argument, ast.Starred):
        return "*" * argument.stars + _expression(argument.value)
    return _expression(argument)


def _constant(value: int | Fraction | str) -> tuple[int, str]:
    """A number before a dot would be read as part of a decimal: only brackets make it the subject of an attribute."""
    match value:
        case str():
            return _ATOM, f"'{''.join(_escaped(character) for character in value)}'"
        case Fraction():
            return _PREFIX, _decimal(value)
        case int():
            return _PREFIX, str(value)


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    code = ord(character)
    return character if character.isprintable() else f"\\x{code:02x}" if code < 256 else f"\\U{code:08x}"


def _decimal(value: Fraction) -> str:
    """A decimal literal denotes an integer over a power of ten, so its expansion ends."""
    places = 1
    while (value * 10**places).denominator != 1:
        places += 1
    digits = str(int(value * 10**places)).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}"
