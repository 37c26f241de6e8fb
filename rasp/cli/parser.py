"""Parsers of command lines: help with examples, complaints that say what to do, completion in the shell."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from rasp.errors import did_you_mean

if TYPE_CHECKING:
    from _typeshed import SupportsWrite


class Parser(argparse.ArgumentParser):
    """A parser of the arguments of a command or a subcommand.

    Args:
        examples: command lines that work in a checkout of the project; what they give may follow after two blanks, as a comment.
        closing: what is said below them.
    """

    def __init__(self, *, examples: Iterable[str] = (), closing: str = "", **given: Any) -> None:
        lines = "\n".join(["examples:", *aligned(examples)])
        epilog = f"{lines}\n\n{closing}" if closing else lines
        super().__init__(formatter_class=argparse.RawDescriptionHelpFormatter, epilog=epilog, **given)
        self.set_defaults(parser=self)

    def error(self, message: str) -> NoReturn:
        """Leave with status 2, the usage, what is wrong and what to do."""
        self.print_usage(sys.stderr)
        hint = "" if "hint:" in message else f"\n  hint: {self.prog} --help shows the arguments and examples"
        self.exit(2, f"{self.prog}: error: {message}{hint}\n")

    def print_help(self, file: SupportsWrite[str] | None = None) -> None:
        """Write the help; that of ``argparse`` keeps silent when it can't."""
        (file or sys.stdout).write(self.format_help())

    def parse(self, argv: Sequence[str]) -> argparse.Namespace:
        """The arguments; ``options.parser`` is the parser of the subcommand.

        Raises:
            SystemExit: with 2 for bad usage, 0 after help, version or completion.
        """
        answer_shell(lambda: self)
        options, unknown = self.parse_known_args(argv)
        if unknown:
            chosen: Parser = options.parser
            names = [name for action in chosen._actions for name in action.option_strings]
            option = unknown[0].partition("=")[0]
            hint = did_you_mean(option, names) if option.startswith("-") else None
            chosen.error(f"there is no argument {unknown[0]!a} here" + (f"\n  hint: {hint}" if hint else ""))
        return options

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """What ``argparse`` calls for a value that must be one of several; its own message has no suggestion."""
        if action.choices is not None and value not in action.choices:
            known = [str(choice) for choice in action.choices]
            hint = did_you_mean(str(value), known) or f"choose from {', '.join(known)}"
            raise argparse.ArgumentError(action, f"there is no {value!a}\n  hint: {hint}")


def add_command(commands: Any, name: str, what: str, *examples: str) -> Parser:
    """A subcommand.

    Args:
        commands: what ``add_subparsers`` gave.
        what: what it does, in a line that begins with a small letter.
    """
    return commands.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}.", examples=examples)


def aligned(examples: Iterable[str]) -> list[str]:
    """Lines of examples, indented, with the comments below each other."""
    pairs = [example.partition("  # ") for example in examples]
    width = max((len(command) for command, _, comment in pairs if comment), default=0)
    return [f"  {command:{width}}{sign}{comment}" if comment else f"  {command}" for command, sign, comment in pairs]


def answer_shell(make_parser: Callable[[], argparse.ArgumentParser]) -> None:
    """Answer the shell with completions, if it asks for them, and leave."""
    if "_ARGCOMPLETE" not in os.environ:
        return
    try:
        from argcomplete import autocomplete
        from argcomplete.completers import SuppressCompleter
    except ModuleNotFoundError:
        sys.exit(1)
    autocomplete(make_parser(), default_completer=SuppressCompleter())
