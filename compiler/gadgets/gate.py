"""A function that holds only where several conditions hold together.

Formula: with indicators i₁…i_m of 0 or 1, ``relu(i₁ + … + i_m - (m - 1))`` is 1 where all are 1, else 0. With an integer form
x and a bound b ≥ x - k, ``relu(x - k - b·(m - Σ i))`` is ``relu(x - k)`` where all are 1, else 0.

Exact: always; the sums are integers. b must be at least the largest x - k.
"""

from __future__ import annotations

from collections.abc import Sequence

from compiler.circuit import Form, Unit


def all_of(indicators: Sequence[Form]) -> Unit:
    """1 where every indicator is 1, else 0."""
    return Unit(Form.total(indicators) + (1 - len(indicators)))


def bend_where(indicators: Sequence[Form], x: Form, at: int) -> Unit:
    """``relu(x - at)`` where every indicator is 1, else 0."""
    bound = max(1, x.high - at)
    missing = Form(constant=len(indicators)) - Form.total(indicators)
    return Unit(x - at - missing * bound)
