"""Functions of a program, and their use from Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from rasp import atoms
from rasp.elaborate.kinds import Value, describe, relabelled
from rasp.elaborate.recursion import deep_recursion
from rasp.elaborate.run import Run
from rasp.elaborate.scope import Scope
from rasp.errors import RaspLimitError, RaspTypeError, Span
from rasp.syntax import ast
from rasp.values import Function, Selector, SOp

LIBRARY_SOURCE = "<library>"
"""The name of the standard library's source."""

Body = Callable[[ast.FunctionDef, Scope, Run], Value]
"""Executes a function's statements in the scope of a call and gives what it returns."""

_LONGEST_ARGUMENT = 20


@dataclass(frozen=True, eq=False)
class RaspFunction(Function):
    """A function defined with ``def``.

    Attributes:
        scope: where it was defined; its names are looked up there when it is called.
        creator: what a display calls that place.
    """

    name: str
    parameters: tuple[str, ...]
    definition: ast.FunctionDef
    scope: Scope
    creator: str
    execute: Body

    def apply(self, arguments: list[Value], span: Span, run: Run) -> Value:
        """The value of a call.

        Raises:
            RaspError: what the body raises, a wrong number of arguments, or calls that nest too deeply.
        """
        if len(arguments) != len(self.parameters):
            message = f"wrong number of args for {self.name}- expected: {len(self.parameters)}, got: {len(arguments)}"
            raise RaspTypeError(message, run.place(span), hint=f"{self.name}({', '.join(self.parameters)})")
        run.enter_call(span)
        outer_site = run.site
        if self.definition.span.source.name == LIBRARY_SOURCE:
            run.site = run.place(span)
        try:
            scope = self.scope.nested()
            for parameter, argument in zip(self.parameters, arguments, strict=True):
                scope.bind(parameter, argument, run.place(span))
            result = self.execute(self.definition, scope, run)
        finally:
            run.site = outer_site
            run.leave_call()
        quoted = " , ".join(describe(argument, _LONGEST_ARGUMENT) for argument in arguments)
        return relabelled(result, f"{self.name}({quoted})")

    def __call__(self, *arguments: Any, **constants: Any) -> Any:
        """Call the function from Python with atoms, lists, dictionaries, s-ops, selectors and functions."""
        if constants:
            raise RaspTypeError(f"{self.name} takes no named arguments")
        with deep_recursion():
            values = [from_python(argument) for argument in arguments]
            return to_python(self.apply(values, self.definition.name.span, Run()))

    def __repr__(self) -> str:
        return f"<RASP function {self.name}({', '.join(self.parameters)})>"


def from_python(value: Any) -> Value:
    """The value of the language for a Python value: floats become exact fractions.

    Raises:
        InputError: no value of the language.
    """
    match value:
        case SOp() | Selector() | Function():
            return value
        case list() | tuple():
            return [from_python(item) for item in value]
        case Mapping():
            return {atoms.from_host(key): from_python(item) for key, item in value.items()}
        case _:
            return atoms.from_host(value)


def to_python(value: Value) -> Any:
    """The Python value for a value of the language: fractions become floats; s-ops, selectors and functions stay.

    A fraction beyond the range of doubles stays exact.
    """
    match value:
        case Fraction():
            try:
                return atoms.to_host(value)
            except RaspLimitError:
                return value
        case list():
            return [to_python(item) for item in value]
        case dict():
            return {to_python(key): to_python(item) for key, item in value.items()}
        case _:
            return value
