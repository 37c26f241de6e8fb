"""Warns of places where RASP's operator precedence is not what most readers expect.

RASP binds 'in' weakest of all, puts 'and' and 'or' on one level, '%' below '*', 'not' above the comparisons, and groups
'if … else' and '^' to the left. Such a place is not an error; brackets around it show that it is meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from rasp.errors import RaspError, Span
from rasp.syntax import ast

_COMPARISONS = frozenset({"==", "<=", ">=", ">", "<"})
_LOGICAL = frozenset({"and", "or"})
_LONGEST_QUOTED = 40


@dataclass(frozen=True)
class LintWarning:
    """A place that may not mean what it seems to.

    Attributes:
        rule: the trap's name.
        message: what the program means as it stands.
        hint: how to write what was probably meant.
    """

    rule: str
    message: str
    span: Span
    hint: str

    def report(self) -> str:
        """The warning with its place, the source line and the hint."""
        return RaspError(f"warning: {self.message} [{self.rule}]", self.span, hint=self.hint).report()


def lint(program: ast.Program) -> list[LintWarning]:
    """The traps in a RASP program, in the order of the text; a RASP-L program has Python's precedence and so none."""
    if program.dialect != "rasp":
        return []
    found = [warning for expr in _expressions(program) for warning in _check(expr)]
    return sorted(found, key=lambda warning: (warning.span.start, warning.span.end))


def _expressions(program: ast.Program) -> Iterator[ast.Expr]:
    stack: list[object] = [program.statements]
    while stack:
        item = stack.pop()
        if isinstance(item, tuple):
            stack.extend(item)
        elif isinstance(item, ast.Tree):
            if isinstance(item, ast.Binary | ast.Conditional | ast.Index | ast.Call):
                yield item
            stack.extend(getattr(item, field.name) for field in fields(item) if field.compare)


def _check(expr: ast.Expr) -> Iterator[LintWarning]:
    match expr:
        case ast.Binary(op="in"):
            yield from _check_in(expr)
        case ast.Binary(op=op, left=ast.Unary(op="not", parenthesized=False) as left, right=right) if op not in _LOGICAL:
            inner, other = _quote(left.operand), _quote(right)
            message = f"'not' binds stronger than '{op}': this means (not {inner}) {op} {other}"
            yield LintWarning("not-first", message, expr.span, f"write not ({inner} {op} {other})")
        case ast.Binary(op="and", left=ast.Binary(op="or", parenthesized=False) as left, right=right):
            message = f"'and' and 'or' bind equally: this means ({_quote(left)}) and {_quote(right)}"
            hint = f"write {_quote(left.left)} or ({_quote(left.right)} and {_quote(right)}), or the brackets that are meant"
            yield LintWarning("and-or", message, expr.span, hint)
        case ast.Binary(op="%", left=left, right=ast.Binary(op="*" | "/", parenthesized=False) as right):
            message = f"'%' binds weaker than '{right.op}': this means {_quote(left)} % ({_quote(right)})"
            hint = f"write ({_quote(left)} % {_quote(right.left)}) {right.op} {_quote(right.right)}"
            yield LintWarning("modulo", message, expr.span, hint)
        case ast.Binary(op=op, left=ast.Binary(parenthesized=False) as left) if {op, left.op} <= _COMPARISONS:
            message = f"comparisons do not chain: this means ({_quote(left)}) {op} {_quote(expr.right)}"
            hint = f"write {_quote(left)} and {_quote(left.right)} {op} {_quote(expr.right)}"
            yield LintWarning("comparison-chain", message, expr.span, hint)
        case ast.Binary(op="^"):
            yield from _check_power(expr)
        case ast.Conditional(then=ast.Conditional(parenthesized=False) as then):
            message = f"'if … else' groups to the left: this means ({_quote(then)}) if {_quote(expr.condition)} else …"
            hint = f"write {_quote(then.then)} if {_quote(then.condition)} else ({_quote(then.otherwise)} if … else …)"
            yield LintWarning("nested-conditional", message, expr.span, hint)
        case ast.Index(subject=ast.Constant(value=value)) | ast.Call(function=ast.Constant(value=value)):
            yield from _check_postfix(expr, value)
        case _:
            return


def _check_in(expr: ast.Binary) -> Iterator[LintWarning]:
    """'in' takes everything to its left and right that is not in brackets."""
    left, right = _quote(expr.left), _quote(expr.right)
    if _swallowed(expr.left):
        message = f"'in' binds weakest of all: this means ({left}) in {right}"
        yield LintWarning("in-last", message, expr.span, f"write {_regrouped_left(expr.left, right)}")
    if _swallowed(expr.right):
        message = f"'in' binds weakest of all: this means {left} in ({right})"
        yield LintWarning("in-last", message, expr.span, f"put brackets around the test: ({left} in …)")


def _swallowed(side: ast.Expr) -> bool:
    if side.parenthesized:
        return False
    match side:
        case ast.Binary(op=op):
            return op in _LOGICAL or op in _COMPARISONS or op == "in"
        case ast.Unary(op="not") | ast.Conditional():
            return True
        case _:
            return False


def _regrouped_left(side: ast.Expr, container: str) -> str:
    """The left side with the test moved to its last operand, where a reader expects it."""
    match side:
        case ast.Unary(operand=operand):
            return f"not ({_quote(operand)} in {container})"
        case ast.Binary(op=op, left=left, right=ast.Unary(op="not", operand=operand)):
            return f"{_quote(left)} {op} (not ({_quote(operand)} in {container}))"
        case ast.Binary(op=op, left=left, right=right):
            return f"{_quote(left)} {op} ({_quote(right)} in {container})"
        case ast.Conditional(then=then, condition=condition, otherwise=otherwise):
            return f"{_quote(then)} if {_quote(condition)} else ({_quote(otherwise)} in {container})"
        case _:
            return f"({_quote(side)}) in {container}"


def _check_power(expr: ast.Binary) -> Iterator[LintWarning]:
    exponent = _quote(expr.right)
    match expr.left:
        case ast.Unary(op="-", parenthesized=False, operand=operand):
            message = f"'-' binds stronger than '^': this means (-{_quote(operand)}) ^ {exponent}"
            yield LintWarning("minus-power", message, expr.span, f"write -({_quote(operand)} ^ {exponent})")
        case ast.Binary(op="^", parenthesized=False) as left:
            message = f"'^' groups to the left: this means ({_quote(left)}) ^ {exponent}"
            hint = f"write {_quote(left.left)} ^ ({_quote(left.right)} ^ {exponent})"
            yield LintWarning("power-chain", message, expr.span, hint)
        case _:
            return


def _check_postfix(expr: ast.Expr, value: object) -> Iterator[LintWarning]:
    """``indices + 1[0]``: an index or a call that stands behind a number belongs to the number alone."""
    if isinstance(value, str) and isinstance(expr, ast.Index):
        return
    what = "index" if isinstance(expr, ast.Index) else "call"
    message = f"this {what} belongs to the constant before it alone, and fails"
    yield LintWarning("literal-postfix", message, expr.span, "put brackets around the expression that is meant")


def _quote(expr: ast.Expr) -> str:
    text = " ".join(expr.span.text.split())
    return text if len(text) <= _LONGEST_QUOTED else "…"
