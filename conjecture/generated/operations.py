"""The operations that generated programs are made of: how each is written, and what it computes.

A generated program is the RASP-L text; what ``compute`` gives serves the search alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal, TypeAlias

import numpy as np

from conjecture.generated.arrays import (
    Batch,
    Reduction,
    attend,
    firsts,
    index_select,
    induct,
    lasts,
    maximum,
    minimum,
    positions,
    shifted,
    width,
)

Kind: TypeAlias = Literal["token", "bool", "index", "count"]
Slot: TypeAlias = Literal["token", "constant", "flag", "index", "count"]
"""What an operation takes: a constant is a token that may be ``full(x, c)``; a flag is a bool, or a token that is 0 or 1."""


@dataclass(frozen=True)
class Known:
    """What is known of a sequence before any input: its kind, and between which numbers its tokens are."""

    kind: Kind
    low: int = 0
    high: int = 1

    @property
    def is_flag(self) -> bool:
        return self.kind == "bool" or (self.kind == "token" and (self.low, self.high) == (0, 1))

    def fits(self, slot: Slot) -> bool:
        """Whether an operation takes it there."""
        return self.is_flag if slot == "flag" else self.kind == ("token" if slot == "constant" else slot)


BIT = Known("token", 0, 1)
BOOL = Known("bool")
INDEX = Known("index")
COUNT = Known("count")

Constants: TypeAlias = tuple[int | str, ...]


@dataclass(frozen=True)
class Operation:
    """One call or one operator of RASP-L.

    Attributes:
        text: how it is written; ``{a[0]}`` is the first argument, ``{c[0]}`` the first constant.
        takes: its arguments.
        compute: its values, from its constants and its arguments.
        gives: what is known of them, from its constants and what is known of its arguments.
        draw: its constants, from what is known of its arguments.
        weight: how often it is drawn, beside others that give the same kind.
    """

    text: str
    takes: tuple[Slot, ...]
    compute: Callable[..., Batch]
    gives: Callable[[Constants, Sequence[Known]], Known]
    draw: Callable[[Random, Sequence[Known]], Constants] = lambda random, known: ()
    weight: int = 2

    @property
    def attends(self) -> bool:
        """Whether it looks at other positions."""
        return not self.text.startswith(("seq_map", "tok_map", "where", "{"))


def _of(known: Known) -> Callable[[Constants, Sequence[Known]], Known]:
    return lambda constants, given: known


def _hull(*of: int, default: int | None = None) -> Callable[[Constants, Sequence[Known]], Known]:
    """Tokens of some arguments, or the constant of that number."""

    def gives(constants: Constants, given: Sequence[Known]) -> Known:
        ends = [(given[number].low, given[number].high) for number in of]
        ends += [] if default is None else [(int(constants[default]),) * 2]
        return Known("token", min(low for low, _ in ends), max(high for _, high in ends))

    return gives


def _below(number: int) -> Callable[[Constants, Sequence[Known]], Known]:
    """Tokens from 0 to less than a constant."""
    return lambda constants, given: Known("token", 0, int(constants[number]) - 1)


def _joined(constants: Constants, given: Sequence[Known]) -> Known:
    """Of a logical operator: it is bitwise if not all arguments are truths."""
    return BOOL if all(one.kind == "bool" for one in given) else BIT


def _token(of: int = 0) -> Callable[[Random, Sequence[Known]], Constants]:
    """A token that an argument may be."""
    return lambda random, given: (random.randint(given[of].low, given[of].high),)


def _least(random: Random, given: Sequence[Known]) -> Constants:
    """A token that an argument may be and exceed."""
    return (random.randint(given[0].low, max(given[0].low, given[0].high - 1)),)


def _modulus(random: Random, given: Sequence[Known]) -> Constants:
    return (random.randint(2, max(2, min(6, given[0].high))),)


def _affine(random: Random, given: Sequence[Known]) -> Constants:
    modulus = random.randint(3, max(3, min(7, given[0].high + 1)))
    return random.randint(2, 3), random.randint(1, modulus - 1), modulus


def _attention(random: Random, given: Sequence[Known]) -> Constants:
    """Predicate, default and reduction of a kqv."""
    return random.choice(("lt", "leq", "gt", "geq", "equals", "equals")), *_token(2)(random, given), random.choice(_REDUCTIONS)


_REDUCTIONS: tuple[Reduction, ...] = ("min", "max", "mean")


def _order(random: Random, given: Sequence[Known]) -> Constants:
    return (random.choice(("lt", "leq", "gt", "geq")),)


TOKENS = (
    Operation(
        "shift_right({a[0]}, 1, default={c[0]})", ("token",), lambda c, a: shifted(a, c[0]), _hull(0, default=0), _token(), 5
    ),
    Operation("maximum({a[0]})", ("token",), lambda c, a: maximum(a), _hull(0), weight=1),
    Operation("minimum({a[0]})", ("token",), lambda c, a: minimum(a), _hull(0), weight=1),
    Operation(
        "mode({a[0]})",
        ("token",),
        lambda c, a: index_select(a, lasts(counts := width(a, a, "equals"), maximum(counts))),
        _hull(0),
    ),
    Operation(
        "kqv({a[0]}, {a[1]}, {a[2]}, {c[0]}, default={c[1]}, reduction='{c[2]}')",
        ("token", "constant", "token"),
        lambda c, keys, queries, values: attend(keys, queries, values, *c),
        _hull(2, default=1),
        _attention,
        6,
    ),
    Operation(
        "index_select({a[0]}, {a[1]}, default={c[0]})",
        ("token", "index"),
        lambda c, a, places: index_select(a, places, c[0]),
        _hull(0, default=0),
        _token(),
        4,
    ),
    Operation(
        "induct({a[0]}, {a[1]}, 1)",
        ("token", "constant"),
        lambda c, keys, queries: induct(keys, queries, keys),
        lambda c, given: Known("token", min(0, given[0].low), max(0, given[0].high)),
        weight=3,
    ),
    Operation(
        "induct_kqv({a[0]}, {a[1]}, {a[2]}, 1)",
        ("token", "constant", "token"),
        lambda c, keys, queries, values: induct(keys, queries, values),
        lambda c, given: Known("token", min(0, given[2].low), max(0, given[2].high)),
    ),
    Operation(
        "where({a[0]}, {a[1]}, {a[2]})",
        ("flag", "token", "constant"),
        lambda c, flag, a, b: np.where(flag, a, b),
        _hull(1, 2),
        weight=5,
    ),
    Operation(
        "seq_map({a[0]}, {a[1]}, lambda p, q: (p + q) % {c[0]})",
        ("token", "token"),
        lambda c, a, b: (a + b) % c[0],
        _below(0),
        _modulus,
    ),
    Operation(
        "seq_map({a[0]}, {a[1]}, lambda p, q: abs(p - q))",
        ("token", "token"),
        lambda c, a, b: abs(a - b),
        lambda c, given: Known("token", 0, max(given[0].high - given[1].low, given[1].high - given[0].low)),
    ),
    Operation(
        "seq_map({a[0]}, {a[1]}, lambda p, q: max(p, q))",
        ("token", "token"),
        lambda c, a, b: np.maximum(a, b),
        _hull(0, 1),
        weight=1,
    ),
    Operation(
        "tok_map({a[0]}, lambda t: ({c[0]} * t + {c[1]}) % {c[2]})",
        ("token",),
        lambda c, a: (c[0] * a + c[1]) % c[2],
        _below(2),
        _affine,
    ),
    Operation("{a[0]} % {c[0]}", ("token",), lambda c, a: a % c[0], _below(0), _modulus, 1),
    Operation(
        "{a[0]} // 2",
        ("token",),
        lambda c, a: a // 2,
        lambda c, given: Known("token", given[0].low // 2, given[0].high // 2),
        weight=1,
    ),
)

FLAGS = (
    Operation("has_seen({a[0]}, {a[1]})", ("token", "constant"), lambda c, a, b: width(a, b, "equals") > 0, _of(BIT)),
    Operation("binary_mode({a[0]})", ("flag",), lambda c, a: 2 * np.cumsum(a, axis=1) > positions(a) + 1, _of(BIT), weight=3),
    Operation("shift_right({a[0]}, 1)", ("flag",), lambda c, a: shifted(a, 0), _of(BIT)),
    Operation(
        "{a[0]} & {a[1]}",
        ("flag", "flag"),
        lambda c, a, b: a & b,
        _joined,
    ),
    Operation(
        "{a[0]} | {a[1]}",
        ("flag", "flag"),
        lambda c, a, b: a | b,
        _joined,
    ),
    Operation(
        "{a[0]} ^ {a[1]}",
        ("flag", "flag"),
        lambda c, a, b: a ^ b,
        _joined,
        weight=1,
    ),
)

BOOLS = (
    Operation("{a[0]} == {c[0]}", ("token",), lambda c, a: a == c[0], _of(BOOL), _token()),
    Operation("{a[0]} > {c[0]}", ("token",), lambda c, a: a > c[0], _of(BOOL), _least),
    Operation("{a[0]} == {a[1]}", ("token", "token"), lambda c, a, b: a == b, _of(BOOL), weight=4),
    Operation("{a[0]} < {a[1]}", ("token", "token"), lambda c, a, b: a < b, _of(BOOL), weight=4),
    Operation("{a[0]} == {a[1]}", ("index", "index"), lambda c, a, b: a == b, _of(BOOL), weight=3),
    Operation("{a[0]} < {a[1]}", ("index", "index"), lambda c, a, b: a < b, _of(BOOL), weight=4),
    Operation("{a[0]} < {a[1]}", ("count", "count"), lambda c, a, b: a < b, _of(BOOL), weight=6),
    Operation("{a[0]} > {c[0]}", ("count",), lambda c, a: a > c[0], _of(BOOL), lambda random, given: (random.randint(0, 3),)),
)

INDICES = (
    Operation("firsts({a[0]}, {a[1]})", ("token", "constant"), lambda c, a, b: firsts(a, b), _of(INDEX)),
    Operation("lasts({a[0]}, {a[1]})", ("token", "constant"), lambda c, a, b: lasts(a, b), _of(INDEX), weight=4),
    Operation("first_true({a[0]})", ("flag",), lambda c, a: firsts(a, np.ones_like(a)), _of(INDEX), weight=1),
    Operation("lasts({a[0]}, full(x, 1))", ("flag",), lambda c, a: lasts(a, np.ones_like(a)), _of(INDEX), weight=3),
    Operation("argmax({a[0]})", ("token",), lambda c, a: lasts(a, maximum(a)), _of(INDEX)),
    Operation("argmin({a[0]})", ("token",), lambda c, a: lasts(a, minimum(a)), _of(INDEX)),
    Operation("{a[0]} - 1", ("index",), lambda c, a: a - 1, _of(INDEX), weight=1),
)

COUNTS = (
    Operation("num_prev({a[0]}, {a[1]})", ("token", "constant"), lambda c, a, b: width(a, b, "equals"), _of(COUNT), weight=4),
    Operation("cumsum({a[0]})", ("flag",), lambda c, a: np.cumsum(a, axis=1, dtype=np.int32), _of(COUNT), weight=4),
    Operation(
        "sel_width(select({a[0]}, {a[1]}, {c[0]}))",
        ("token", "constant"),
        lambda c, a, b: width(a, b, c[0]),
        _of(COUNT),
        _order,
        3,
    ),
)

GIVING: dict[Slot, tuple[Operation, ...]] = {
    "token": TOKENS,
    "constant": TOKENS,
    "flag": FLAGS + BOOLS,
    "index": INDICES,
    "count": COUNTS,
}
"""The operations whose result fits."""
