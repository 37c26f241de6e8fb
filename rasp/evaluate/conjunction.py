"""Conjunctions of literals as geometry: keys are points, each query asks for a range of them.

Equalities put keys in groups. Orders whose keys come from one sequence are an interval on that sequence's axis. Group and
first axis together are one line of codes, so a conjunction with at most one axis is an interval of codes for each query; a
second axis makes it a rectangle. Conditions on one side select the keys and the rows that take part.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rasp.evaluate.column import Mask
from rasp.evaluate.formula import (
    EQUAL,
    GREATER,
    LESS,
    MOST_TERMS,
    Pair,
    SideMask,
    Table,
    Term,
    literal_mask,
    select_outcomes,
)
from rasp.evaluate.ranks import Ranks

LINE_FACTOR = 32
"""A line of codes may be this much longer than the sequence before it is compressed by sorting."""

Positions = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Conjunction:
    """Equalities, orders and conditions on either side, all of which hold.

    Attributes:
        keys, rows: masks of the keys and of the queries that take part; None: all.
        equal: pairs that are equal.
        orders: pairs with the outcomes allowed: LESS or GREATER, with or without EQUAL.
    """

    keys: Mask | None = None
    rows: Mask | None = None
    equal: tuple[Pair, ...] = ()
    orders: tuple[tuple[Pair, int], ...] = ()

    @property
    def axes(self) -> list[Hashable]:
        """The sequences whose order matters."""
        return list(dict.fromkeys(pair.axis for pair, _ in self.orders))


Signed = tuple[int, Conjunction]


def signed_conjunctions(term: Term) -> list[Signed] | None:
    """Conjunctions whose counts and sums, with these signs, add up to those of the term; None if they are too many.

    ``a != b`` is everything less ``a == b``.
    """
    parts: list[Signed] = [(1, Conjunction())]
    for variable, allowed in term.items():
        parts = [piece for part in parts for piece in _with_literal(part, variable, allowed, signed=True)]
        if len(parts) > MOST_TERMS:
            return None
    return parts


def disjoint_conjunctions(term: Term) -> list[Conjunction] | None:
    """Conjunctions that make up the term; None if they are too many. ``a != b`` is ``a < b`` or ``a > b``."""
    parts: list[Signed] = [(1, Conjunction())]
    for variable, allowed in term.items():
        parts = [piece for part in parts for piece in _with_literal(part, variable, allowed, signed=False)]
        if len(parts) > MOST_TERMS:
            return None
    return [conjunction for _, conjunction in parts]


def _with_literal(part: Signed, variable: object, allowed: int, *, signed: bool) -> Iterator[Signed]:
    sign, whole = part
    match variable:
        case Pair() | SideMask():
            condition = literal_mask(variable, allowed)
            if condition is not None:
                yield sign, _restricted(whole, condition)
            elif isinstance(variable, Pair):
                yield from _with_pair(part, variable, allowed, signed=signed)
        case Table():
            yield from _with_table(part, variable, allowed)
        case _:
            raise AssertionError("an opaque relation has no cover")


def _with_pair(part: Signed, pair: Pair, allowed: int, *, signed: bool) -> Iterator[Signed]:
    sign, whole = part
    match allowed:
        case 2:
            yield sign, Conjunction(whole.keys, whole.rows, (*whole.equal, pair), whole.orders)
        case 5 if signed:
            yield sign, whole
            yield -sign, Conjunction(whole.keys, whole.rows, (*whole.equal, pair), whole.orders)
        case 5:
            yield from _with_pair(part, pair, LESS, signed=signed)
            yield from _with_pair(part, pair, GREATER, signed=signed)
        case _:
            yield sign, Conjunction(whole.keys, whole.rows, whole.equal, (*whole.orders, (pair, allowed)))


def _with_table(part: Signed, table: Table, allowed: int) -> Iterator[Signed]:
    """One conjunction for each class of queries."""
    sign, whole = part
    if len(table.truth) > MOST_TERMS:
        yield from [part] * (MOST_TERMS + 1)
        return
    for which, selected in enumerate(table.truth):
        wanted = select_outcomes(selected, allowed)
        if wanted.any():
            rows = SideMask("query", table.query_classes == which)
            yield sign, _restricted(_restricted(whole, rows), SideMask("key", wanted[table.key_ids]))


def _restricted(whole: Conjunction, condition: SideMask) -> Conjunction:
    if condition.side == "key":
        keys = condition.mask if whole.keys is None else whole.keys & condition.mask
        return Conjunction(keys, whole.rows, whole.equal, whole.orders)
    rows = condition.mask if whole.rows is None else whole.rows & condition.mask
    return Conjunction(whole.keys, rows, whole.equal, whole.orders)


@dataclass(frozen=True, eq=False)
class Axis:
    """Keys on a line, and for each query a half-open interval of it.

    Attributes:
        keys: a code for each key, below ``size``; shape (keys,).
        low, high: shape (rows,); ``low <= high``.
    """

    keys: Ranks
    low: Ranks
    high: Ranks
    size: int


@dataclass(frozen=True, eq=False)
class Layout:
    """The geometry of a conjunction.

    Attributes:
        key_positions, row_positions: the positions that take part; None: all.
        line: group and first axis.
        second: the second axis, or None.
    """

    key_positions: Positions | None
    row_positions: Positions | None
    line: Axis
    second: Axis | None


def layout(conjunction: Conjunction, length: int) -> Layout | None:
    """The geometry; None if the conjunction has more than two axes."""
    axes = conjunction.axes
    if len(axes) > 2:
        return None
    keys = None if conjunction.keys is None else np.flatnonzero(conjunction.keys)
    rows = None if conjunction.rows is None else np.flatnonzero(conjunction.rows)
    lines = [_axis([(p, a) for p, a in conjunction.orders if p.axis == axis], keys, rows) for axis in axes]
    second = lines.pop() if len(lines) == 2 else None
    line = lines[0] if lines else _point(_size(keys, length), _size(rows, length))
    for pair in conjunction.equal:
        line = _compressed(_grouped(pair, _at(pair.keys, keys), _at(pair.queries, rows), line), length)
    return Layout(keys, rows, line, second)


def _size(positions: Positions | None, length: int) -> int:
    return length if positions is None else len(positions)


def _at(ranks: Ranks, positions: Positions | None) -> Ranks:
    return ranks if positions is None else ranks[positions]


def _point(keys: int, rows: int) -> Axis:
    """A line of one code that every query asks for."""
    zeros = np.zeros(max(keys, rows), np.int64)
    return Axis(zeros[:keys], zeros[:rows], np.broadcast_to(np.int64(1), rows), 1)


def _axis(orders: list[tuple[Pair, int]], keys: Positions | None, rows: Positions | None) -> Axis:
    """The interval that orders over the same keys leave.

    Dense ranks of the keys alone serve all pairs; a bound is the number of distinct keys below a query.
    """
    codes = np.zeros(0, np.int64)
    low: Ranks | None = None
    high: Ranks | None = None
    size = 1
    for pair, allowed in orders:
        below, codes = _distinct_keys_below(pair, keys)
        size = int(below[-1])
        queries = _at(pair.queries, rows)
        bound = below[queries + 1] if allowed in (LESS | EQUAL, GREATER) else below[queries]
        if allowed & LESS:
            high = bound if high is None else np.minimum(high, bound)
        else:
            low = bound if low is None else np.maximum(low, bound)
    count = len(_at(orders[0][0].queries, rows))
    low = np.broadcast_to(np.int64(0), count) if low is None else low
    high = np.broadcast_to(np.int64(size), count) if high is None else np.maximum(low, high)
    return Axis(codes, low, high, max(1, size))


def _distinct_keys_below(pair: Pair, keys: Positions | None) -> tuple[Ranks, Ranks]:
    """For each rank the number of distinct keys below it, and with that the dense rank of each key."""
    ranks = _at(pair.keys, keys)
    present = np.zeros(pair.size + 1, np.int64)
    present[1:][ranks] = 1
    below = np.cumsum(present)
    return below, below[ranks]


def _grouped(pair: Pair, keys: Ranks, queries: Ranks, line: Axis) -> Axis:
    """The line repeated for each group of equal keys."""
    start = queries * line.size
    return Axis(keys * line.size + line.keys, start + line.low, start + line.high, pair.size * line.size)


def _compressed(line: Axis, length: int) -> Axis:
    """The same intervals over a line of codes that occur, where the line is long."""
    if line.size <= LINE_FACTOR * length + 1024:
        return line
    occurring, codes = np.unique(line.keys, return_inverse=True)
    low, high = np.searchsorted(occurring, line.low), np.searchsorted(occurring, line.high)
    return Axis(codes, low, high, max(1, len(occurring)))
