"""Errors as the command prints them on stderr."""

from __future__ import annotations

from rasp.errors import RaspError


def error_report(error: RaspError, command: str = "rasp") -> str:
    """Each single error with its source line; one without a place begins with the command's name instead."""
    return "\n".join(single.report() if single.span else f"{command}: {single.report()}" for single in error.errors)
