"""What a job is: something that a worker can be asked to do.

It takes a request, as JSON data, and ``emit``, by which it tells of its progress; it gives the answer, as JSON data.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from rasp.errors import RaspError

Data: TypeAlias = dict[str, Any]
Emit: TypeAlias = Callable[[Data], None]
Job: TypeAlias = Callable[[Data, Emit], Data]

PROGRAM = "program"
"""What errors call the page's program; what it loads has the names of its files."""


def error_data(error: RaspError) -> Data:
    """An error as JSON data: what is wrong, where, and what to do."""
    (first, *_) = error.errors
    data: Data = {"message": first.message, "hint": first.hint}
    if first.span is not None:
        data |= {"line": first.span.line, "column": first.span.column}
        if first.span.source.name != PROGRAM:
            data["file"] = first.span.source.name
    return data
