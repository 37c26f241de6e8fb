"""Errors as the console prints them: in the reference REPL's frames, followed by the place in the source and the hint."""

from __future__ import annotations

from collections.abc import Iterator

from rasp.errors import (
    InputError,
    RaspError,
    RaspLoadError,
    RaspNameError,
    RaspSyntaxError,
    RaspTypeError,
    RaspValueError,
)
from rasp.repl.paint import Paint


def error_lines(error: RaspError, paint: Paint) -> list[str]:
    """The lines for an error, and for each of several."""
    return [paint.error(line) for single in error.errors for line in (*frame(single), *_place(single))]


def frame(error: RaspError) -> list[str]:
    """The frame of the reference REPL that belongs to an error, around our message."""
    match error:
        case RaspSyntaxError(message=message):
            return [f"\t!! antlr exception: {message} \t-- ignoring input"]
        case RaspNameError(message=message):
            return ["\t\t!!ignoring input:", f"\t Error: {message}"]
        case RaspTypeError() | RaspValueError() | RaspLoadError() | InputError():
            return ["\t\t!!ignoring input:", f"\t {error.message}"]
        case _:
            return [f"something went wrong: {error.message}"]


def _place(error: RaspError) -> Iterator[str]:
    """Where it is, the source line with a caret, what was expected, and the hint."""
    if error.span is not None:
        yield f"\t   at {error.span}"
    rest = error.report().removeprefix(str(error)).lstrip("\n")
    for line in rest.splitlines():
        yield f"\t   {line.removeprefix('  ')}"
