"""What the lab refuses."""

from __future__ import annotations

from typing import ClassVar

from rasp.errors import RaspError


class LabError(RaspError):
    """An impossible configuration, a task that does not hold together, or results that can't be read or written."""

    longest_message: ClassVar[int] = 2_000  # it may quote a database, or code of the user's
