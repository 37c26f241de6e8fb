"""The ``rasp`` command.

Exit status: 0 done, 1 a fault in a program or an input, 2 bad usage, 70 a fault of the command itself, 130 interrupted.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Sequence

from rasp.cli.arguments import parse_arguments
from rasp.cli.messages import error_report
from rasp.errors import RaspError

INTERNAL = 70
BROKEN_PIPE = 141
INTERRUPTED = 130

DEBUG = "RASP_DEBUG"
"""Environment variable: with it, a fault of the program itself shows its traceback."""

_REPORT = f"please report it, with the command and what it read; {DEBUG}=1 shows where it happened"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: the arguments; those of the process by default.

    Returns:
        The exit status.
    """
    # Threads for BLAS, which the interpreter hardly uses, are a third of the time that NumPy takes to start.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    return guarded("rasp", lambda: parse_arguments(sys.argv[1:] if argv is None else argv).execute())


def guarded(name: str, action: Callable[[], int]) -> int:
    """Run a command so that every way it can end gives a message and an exit status, never a traceback.

    Args:
        name: of the command, for messages.
    """
    _ready_streams()
    try:
        status = _status_of(action)
        sys.stdout.flush()
    except RaspError as error:
        print(error_report(error, name), file=sys.stderr)
        return 1
    except MemoryError:
        print(f"{name}: out of memory: take a shorter input or a smaller program", file=sys.stderr)
        return 1
    except BrokenPipeError:
        _forget_output()
        return BROKEN_PIPE
    except OSError as error:  # a full disk under the output, say; files that a program names are RaspErrors
        print(f"{name}: input or output failed: {error.strerror or error}", file=sys.stderr)
        _forget_output()
        return 1
    except KeyboardInterrupt as stop:
        if str(stop):  # what was reached, and how to go on
            print(f"\n{name}: {stop}", file=sys.stderr)
        return INTERRUPTED
    except Exception as error:
        if DEBUG in os.environ:
            raise
        print(f"{name}: a fault of this program: {type(error).__name__}: {error}\n  hint: {_REPORT}", file=sys.stderr)
        return INTERNAL
    return status


def _status_of(action: Callable[[], int]) -> int:
    try:
        return action()
    except SystemExit as leaving:  # after help or version, or for bad usage
        return leaving.code if isinstance(leaving.code, int) else 0


def _ready_streams() -> None:
    """Bytes that are no text must reach the program as such, and must not end it when they are printed.

    A stream that the caller closed is an empty one.
    """
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    for stream, errors in ((sys.stdin, "surrogateescape"), (sys.stdout, "backslashreplace"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)


def _forget_output() -> None:
    """Nobody reads the output any more: what is still buffered goes nowhere, silently."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return
