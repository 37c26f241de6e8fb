"""What a worker can be asked to do: jobs by name.

A job takes a request, as JSON data, and ``emit``, by which it tells of its progress; it gives the answer, as JSON data. Those of
other packages are entry points of the group ``rasp.playground``, so that the language needs to know none of them.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Any, TypeAlias

from rasp.errors import RaspError

Data: TypeAlias = dict[str, Any]
Emit: TypeAlias = Callable[[Data], None]
Job: TypeAlias = Callable[[Data, Emit], Data]

GROUP = "rasp.playground"

PROGRAM = "program"
"""What errors call the page's program; what it loads has the names of its files."""


def job_named(name: str) -> Job:
    """The job of a name.

    Raises:
        LookupError: there is none.
        ModuleNotFoundError: what it needs is not installed.
    """
    from rasp.playground.look import format_program, look

    own: dict[str, Job] = {"look": look, "format": format_program}
    if name in own:
        return own[name]
    for point in entry_points(group=GROUP, name=name):
        return point.load()
    raise LookupError(f"there is no job '{name}'")


def error_data(error: RaspError) -> Data:
    """An error as JSON data: what is wrong, where, and what to do."""
    (first, *_) = error.errors
    data: Data = {"message": first.message, "hint": first.hint}
    if first.span is not None:
        data |= {"line": first.span.line, "column": first.span.column}
        if first.span.source.name != PROGRAM:
            data["file"] = first.span.source.name
    return data
