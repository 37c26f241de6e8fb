"""The ``conjecture`` command."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import rasp
from conjecture.errors import LabError

EXAMPLES = """\
examples:
  conjecture tasks                                   what can be learned
  conjecture train hist --lengths 1 8 --longest 24 --steps 400
  conjecture sweep cpu                               train a suite; the same command goes on
  conjecture report results/cpu --to report          what was found
  conjecture query results/cpu "select task, seed, accuracy from runs"

docs/lab/index.md describes the lab. conjecture --version tells its version."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command. The exit status is 1 for what the lab refuses, 2 for a wrong call, 130 after Ctrl-C."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments == ["--version"]:
        print(f"conjecture {rasp.__version__}")
        return 0
    from conjecture.cli.commands import run

    asks_for_help = arguments in ([], ["-h"], ["--help"])
    try:
        run(["--help"] if asks_for_help else arguments)
    except (LabError, rasp.RaspError) as error:
        print(f"conjecture: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt as stop:
        print(f"\nconjecture: {stop or 'stopped'}", file=sys.stderr)
        return 130
    except SystemExit as end:
        if asks_for_help:
            print(EXAMPLES)
        return end.code if isinstance(end.code, int) else 2
    return 0
