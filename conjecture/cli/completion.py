"""What the shell can complete of a ``conjecture`` command line."""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Callable, Iterable
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from conjecture.cli.commands import COMMANDS
from rasp.cli.completion import Completer, completed, files
from rasp.cli.parser import answer_shell


def complete() -> None:
    """Answer the shell, if it asks for completions, and leave."""
    answer_shell(completing_parser)


def completing_parser() -> argparse.ArgumentParser:
    """A parser with all commands and options, as far as completion needs to know them: tyro's own can't be asked."""
    parser = argparse.ArgumentParser(prog="conjecture")
    parser.add_argument("--version", action="store_true")
    commands = parser.add_subparsers()
    for name, function in COMMANDS.items():
        _add_arguments(commands.add_parser(name), function)
    return parser


def _add_arguments(parser: argparse.ArgumentParser, function: Callable[..., None]) -> None:
    types = get_type_hints(function)
    for name, parameter in inspect.signature(function).parameters.items():
        if is_dataclass(types[name]):
            for field, type_ in get_type_hints(types[name]).items():
                _add_option(parser, field, type_)
        elif parameter.kind is parameter.POSITIONAL_ONLY:
            nargs = "*" if get_origin(types[name]) is tuple else None if parameter.default is parameter.empty else "?"
            _complete_by(parser.add_argument(name, nargs=nargs), name, types[name])
        else:
            _add_option(parser, name, types[name])


def _add_option(parser: argparse.ArgumentParser, name: str, type_: Any) -> None:
    parts = [part for part in (get_args(type_) or (type_,)) if part is not type(None)]
    choices = get_args(type_) if get_origin(type_) is Literal else None
    several = next((part for part in (type_, *parts) if get_origin(part) is tuple), None)
    nargs = None if several is None else "*" if Ellipsis in get_args(several) else len(get_args(several))
    _complete_by(parser.add_argument(f"--{name.replace('_', '-')}", nargs=nargs, choices=choices), name, type_)


def _complete_by(action: argparse.Action, name: str, type_: Any) -> None:
    named: dict[str, Completer] = {"task": _tasks, "tasks": _tasks, "suite": _suites}
    if name in named or (name == "name" and action.dest == "name"):
        completed(action, named.get(name, _tasks))
    elif Path in (type_, *get_args(type_)):
        completed(action, files())


def _tasks(**_: Any) -> Iterable[str]:
    from conjecture.tasks import all_tasks

    return all_tasks()


def _suites(**_: Any) -> Iterable[str]:
    from conjecture.sweeps.suites import SUITES

    return SUITES
