"""What the lab refuses."""

from __future__ import annotations


class LabError(Exception):
    """An impossible configuration, a task that does not hold together, or results that can't be read or written.

    Attributes:
        hint: what to do about it.
    """

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message if hint is None else f"{message}\n  hint: {hint}")
        self.message = message
        self.hint = hint
