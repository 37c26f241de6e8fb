"""``key < query`` as attention scores, whole or digit by digit.

Every order comparison is brought to ranks: the key has a rank from 0 to m - 1, the query the number of ranks that it
accepts, from 0 to m, and the key is selected where its rank is less. (If that number is never 0, the query has it less 1, and
the key is selected where its rank is less or equal.)

Formula, one head: the key carries the one-hot code of its rank, the query -1 for each rank that it rejects and 0 for the
others. The one-hot code is a difference of thermometers, ``[rank >= t] - [rank >= t + 1]``, so a side needs the m - 1 numbers
``[rank >= t]`` only, and key and query share them where they are the same s-op.

Formula, digits to base b: rank = high·b + low. ``high < high`` and ``high == high and low < low`` exclude each other, so two
heads of width √m side by side do what one of width m does; more digits, more heads. Equality of two digits is the product of
their one-hot codes.

Exact: always; the products are 0 and ±1.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rasp.graph.nodes import Atom

Rank = Callable[[Atom], int]


@dataclass(frozen=True)
class Ranking:
    """How keys and queries are ranked.

    Attributes:
        size: m, the number of ranks of keys.
        key, query: the rank of a key, and of a query.
        strict: whether a query accepts the ranks below its own only, or its own too.
    """

    size: int
    key: Rank
    query: Rank
    strict: bool


def ranking(keys: Sequence[Atom], queries: Sequence[Atom], *, descending: bool, strict: bool) -> Ranking:
    """The ranking of ``key < query`` (``<=`` if not strict; ``>`` and ``>=`` if descending).

    Args:
        keys, queries: their values, all numbers or all strings.
    """
    sign = -1 if descending else 1
    ordered = _sorted(keys)
    # Between neighbouring keys there is a boundary only if some query accepts one of them and not the other.
    accepted = sorted({_accepted(ordered, query, sign, strict) for query in queries} - {0})
    starts = [0, *(count for count in accepted if count < len(ordered))]

    def key(value: Atom) -> int:
        place = bisect_left(ordered, value) if sign > 0 else len(ordered) - bisect_right(ordered, value)
        return bisect_right(starts, place) - 1

    def query(value: Atom) -> int:
        return bisect_left(starts, _accepted(ordered, value, sign, strict))

    # If every query accepts something, its own rank can count among what it accepts, and is then often that of an equal key.
    if all(query(value) for value in queries):
        return Ranking(len(starts), key, lambda value: query(value) - 1, strict=False)
    return Ranking(len(starts), key, query, strict=True)


def _accepted(ordered: list[Atom], query: Atom, sign: int, strict: bool) -> int:
    """How many of the distinct keys, counted in the direction of the comparison, the query accepts."""
    if sign > 0:
        return bisect_left(ordered, query) if strict else bisect_right(ordered, query)
    return len(ordered) - (bisect_right(ordered, query) if strict else bisect_left(ordered, query))


def _sorted(values: Sequence[Atom]) -> list[Atom]:
    return sorted(set(values))  # pyright: ignore[reportArgumentType, reportCallIssue]
