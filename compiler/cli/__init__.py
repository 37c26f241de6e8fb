"""The ``raspc`` command. Exit status: 0 done, 1 a fault in a program, a model or an input, 2 bad usage."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from compiler.cli.arguments import make_parser
from rasp.cli import guarded
from rasp.extras import needed_for


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: the arguments; those of the process by default.

    Returns:
        The exit status.
    """
    return guarded("raspc", lambda: _execute(sys.argv[1:] if argv is None else argv))


def _execute(argv: Sequence[str]) -> int:
    parser = make_parser()
    options = parser.parse(argv)
    if options.command is None:
        parser.print_help()
        return 0
    with needed_for("raspc", "compiler"):
        return _within_memory(options)


def _within_memory(options: argparse.Namespace) -> int:
    """Run a command with what XLA compiled before. That JAX finds no memory is the same to the user as that Python finds none."""
    import jax

    from compiler.cli.commands import COMMANDS
    from compiler.execution.cache import keep_compiled

    keep_compiled()
    try:
        return COMMANDS[options.command](options)
    except jax.errors.JaxRuntimeError as error:
        if "RESOURCE_EXHAUSTED" in str(error):
            raise MemoryError from None
        raise
