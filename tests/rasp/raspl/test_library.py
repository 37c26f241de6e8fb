"""The core and the library: worked examples, and each function against a definition in plain Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rasp
from rasp.elaborate.raspl import RaspLFunction

X = [3, 1, 4, 1, 5, 9, 2, 6]
INPUTS = st.lists(st.integers(-2, 4), min_size=1, max_size=9)


def program(expression: str) -> RaspLFunction:
    """The program that computes an expression of ``x``."""
    return rasp.loads(f"def program(x):\n    return {expression}\n", "rasp-l")["program"]


@pytest.mark.parametrize(
    ("expression", "tokens", "values"),
    [
        ("shift_right(x, 2, default=-7)", X, [-7, -7, 3, 1, 4, 1, 5, 9]),
        ("shift_right(x, 0)", X, X),
        ("shift_right(x, -1, default=-7)", X, [-7] * 8),
        ("num_prev(x, x)", X, [1, 1, 1, 2, 1, 1, 1, 1]),
        ("cumsum(x > 2)", X, [1, 1, 2, 2, 3, 4, 4, 5]),
        ("firsts(x, x)", X, [0, 1, 2, 1, 4, 5, 6, 7]),
        ("lasts(x, full(x, 1))", X, [-1, 1, 1, 3, 3, 3, 3, 3]),
        ("has_seen(x, full(x, 4))", X, [0, 0, 1, 1, 1, 1, 1, 1]),
        ("index_select(x, full(x, 3))", X, [0, 0, 0, 1, 1, 1, 1, 1]),
        ("maximum(x)", X, [3, 3, 4, 4, 5, 9, 9, 9]),
        ("minimum(x)", X, [3, 1, 1, 1, 1, 1, 1, 1]),
        ("mask(x, x > 2, 7)", X, [3, 7, 4, 7, 5, 9, 7, 6]),
        ("where(x > 2, x, full(x, 0))", X, [3, 0, 4, 0, 5, 9, 0, 6]),
        ("first_true(x)", [0, 0, 1, 0, 1], [-1, -1, 2, 2, 2]),
        ("binary_mode(x)", [0, 1, 1, 0, 0], [0, 0, 1, 0, 0]),
        ("induct(x, x, offset=1)", [7, 8, 9, 7, 5], [0, 0, 0, 8, 0]),
        ("induct_prev(x, full(x, 4), offset=-1)", X, [0, 0, 1, 1, 1, 1, 1, 1]),
        ("kqv(x, x, x, lambda k, q: True)", [-1, -2, -2, 0, 0, 0, 0, 0], [-1, -1, -1, -1, -1, 0, 0, 0]),
        ("tok_map(x, lambda v: v / 2)", X, [1, 0, 2, 0, 2, 4, 1, 3]),
        ("tok_map(x, lambda v: -v / 2)", X, [-1, 0, -2, 0, -2, -4, -1, -3]),
        ("full(x, 2.7)", X, [2] * 8),
        ("full(x, -2.7)", X, [-2] * 8),
        ("full(x, True)", X, [1] * 8),
        ("indices(x)", X, list(range(8))),
        ("sel_width(select(x, x, lt))", X, [0, 0, 2, 0, 4, 5, 2, 6]),
        ("sel_width(select(x, x, gt, causal=False))", X, [4, 6, 3, 6, 2, 0, 5, 1]),
        ("aggr(select(x, x, lt), x, default=-1, reduction='max')", X, [-1, -1, 3, -1, 4, 5, 1, 5]),
        ("aggr(select(x, x, lt), x, default=2.9)", X, [2, 2, 2, 2, 2, 2, 1, 2]),
        ("argmax(x)", X, [0, 0, 2, 2, 4, 5, 5, 5]),
        ("argmin(x)", X, [0, 1, 1, 3, 3, 3, 3, 3]),
        ("mode(x)", [2, 1, 1, 2, 2, 1, 1], [2, 1, 1, 2, 2, 1, 1]),
        ("kqv(x, x, x > 2, lambda k, q: True)", [3, 3, 3], [1, 1, 1]),
        ("kqv(x, x, x > 2, lambda k, q: False, default=-1, reduction='max')", [3, 3], [-1, -1]),
        ("kqv(x, x, x > 2, lambda k, q: True, reduction='min')", [3, 3, 1], [1, 1, 0]),
        ("kqv(x, x, x, equals, default=0)", [2**60 + 1], [2**60 + 1]),
        ("sel_width(select(x, x, lambda k, q: k > 1) & select(x, x, lt))", X, [0, 0, 1, 0, 2, 3, 0, 4]),
        ("sel_width(select(x, x, equals) | select(x, x, lt))", X, [1, 1, 3, 2, 5, 6, 3, 7]),
        ("induct_kqv(x, x, x, 1, null_val=-5)", [-999, 4, -999], [0, 0, 4]),
    ],
)
def test_examples(expression: str, tokens: list[int], values: list[int]) -> None:
    assert program(expression)(tokens) == values


@pytest.mark.parametrize("expression", ["x", "x + 1", "x > 1", "cumsum(x)", "mode(x)", "full(x, 3)"])
def test_an_empty_input_gives_an_empty_result(expression: str) -> None:
    assert program(expression)([]) == []


Definition = Callable[[list[int], int], int]
"""The value at position i, given the input up to i."""


def _first(items: list[Any], item: Any) -> int:
    return items.index(item) if item in items else -1


def _last(items: list[Any], item: Any) -> int:
    return len(items) - 1 - items[::-1].index(item) if item in items else -1


def _at(items: list[int], index: int, default: int = 0) -> int:
    return items[index] if 0 <= index < len(items) else default


def _mode(x: list[int], i: int) -> int:
    seen: Counter[int] = Counter()
    best, most = x[0], 0
    for item in x:
        seen[item] += 1
        if seen[item] >= most:
            best, most = item, seen[item]
    return best


def _after_first(x: list[int], query: int, offset: int, default: int = 0) -> int:
    first = _first(x, query)
    return default if first < 0 else _at(x, first + offset, default)


DEFINITIONS: dict[str, Definition] = {
    "where(x, x + 1, x - 1)": lambda x, i: x[i] + 1 if x[i] else x[i] - 1,
    "mask(x, x == 1, 5)": lambda x, i: x[i] if x[i] == 1 else 5,
    "shift_right(x, 2, 9)": lambda x, i: x[i - 2] if i >= 2 else 9,
    "index_select(x, x, 9)": lambda x, i: _at(x, x[i], 9),
    "cumsum(x)": lambda x, i: sum(1 for item in x if item),
    "num_prev(x, x + 1)": lambda x, i: x.count(x[i] + 1),
    "has_seen(x, x + 1)": lambda x, i: int(x[i] + 1 in x),
    "firsts(x, x - 1)": lambda x, i: _first(x, x[i] - 1),
    "lasts(x, x - 1)": lambda x, i: _last(x, x[i] - 1),
    "firsts(x, x - 1, 8)": lambda x, i: _first(x, x[i] - 1) if x[i] - 1 in x else 8,
    "first_true(x)": lambda x, i: _first(x, 1),
    "first_true(x, 6)": lambda x, i: _first(x, 1) if 1 in x else 6,
    "maximum(x)": lambda x, i: max(x),
    "minimum(x)": lambda x, i: min(x),
    "argmax(x)": lambda x, i: _last(x, max(x)),
    "argmin(x)": lambda x, i: _last(x, min(x)),
    "mode(x)": _mode,
    "binary_mode(x % 2)": lambda x, i: int(sum(item % 2 for item in x) > len(x) / 2),
    "induct(x, x - 1, 1, 9)": lambda x, i: _after_first(x, x[i] - 1, 1, 9),
    "induct_prev(x, x - 1, -1, 9)": lambda x, i: _after_first(x, x[i] - 1, -1, 9),
    "induct_kqv(x + 1, x, x, offset=2)": lambda x, i: _after_first(x, x[i] - 1, 2),
    "seq_map(x, indices(x), leq) + seq_map(x, x, geq)": lambda x, i: int(x[i] <= i) + 1,
}


@pytest.mark.parametrize("expression", DEFINITIONS)
def test_definitions(expression: str) -> None:
    sop = program(expression).sop()
    definition = DEFINITIONS[expression]

    @settings(max_examples=25)
    @given(INPUTS)
    def agrees(tokens: list[int]) -> None:
        assert sop(tokens) == [definition(tokens[: i + 1], i) for i in range(len(tokens))]

    agrees()
