"""Executes RASP-L statements: straight-line code, with branches and loops on constants only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never, cast

from rasp.elaborate import raspl_functions as functions
from rasp.elaborate.raspl_expressions import evaluate
from rasp.elaborate.raspl_functions import REQUIRED, Bound, RaspLFunction, Slot
from rasp.elaborate.raspl_imports import bind_import
from rasp.elaborate.raspl_operators import binary, truth
from rasp.elaborate.raspl_values import Frame, Host, HostCodeError, Sequence, Value, describe, host_error
from rasp.errors import RaspTypeError, RaspValueError, Span
from rasp.syntax import ast


@dataclass(frozen=True)
class Returned:
    """A ``return`` was executed."""

    value: Value


def run_block(statements: tuple[ast.RaspLStatement, ...], frame: Frame) -> Returned | None:
    """Execute statements up to a ``return``; what they bind goes into the frame's scope.

    Raises:
        RaspError: a statement is no RASP-L, or undefined; the error has its place.
    """
    for statement in statements:
        returned = _run(statement, frame)
        if returned is not None:
            return returned
    return None


def _run(statement: ast.RaspLStatement, frame: Frame) -> Returned | None:
    frame.run.step(statement.span)
    names = frame.scope.names
    match statement:
        case ast.Assign(targets=targets, values=(value,)):
            names.update(_bound(targets, evaluate(value, frame), frame.at(value.span)))
        case ast.AugmentedAssign():
            names[statement.target.name] = _augmented(statement, frame)
        case ast.ExpressionStatement(value=value):
            _run_for_nothing(value, frame)
        case ast.PythonDef():
            names[statement.name.name] = define(statement, frame)
        case ast.Return(value=value):
            return Returned(None if value is None else evaluate(value, frame))
        case ast.If(condition=condition, then=then, otherwise=otherwise):
            holds = truth(evaluate(condition, frame), frame.at(condition.span))
            return run_block(then if holds else otherwise, frame)
        case ast.While():
            return _while(statement, frame)
        case ast.Import():
            bind_import(statement, frame, run_module)
        case ast.Pass():
            pass
        case ast.Assign():
            raise AssertionError("RASP-L assigns one value")
        case _:
            assert_never(statement)
    return None


def _bound(targets: tuple[ast.Name, ...], value: Value, span: Span) -> dict[str, Value]:
    """The value of each name of an assignment."""
    names = [target.name for target in targets]
    match value:
        case _ if len(names) == 1:
            return {names[0]: value}
        case tuple() if len(value) == len(names):
            return dict(zip(names, value, strict=True))
        case tuple():
            raise RaspValueError(f"{len(names)} names for {len(value)} values", span)
        case Host():
            raise host_error(value, span)
        case _:
            raise RaspTypeError(f"{describe(value)} can't be unpacked into {len(names)} names", span)


def _augmented(statement: ast.AugmentedAssign, frame: Frame) -> Value:
    """``+=`` makes a new value; NumPy changes the old one in place, so the old one must not be read again."""
    before = evaluate(statement.target, frame)
    after = binary(statement.op, before, evaluate(statement.value, frame), frame, statement.span)
    if isinstance(before, Sequence):
        frame.run.changed[before] = frame.at(statement.span)
    return after


def _run_for_nothing(expression: ast.Expr, frame: Frame) -> None:
    """An expression whose value nobody wants: host code such as ``print`` may stand here, and does nothing."""
    try:
        evaluate(expression, frame)
    except HostCodeError:
        return


def _while(statement: ast.While, frame: Frame) -> Returned | None:
    while truth(evaluate(statement.condition, frame), frame.at(statement.condition.span)):
        returned = run_block(statement.body, frame)
        if returned is not None:
            return returned
    return None


def define(definition: ast.PythonDef, frame: Frame) -> RaspLFunction:
    """The function that a ``def`` makes; its body is looked at when it is called."""

    def body(bound: Bound, caller: Frame, span: Span) -> Value:
        returned = run_block(definition.body, caller.called(frame.scope.nested(bound), span))
        return None if returned is None else returned.value

    slots = tuple(_slot(parameter, frame) for parameter in definition.parameters)
    return functions.function(definition.name.name, slots, body, frame.at(definition.name.span))


def _slot(parameter: ast.Parameter, frame: Frame) -> Slot:
    default = REQUIRED if parameter.default is None else evaluate(parameter.default, frame)
    return Slot(parameter.name, default, parameter.stars)


def run_module(program: ast.Program, frame: Frame) -> None:
    """Execute a module's statements in its own scope."""
    run_block(cast("tuple[ast.RaspLStatement, ...]", program.statements), frame)
