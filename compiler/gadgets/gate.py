"""A function that holds only where several conditions hold together.

Each condition is given by what is *missing*: an integer form that is 0 where the condition holds and at least 1 elsewhere. For
an indicator i of 0 or 1 that is 1 - i; for ``x == low`` of an integer form it is x - low itself, at no cost.

Formula: ``relu(1 - Σ missing)`` is 1 where nothing is missing, else 0. With an integer form x and a bound b ≥ x - k for all k,
``relu(x - k - b·Σ missing)`` is ``relu(x - k)`` where nothing is missing, else 0. b is the same for every k, so that tables
share units.

Exact: always; the sums are integers.
"""

from __future__ import annotations

from collections.abc import Sequence

from compiler.circuit import Form, Unit


def all_of(missing: Sequence[Form]) -> Unit:
    """1 where nothing is missing, else 0."""
    return Unit(1 - Form.total(missing))


def bend_where(missing: Sequence[Form], x: Form, at: int) -> Unit:
    """``relu(x - at)`` where nothing is missing, else 0."""
    return Unit(x - at - Form.total(missing) * max(1, x.high - x.low))
