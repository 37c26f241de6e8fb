"""The syntax trees of both dialects, as frozen dataclasses.

Every node has a span; spans do not take part in comparison, so that ``parse(unparse(tree)) == tree``. RASP and RASP-L share
the expressions; each has its own statements. Brackets around an expression leave no node, only ``parenthesized``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, TypeAlias

from rasp.errors import Source, Span

Dialect: TypeAlias = Literal["rasp", "rasp-l"]
Subset: TypeAlias = Literal["s-op", "selector"] | None
"""Which of the two running examples a REPL command means; None for both."""


@dataclass(frozen=True, kw_only=True)
class Tree:
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Expression(Tree):
    parenthesized: bool = field(default=False, compare=False, repr=False)


# Expressions of both dialects


@dataclass(frozen=True)
class Name(Expression):
    name: str


@dataclass(frozen=True)
class Constant(Expression):
    """A number or a string. A decimal is the exact fraction it denotes."""

    value: int | Fraction | str


@dataclass(frozen=True)
class Unary(Expression):
    op: str  # RASP: not - + ; RASP-L: not - + ~
    operand: Expr


@dataclass(frozen=True)
class Binary(Expression):
    op: str  # RASP: ^ * / % + - == <= >= > < and or in ; RASP-L: | & + - * / // % == != < <= > >= and or
    left: Expr
    right: Expr


@dataclass(frozen=True)
class Conditional(Expression):
    """``then if condition else otherwise``."""

    then: Expr
    condition: Expr
    otherwise: Expr


@dataclass(frozen=True)
class Call(Expression):
    function: Expr
    arguments: tuple[Expr, ...]
    keywords: tuple[Keyword, ...] = ()


@dataclass(frozen=True)
class Keyword(Tree):
    """``name=value`` in a call (RASP-L)."""

    name: str
    value: Expr


@dataclass(frozen=True)
class Index(Expression):
    subject: Expr
    index: Expr


@dataclass(frozen=True)
class ListDisplay(Expression):
    items: tuple[Expr, ...]


# Expressions of RASP


@dataclass(frozen=True)
class DictDisplay(Expression):
    items: tuple[tuple[Expr, Expr], ...]


@dataclass(frozen=True)
class ListComprehension(Expression):
    value: Expr
    targets: tuple[Name, ...]
    iterable: Expr


@dataclass(frozen=True)
class DictComprehension(Expression):
    key: Expr
    value: Expr
    targets: tuple[Name, ...]
    iterable: Expr


@dataclass(frozen=True)
class SelectCall(Expression):
    key: Expr
    query: Expr
    op: str  # == != < > <= >=


@dataclass(frozen=True)
class AggregateCall(Expression):
    selector: Expr
    value: Expr
    default: Expr | None


@dataclass(frozen=True)
class BuiltinCall(Expression):
    """``round``, ``indicator``, ``range``, ``zip`` or ``len`` applied to arguments."""

    name: str
    arguments: tuple[Expr, ...]


# Expressions of RASP-L


@dataclass(frozen=True)
class Lambda(Expression):
    """``places`` are those of the parameters."""

    parameters: tuple[str, ...]
    body: Expr
    places: tuple[Span, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True)
class Attribute(Expression):
    subject: Expr
    name: str


@dataclass(frozen=True)
class TupleDisplay(Expression):
    items: tuple[Expr, ...]


@dataclass(frozen=True)
class FormattedString(Expression):
    """An f-string; kept as its text, since sequences hold no formatted text."""

    text: str


@dataclass(frozen=True)
class Starred(Expression):
    """``*args`` or ``**kwargs`` in a call."""

    stars: Literal[1, 2]
    value: Expr


Expr: TypeAlias = (
    Name
    | Constant
    | Unary
    | Binary
    | Conditional
    | Call
    | Index
    | ListDisplay
    | DictDisplay
    | ListComprehension
    | DictComprehension
    | SelectCall
    | AggregateCall
    | BuiltinCall
    | Lambda
    | Attribute
    | TupleDisplay
    | FormattedString
    | Starred
)

# Statements of RASP


@dataclass(frozen=True)
class ExpressionStatement(Tree):
    """Also a statement of RASP-L."""

    value: Expr


@dataclass(frozen=True)
class Assign(Tree):
    """Also a statement of RASP-L, which has one value, to be unpacked if there are several targets."""

    targets: tuple[Name, ...]
    values: tuple[Expr, ...]


@dataclass(frozen=True)
class FunctionDef(Tree):
    """``def name(parameters) { body; return results; }``."""

    name: Name
    parameters: tuple[Name, ...]
    body: tuple[RaspStatement, ...]
    results: tuple[Expr, ...]


@dataclass(frozen=True)
class For(Tree):
    targets: tuple[Name, ...]
    iterable: Expr
    body: tuple[RaspStatement, ...]


@dataclass(frozen=True)
class Load(Tree):
    path: str


@dataclass(frozen=True)
class Draw(Tree):
    subject: Expr
    input: Expr | None


@dataclass(frozen=True)
class SetExample(Tree):
    subset: Subset
    value: Expr


@dataclass(frozen=True)
class ShowExample(Tree):
    subset: Subset


@dataclass(frozen=True)
class ToggleExamples(Tree):
    subset: Subset
    on: bool


@dataclass(frozen=True)
class ToggleFullDisplay(Tree):
    on: bool


@dataclass(frozen=True)
class Exit(Tree):
    spelling: str  # exit, exit(), quit or quit()


Command: TypeAlias = SetExample | ShowExample | ToggleExamples | ToggleFullDisplay | Exit
RaspStatement: TypeAlias = ExpressionStatement | Assign | FunctionDef | For | Load | Draw
RaspItem: TypeAlias = RaspStatement | Command

# Statements of RASP-L


@dataclass(frozen=True)
class Parameter(Tree):
    """A parameter of a RASP-L function; ``stars`` is 1 for ``*args`` and 2 for ``**kwargs``."""

    name: str
    default: Expr | None = None
    stars: Literal[0, 1, 2] = 0


@dataclass(frozen=True)
class PythonDef(Tree):
    """``def name(parameters):`` and its block."""

    name: Name
    parameters: tuple[Parameter, ...]
    body: tuple[RaspLStatement, ...]


@dataclass(frozen=True)
class Return(Tree):
    value: Expr | None


@dataclass(frozen=True)
class AugmentedAssign(Tree):
    """``target op= value``; ``op`` is spelled without the ``=``."""

    target: Name
    op: str
    value: Expr


@dataclass(frozen=True)
class If(Tree):
    condition: Expr
    then: tuple[RaspLStatement, ...]
    otherwise: tuple[RaspLStatement, ...]


@dataclass(frozen=True)
class While(Tree):
    condition: Expr
    body: tuple[RaspLStatement, ...]


@dataclass(frozen=True)
class Import(Tree):
    """``import module [as alias]``, or ``from module import names`` (``*`` for all); ``level`` counts leading dots.

    ``places`` are those of the names there and here, or of the module and its alias.
    """

    module: str
    names: tuple[tuple[str, str], ...]  # (name, name bound here); empty for a plain import
    alias: str | None = None
    level: int = 0
    places: tuple[tuple[Span, Span], ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True)
class Pass(Tree):
    pass


RaspLStatement: TypeAlias = ExpressionStatement | Assign | AugmentedAssign | PythonDef | Return | If | While | Import | Pass
Statement: TypeAlias = RaspItem | RaspLStatement


@dataclass(frozen=True)
class Program:
    """A whole text."""

    dialect: Dialect
    statements: tuple[Statement, ...]
    source: Source = field(compare=False, repr=False)
