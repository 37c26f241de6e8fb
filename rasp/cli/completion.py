"""What the shell can complete; ``rasp completion`` prints the lines that make it ask."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from typing import Any, Literal, get_args

from rasp.errors import RaspError
from rasp.extras import needed_for

Shell = Literal["bash", "zsh", "fish"]
SHELLS: tuple[Shell, ...] = get_args(Shell)

_COMMANDS = ("rasp", "raspc", "conjecture")

Completer = Callable[..., Iterable[str]]
"""Called with ``prefix``, ``parsed_args`` and more, by argcomplete."""


def completion(options: argparse.Namespace) -> int:
    """Print what the shell is to evaluate.

    Raises:
        MissingExtraError: argcomplete is not installed.
    """
    with needed_for("completion in the shell", "completion"):
        from argcomplete.shell_integration import shellcode
    print(shellcode(_COMMANDS, shell=options.shell))
    return 0


def completed(action: argparse.Action, completer: Completer) -> None:
    """Let the shell complete an argument."""
    vars(action)["completer"] = completer


def files(*suffixes: str) -> Completer:
    """Completes the names of files that end in one of the suffixes (of all files without any), and of folders."""

    def complete(prefix: str, **_: Any) -> Iterable[str]:
        from argcomplete.completers import FilesCompleter

        return FilesCompleter(suffixes)(prefix)

    return complete


PROGRAMS = files(".rasp", ".raspl", ".py")


def runnable_names(parsed_args: argparse.Namespace, **_: Any) -> Iterable[str]:
    """The names in the program ``options.file`` that a command can take: s-ops, selectors and RASP-L functions."""
    from rasp.module import load
    from rasp.values import Function, Selector, SOp

    try:
        module = load(parsed_args.file)
    except RaspError:
        return []
    kinds = (SOp, Selector, Function) if module.dialect == "rasp-l" else (SOp, Selector)
    return [name for name, value in module.items() if isinstance(value, kinds)]
