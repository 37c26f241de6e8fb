"""The ``conjecture`` command. Exit status: 0 done, 1 for what the lab refuses, 2 for bad usage, 130 after Ctrl-C."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import rasp
from conjecture.cli.examples import examples_of
from rasp.cli import guarded
from rasp.errors import did_you_mean
from rasp.extras import needed_for


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: the arguments; those of the process by default.

    Returns:
        The exit status.
    """
    return guarded("conjecture", lambda: _execute(list(sys.argv[1:] if argv is None else argv)))


def _execute(arguments: list[str]) -> int:
    if arguments == ["--version"]:
        print(f"conjecture {rasp.__version__}")
        return 0
    with needed_for("the lab", "lab"):
        from conjecture.cli.commands import COMMANDS, run
        from conjecture.cli.completion import complete

        complete()
        name = arguments[0] if arguments else "--help"
        if name not in COMMANDS and not name.startswith("-"):
            hint = did_you_mean(name, COMMANDS) or f"the commands are {', '.join(COMMANDS)}"
            print(f"conjecture: error: there is no command {name!a}\n  hint: {hint}", file=sys.stderr)
            return 2
        try:
            run(arguments or [name])
        except SystemExit:
            if {"-h", "--help"} & {name, *arguments}:
                print(examples_of(name))
            raise
    return 0
