"""``check``: is a program RASP-L as the paper means it?"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from rasp.check.findings import Finding, Findings
from rasp.check.flow import walk
from rasp.check.kinds import LARGEST, SMALLEST, Tok
from rasp.elaborate.raspl_functions import RaspLFunction, Required
from rasp.errors import RaspError, RaspTypeError
from rasp.syntax import ast
from rasp.values import SOp

if TYPE_CHECKING:
    from rasp.module import Module

_MOST_FLAGS = 4


def check(
    subject: RaspLFunction | SOp | Module,
    *,
    strict: bool = False,
    tokens: tuple[int, int] = (SMALLEST, LARGEST),
    **constants: Any,
) -> list[Finding]:
    """What a program does that RASP-L restricts, in the order of its text.

    A function is checked for both values of each of its parameters whose default is True or False. Of a module, the functions
    that no other function of it names are checked; those that need constants are left out.

    Args:
        strict: read the paper's restrictions literally.
        tokens: the smallest and the largest token of an input.
        constants: values of a function's further parameters.

    Raises:
        RaspTypeError: the subject is no RASP-L program.
    """
    findings = Findings(strict)
    interval = Tok(*tokens)
    match subject:
        case SOp(node=node):
            walk(node, interval, findings)
        case RaspLFunction():
            _check_function(subject, interval, constants, findings)
        case Mapping() if getattr(subject, "dialect", None) == "rasp-l":
            _check_structure(subject.program, findings)
            for function in _programs(subject):
                _check_function(function, interval, constants, findings)
        case _:
            raise RaspTypeError("only RASP-L programs are checked: functions, and modules of them")
    return findings.in_order()


def _check_function(function: RaspLFunction, tokens: Tok, constants: Mapping[str, Any], findings: Findings) -> None:
    for choice in _flag_choices(function, constants):
        try:
            program = function.sop(**choice)
        except RaspError as error:
            hint = f" ({error.hint})" if error.hint else ""
            findings.add("not-raspl", error.message + hint, error.span)
        else:
            walk(program.node, tokens, findings)


def _flag_choices(function: RaspLFunction, constants: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The given constants with every choice of the parameters that are True or False by default."""
    flags = [slot.name for slot in function.slots if isinstance(slot.default, bool) and slot.name not in constants]
    for values in itertools.product((True, False), repeat=len(flags[:_MOST_FLAGS])):
        yield {**constants, **dict(zip(flags, values, strict=False))}


def _programs(module: Module) -> Iterator[RaspLFunction]:
    """The functions that no other names, and one of each circle of functions that name each other."""
    calls = {definition.name.name: _names_outside(definition) for definition in _definitions(module.program)}
    helpers = {name for caller, names in calls.items() for name in names if name != caller}
    reached: set[str] = set()
    for name in sorted(calls, key=lambda name: name in helpers):
        if name in helpers and name in reached:
            continue
        _reach(name, calls, reached)
        function = module.get(name)
        if isinstance(function, RaspLFunction) and _takes_one(function):
            yield function


def _reach(start: str, calls: Mapping[str, set[str]], reached: set[str]) -> None:
    pending = [start]
    while pending:
        name = pending.pop()
        if name not in reached:
            reached.add(name)
            pending.extend(calls.get(name, ()))


def _takes_one(function: RaspLFunction) -> bool:
    needed = [slot for slot in function.slots if isinstance(slot.default, Required) and slot.stars == 0]
    return len(needed) == 1


def _check_structure(program: ast.Program, findings: Findings) -> None:
    for definition in _definitions(program):
        for part in _parts(definition.body):
            match part:
                case ast.While(condition=condition):
                    findings.add("loop", "a 'while' loop", condition.span)
                case ast.Call(function=ast.Name(name=name), span=span) if name == definition.name.name:
                    findings.add("recursion", f"'{name}' calls itself", span)
                case _:
                    pass


def _definitions(program: ast.Program) -> Iterator[ast.PythonDef]:
    """The functions at the top of a module."""
    return (statement for statement in program.statements if isinstance(statement, ast.PythonDef))


def _names_outside(definition: ast.PythonDef) -> set[str]:
    """The names in a function's body that are neither its parameters nor bound in it."""
    parts = list(_parts(definition.body))
    bound = {target.name for part in parts if isinstance(part, ast.Assign) for target in part.targets}
    bound.update(parameter.name for parameter in definition.parameters)
    return {part.name for part in parts if isinstance(part, ast.Name)} - bound


def _parts(tree: object) -> Iterator[ast.Tree]:
    """All trees in a tree."""
    pending = [tree]
    while pending:
        item = pending.pop()
        if isinstance(item, tuple):
            pending.extend(item)
        elif isinstance(item, ast.Tree):
            yield item
            pending.extend(getattr(item, field.name) for field in fields(item) if field.compare)
