"""The ``rasp`` command. Exit status: 0 done, 1 a fault in a program or an input, 2 bad usage, 130 interrupted."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Sequence

from rasp.cli.arguments import parse_arguments
from rasp.cli.messages import error_report
from rasp.errors import RaspError

BROKEN_PIPE = 141
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: the arguments; those of the process by default.

    Returns:
        The exit status.
    """
    # Setting up threads for BLAS, of which the interpreter needs next to nothing, is a third of the time that NumPy takes to start.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    return guarded("rasp", lambda: parse_arguments(sys.argv[1:] if argv is None else argv).execute())


def guarded(name: str, action: Callable[[], int]) -> int:
    """Run a command so that every way it can end gives a message and an exit status, never a traceback.

    Args:
        name: of the command, for messages.
    """
    _accept_any_text()
    try:
        status = action()
        sys.stdout.flush()
    except RaspError as error:
        print(error_report(error), file=sys.stderr)
        return 1
    except MemoryError:
        print(f"{name}: out of memory: take a shorter input or a smaller program", file=sys.stderr)
        return 1
    except BrokenPipeError:
        _forget_output()
        return BROKEN_PIPE
    except KeyboardInterrupt:
        return INTERRUPTED
    except SystemExit as leaving:  # argparse: help, version or a usage error
        return leaving.code if isinstance(leaving.code, int) else 0
    return status


def _accept_any_text() -> None:
    """Bytes that are no text must reach the program as such, and must not end it when they are printed."""
    for stream, errors in ((sys.stdin, "surrogateescape"), (sys.stdout, "backslashreplace"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)


def _forget_output() -> None:
    """Nobody reads the output any more: what is still buffered goes nowhere, silently."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return
