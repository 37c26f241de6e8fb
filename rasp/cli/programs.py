"""From the arguments of a command to the value that it is about."""

from __future__ import annotations

import argparse
from typing import Any

from rasp.errors import RaspTypeError
from rasp.module import Module, load
from rasp.values import Function, Selector, SOp


def named_value(options: argparse.Namespace) -> tuple[Module, Any]:
    """The program and the value that FILE and NAME mean; a RASP-L function with its constants is an s-op.

    Raises:
        RaspError: the program is wrong, does not define the name, or the function does not fit the constants.
    """
    module = load(options.file)
    value = module[options.name]
    constants = dict(options.constants)
    match value:
        case Function() if module.dialect == "rasp-l":
            return module, _as_sop(value, constants)
        case _ if constants:
            raise RaspTypeError(f"'{options.name}' takes no constants", hint="--set is for functions of RASP-L programs")
        case _:
            return module, value


def sop_or_selector(options: argparse.Namespace) -> tuple[Module, SOp | Selector]:
    """The same, where it must be an s-op or a selector.

    Raises:
        RaspTypeError: it is something else.
    """
    module, value = named_value(options)
    match value:
        case SOp() | Selector():
            return module, value
        case Function(parameters=parameters):
            hint = f"name its result in the program: x = {options.name}({', '.join(parameters)});"
            raise RaspTypeError(f"'{options.name}' is a function, not an s-op", hint=hint)
        case _:
            raise RaspTypeError(f"'{options.name}' is {value_text(value)}, not an s-op", hint="choose an s-op or a selector")


def value_text(value: Any) -> str:
    """A plain value of a program in the host's notation, and the parts of a collection by their names."""
    from rasp.elaborate.functions import from_python
    from rasp.elaborate.recursion import deep_recursion
    from rasp.repl.notation import host_notation

    with deep_recursion():
        return host_notation(from_python(value))


def _as_sop(function: Any, constants: dict[str, Any]) -> SOp:
    return function.sop(**constants)
