"""A number that counts only where a comparison of integers holds, without a layer for the comparison.

Formula: with an integer form x from 0 up, an integer form d, and M = max x, ``relu(M·d + x) - 2·relu(M·d) + relu(M·d - x)`` is x
where d is 0, and 0 elsewhere: from |d| = 1 on, M·|d| is at least x, and the three cancel. In the same way
``relu(M·d + x) - relu(M·d)`` is x where d is at least 0, and 0 elsewhere. Whatever else must hold is given by what is *missing*
(``gadgets/gate.py``): it moves d out of the way.

Exact: as long as ``M·|d| + x`` stays below 2²⁴.
"""

from __future__ import annotations

from collections.abc import Sequence

from compiler.circuit import Form, Unit


def where_all(missing: Sequence[Form], x: Form) -> list[tuple[Unit, int]]:
    """x where nothing is missing, else 0."""
    return [(Unit(x - Form.total(missing) * max(1, x.high)), 1)]


def where_zero(missing: Sequence[Form], d: Form, x: Form) -> list[tuple[Unit, int]]:
    """x where d is 0 and nothing is missing, else 0."""
    away = (d + Form.total(missing) * max(1, 1 - d.low)) * max(1, x.high)
    return [(Unit(away + x), 1), (Unit(away), -2), (Unit(away - x), 1)]


def where_not_negative(missing: Sequence[Form], d: Form, x: Form) -> list[tuple[Unit, int]]:
    """x where d is at least 0 and nothing is missing, else 0."""
    away = (d - Form.total(missing) * max(1, d.high + 1)) * max(1, x.high)
    return [(Unit(away + x), 1), (Unit(away), -1)]
