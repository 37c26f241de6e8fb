"""Makes a failing input small: drops tokens, then replaces what is left by the first token of the vocabulary.

After Zeller and Hildebrandt 2002, 'Simplifying and Isolating Failure-Inducing Input': stretches of half the input first, then
ever shorter ones, until no single change leaves a failing input.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from compiler.verification.adversarial import Ids

TRIED_TOGETHER = 32
"""Candidates that are judged in one batch."""

FirstFailing = Callable[[Sequence[Ids]], int | None]
"""The place of the first of several inputs that fails, if any does."""


def shrunk(failing: Ids, first_failing: FirstFailing) -> Ids:
    """A failing input from which no token can be dropped, and in which none can be replaced by id 0, without it passing."""
    while True:
        smaller = _pass(failing, first_failing, lambda ids, start, size: ids[:start] + ids[start + size :])
        smaller = _pass(smaller, first_failing, lambda ids, start, size: ids[:start] + (0,) * size + ids[start + size :])
        if smaller == failing:
            return failing
        failing = smaller


def _pass(ids: Ids, first_failing: FirstFailing, change: Callable[[Ids, int, int], Ids]) -> Ids:
    """Try one kind of change on every stretch, from long ones to single tokens."""
    size = len(ids)
    while size:
        start = 0
        while start < len(ids):
            starts = range(start, len(ids), size)[:TRIED_TOGETHER]
            candidates = [change(ids, at, min(size, len(ids) - at)) for at in starts]
            useful = [(at, candidate) for at, candidate in zip(starts, candidates, strict=True) if candidate not in ((), ids)]
            found = first_failing([candidate for _, candidate in useful])
            if found is None:
                start = starts[-1] + size
            else:
                start, ids = useful[found]
        size //= 2
    return ids
