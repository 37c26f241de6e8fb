"""Packages that only some parts need, and that are imported when these are used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rasp.errors import MissingExtraError

_OURS = frozenset({"rasp", "compiler", "conjecture"})


@contextmanager
def needed_for(part: str, extra: str) -> Iterator[None]:
    """Around what imports packages that come with an extra.

    Args:
        part: what needs them, for the message: "the compiler".
        extra: the extra's name in pyproject.toml.

    Raises:
        MissingExtraError: one of them is not installed.
    """
    try:
        yield
    except MissingExtraError:  # of a part of this part, which knows better
        raise
    except ModuleNotFoundError as missing:
        package = (missing.name or extra).partition(".")[0]
        if package in _OURS:
            raise
        raise MissingExtraError(part, package, extra) from None
