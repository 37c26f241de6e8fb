"""The compiler's middle form: linear forms over features, attention heads, and ReLU units.

A feature is one number per position that will live in a cell of the residual stream. Every feature is an exact integer on
every input. A form is an integer combination of features; forms cost nothing, because whoever reads one (a query, a key,
a value, a unit) folds it into its own weights.

At the beginning-of-sequence position (BOS) every feature has a value known at compile time: BOS attends to itself alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TypeAlias

from rasp.errors import Span

_serial = itertools.count()
_made_for: ContextVar[Span | None] = ContextVar("made_for", default=None)


@contextmanager
def made_for(span: Span | None) -> Iterator[None]:
    """Features and heads that are made inside belong to the expression at this place; without one, to that outside."""
    token = _made_for.set(span or _made_for.get())
    try:
        yield
    finally:
        _made_for.reset(token)


@dataclass(frozen=True, eq=False)
class Feature:
    """One number per position.

    Attributes:
        label: what it holds, for people.
        origin: where it is computed.
        low, high: its least and largest value at a position of the input.
        at_bos: its value at the BOS position.
        span: the expression that it belongs to.
    """

    label: str
    origin: Origin = field(repr=False)  # it holds the whole circuit below
    low: int
    high: int
    at_bos: int = 0
    serial: int = field(default_factory=lambda: next(_serial))
    span: Span | None = field(default_factory=lambda: _made_for.get())

    @cached_property
    def ready(self) -> int:
        """The time at which it is complete, if everything happens as early as it can (``compiler/weights/schedule.py``)."""
        match self.origin:
            case FromHeads(parts=parts):
                return max(channel.ready for channel, _ in parts)
            case FromUnits(parts=parts, layer=layer):
                return 2 * layer if layer else latest(unit.form for unit, _ in parts) // 2 * 2 + 2
            case _:
                return 0


@dataclass(frozen=True)
class FromToken:
    """Read from the token embedding: one value for each token of the vocabulary."""

    values: tuple[int, ...]


@dataclass(frozen=True)
class FromPosition:
    """Read from the positional embedding: one value for each index."""

    values: tuple[int, ...]


@dataclass(frozen=True)
class IsBos:
    """1 at BOS, else 0."""


@dataclass(frozen=True, eq=False)
class FromHeads:
    """A combination of channels, rounded to an integer if any of them only counts approximately."""

    parts: tuple[tuple[Channel, int], ...]


@dataclass(frozen=True, eq=False)
class FromUnits:
    """A combination of ReLU units of one layer.

    Attributes:
        largest: a bound of every partial sum, if it is less than that of all units at once.
        layer: whose units they are, from 1; the first that can, if it is 0.
    """

    parts: tuple[tuple[Unit, int], ...]
    largest: int | None = None
    layer: int = 0


@dataclass(frozen=True)
class FromSlot:
    """There before the first layer of a stage: what an earlier stage, or the last step of a loop, has left (``stages.py``)."""

    slot: int


Origin: TypeAlias = FromToken | FromPosition | IsBos | FromSlot | FromHeads | FromUnits


@dataclass(frozen=True)
class Form:
    """An integer combination of features plus a constant."""

    terms: tuple[tuple[Feature, int], ...] = ()
    constant: int = 0

    @staticmethod
    def of(feature: Feature, coefficient: int = 1) -> Form:
        return Form(((feature, coefficient),))

    @staticmethod
    def total(forms: Iterable[Form]) -> Form:
        """The sum of forms, with equal features gathered."""
        gathered: dict[Feature, int] = {}
        constant = 0
        for form in forms:
            constant += form.constant
            for feature, coefficient in form.terms:
                gathered[feature] = gathered.get(feature, 0) + coefficient
        kept = sorted(((f, c) for f, c in gathered.items() if c), key=lambda term: term[0].serial)
        return Form(tuple(kept), constant)

    def __add__(self, other: Form | int) -> Form:
        return Form.total((self, Form(constant=other) if isinstance(other, int) else other))

    def __neg__(self) -> Form:
        return self * -1

    def __sub__(self, other: Form | int) -> Form:
        return self + -other

    def __rsub__(self, other: int) -> Form:
        return -self + other

    def __mul__(self, factor: int) -> Form:
        if not factor:
            return Form()
        return Form(tuple((feature, coefficient * factor) for feature, coefficient in self.terms), self.constant * factor)

    @property
    def low(self) -> int:
        return self.constant + sum(min(c * f.low, c * f.high) for f, c in self.terms)

    @property
    def high(self) -> int:
        return self.constant + sum(max(c * f.low, c * f.high) for f, c in self.terms)

    @property
    def magnitude(self) -> int:
        """A bound of every partial sum, at BOS too."""
        return abs(self.constant) + sum(abs(c) * max(abs(f.low), abs(f.high), abs(f.at_bos)) for f, c in self.terms)

    @property
    def reach(self) -> int:
        """A bound of its value, at BOS too."""
        return max(abs(self.low), abs(self.high), abs(self.at_bos))

    @property
    def at_bos(self) -> int:
        return self.constant + sum(c * f.at_bos for f, c in self.terms)

    @property
    def features(self) -> tuple[Feature, ...]:
        return tuple(feature for feature, _ in self.terms)

    @property
    def ready(self) -> int:
        """The time at which all its features are complete."""
        return max((feature.ready for feature, _ in self.terms), default=0)


@dataclass(frozen=True)
class Factor:
    """One comparison of a selector as part of an attention score.

    ``sum(query · key)`` is ``holds`` where the comparison holds and at most ``holds - 1`` where it does not.
    """

    queries: tuple[Form, ...]
    keys: tuple[Form, ...]
    holds: int


class Reading(StrEnum):
    """What a head does with the keys that it selects.

    LOOK_UP: each query selects at most one key; BOS takes the queries that select none.
    SUM: BOS outweighs the keys, so that the head sums over the selected ones (``gadgets/count.py``).
    AVERAGE: the mean over the selected keys, rounded to an integer (``gadgets/nearest.py``); BOS as for LOOK_UP.
    GREATEST: only the selected keys of the greatest rank count, and are equal in what is read (``gadgets/extreme.py``).
    """

    LOOK_UP = "look up"
    SUM = "sum"
    AVERAGE = "average"
    GREATEST = "greatest"


@dataclass(frozen=True, eq=False)
class Head:
    """What an attention head selects.

    Attributes:
        factors: its comparisons; the scores of all of them are added.
        rank: for ``GREATEST``, a form from 0 up.
        span: the selector or aggregate that it belongs to.
    """

    label: str
    factors: tuple[Factor, ...]
    reading: Reading
    rank: Form = field(default_factory=Form)
    span: Span | None = field(default_factory=lambda: _made_for.get())

    @property
    def reads(self) -> tuple[Form, ...]:
        return (*(form for factor in self.factors for form in (*factor.queries, *factor.keys)), self.rank)

    @property
    def weight_of_factors(self) -> int:
        """What the score of the factors is multiplied by, so that a rank can't outweigh them."""
        return self.rank.high + 1

    @cached_property
    def ready(self) -> int:
        """The time at which everything that it compares is there."""
        return latest(self.reads)


@dataclass(frozen=True, eq=False)
class Channel:
    """One number that a head carries: a form read at the keys, and what stands for it at BOS.

    Channels of one head that are ready at different layers become heads of those layers.
    """

    head: Head
    form: Form
    at_bos: int

    @property
    def reads(self) -> tuple[Form, ...]:
        return (*self.head.reads, self.form)

    @cached_property
    def ready(self) -> int:
        return (max(self.head.ready, self.form.ready) + 1) // 2 * 2 + 1


@dataclass(frozen=True)
class Unit:
    """A ReLU unit; zero at BOS, because the emitter subtracts enough there.

    Attributes:
        limit: what the form is never above, where that is known better than from its bounds.
    """

    form: Form
    limit: int | None = None

    @property
    def high(self) -> int:
        high = max(0, self.form.high)
        return high if self.limit is None else min(high, self.limit)


@dataclass(frozen=True)
class Check:
    """A form that tells on which inputs the program is undefined: those where it is above ``most`` at some position.

    Attributes:
        problem: why the program is undefined there.
        span: the expression that is.
        unless: not if the form is above this at some position.
        mixed: instead of all that, the inputs where the form is not the same at every position.
    """

    form: Form
    most: int
    problem: str
    span: Span | None = None
    unless: int | None = None
    mixed: bool = False


@dataclass(frozen=True)
class Delivery:
    """What a stage leaves in a slot.

    Attributes:
        feature: made of units of the stage's last layer.
        old: what the slot held before the stage; it is emptied while it is filled again.
    """

    slot: int
    feature: Feature
    old: Feature | None


@dataclass(frozen=True)
class Circuit:
    """What is to be laid out as one stage of a model; the last stage, often the only one, is read by the unembedding.

    Attributes:
        bos: the feature that tells BOS from the tokens.
        outputs: what the unembedding reads, in order.
        checks: read by the unembedding after the outputs.
        deliveries: what it leaves for later stages instead.
    """

    bos: Feature
    outputs: tuple[Form, ...] = ()
    checks: tuple[Check, ...] = ()
    deliveries: tuple[Delivery, ...] = ()

    @property
    def unembedded(self) -> tuple[Form, ...]:
        """Everything that the unembedding reads."""
        return (*self.outputs, *(check.form for check in self.checks))

    @property
    def read_out(self) -> tuple[Form, ...]:
        """Everything that something after its last layer reads."""
        return (*self.unembedded, *(Form.of(delivery.feature) for delivery in self.deliveries))


def latest(forms: Iterable[Form]) -> int:
    """The time at which all forms are there."""
    return max((form.ready for form in forms), default=0)
