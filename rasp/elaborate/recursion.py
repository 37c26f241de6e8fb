"""Room on the host's stack for programs that nest deeply."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rasp import limits
from rasp.errors import RaspLimitError


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Run with a recursion limit of at least ``limits.PYTHON_FRAMES``.

    Raises:
        RaspLimitError: the limit was reached all the same.
    """
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, limits.PYTHON_FRAMES))
    try:
        yield
    except RecursionError:
        raise RaspLimitError("the program nests too deeply: calls and expressions together leave no room") from None
    finally:
        sys.setrecursionlimit(before)
