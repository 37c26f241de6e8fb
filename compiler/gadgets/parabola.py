"""``key == query`` as an attention score in three dimensions, whatever the number of values.

Formula: each value has a place on a line, and the score is ``-(k - q)² = 2q·k - k² - q²``: 0 where they are equal, at most -1
elsewhere. Either side carries its place and the square of it. Integers are their own places, so that ``k`` is often at hand.

Exact: while ``(|k| + |q|)²`` stays below 2²⁴ (``compiler/scores.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from compiler.circuit import Factor, Form
from rasp.graph.nodes import Atom

LARGEST = 1_024
"""Places are at most so far from 0."""

_ONE = Form(constant=1)


@dataclass(frozen=True)
class Places:
    """Where keys and queries are on the line.

    Attributes:
        farthest: the largest distance from 0.
    """

    key: Callable[[Atom], int]
    query: Callable[[Atom], int]
    farthest: int


def places(keys: Sequence[Atom], queries: Sequence[Atom], common: Sequence[Atom]) -> Places:
    """Integers where they are, about 0; other values, or integers of very unlike ranges, by their number."""
    integers = [int(v) for side in (keys, queries) for v in side if not isinstance(v, str) and v == int(v)]
    if len(integers) == len(keys) + len(queries) and max(integers) - min(integers) <= 2 * len(common):
        middle = (min(integers) + max(integers)) // 2

        def shifted(value: Atom) -> int:
            return 0 if isinstance(value, str) else int(value) - middle

        return Places(shifted, shifted, max(max(integers) - middle, middle - min(integers)))
    half = len(common) // 2
    numbers = {value: number - half for number, value in enumerate(common)}
    return Places(lambda v: numbers.get(v, -half - 1), lambda v: numbers.get(v, len(common) - half), half + 1)


def fits(found: Places) -> bool:
    """Whether scores stay small enough."""
    return found.farthest <= LARGEST


def factor(key: Sequence[Form], query: Sequence[Form]) -> Factor:
    """The factor, from place and square of either side."""
    (k, k_squared), (q, q_squared) = key, query
    return Factor((q * 2, -_ONE, -q_squared), (k, k_squared, _ONE), 0)
