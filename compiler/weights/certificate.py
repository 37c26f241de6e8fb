"""Proves, from the circuit, that float32 arithmetic can't change a value; or says what would.

Every feature is an integer. The proof has three parts. Scores and units are sums of integer products, exact while every
partial sum stays below 2²⁴. A head that looks up has weights of exactly 1 and 0, because the score gap makes exp() underflow.
A head that counts is off by less than 1/2 before it is rounded (``gadgets/count.py``).

Assumes IEEE float32 with rounding to nearest, matrix products in full float32 precision (no TF32, no bfloat16 passes), and
an exp() that is 0 below -104 and 1 at 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from compiler.circuit import Channel, Form, FromHeads, FromUnits, Head, Reading
from compiler.errors import CompileError, amount
from compiler.gadgets import count, extreme
from compiler.scores import EXACT, GAP, read_bound, score_bound, table_bound
from compiler.target import Target
from compiler.weights.emit import sink_weight
from compiler.weights.part import Part
from rasp.errors import Span

N = TypeVar("N", int, float)


@dataclass(frozen=True)
class LayerBound:
    """The worst case of one layer.

    Attributes:
        count_error: largest distance of a count from its integer before it is rounded; it must stay below 1/2.
        score: largest attention score, in gaps, or number that a head reads; it must stay below 2²⁴.
        units: largest partial sum of an MLP, and of a cell that it empties.
    """

    count_error: float
    score: int
    units: int

    @property
    def margin(self) -> float:
        """How far the worst count stays from a wrong rounding."""
        return 0.5 - self.count_error


@dataclass(frozen=True)
class Certificate:
    """The bounds of every layer, and of the unembedding."""

    layers: tuple[LayerBound, ...]
    outputs: int

    @property
    def margin(self) -> float:
        """The smallest margin of all layers."""
        return min((layer.margin for layer in self.layers), default=0.5)


@dataclass(frozen=True)
class _Worst(Generic[N]):
    """The largest of some bounds, and the expression that reaches it."""

    bound: N
    span: Span | None

    @staticmethod
    def of(bounds: Iterable[tuple[N, Span | None]], least: N) -> _Worst[N]:
        return _Worst(*max(bounds, key=lambda found: found[0], default=(least, None)))


def certify(parts: Iterable[Part], target: Target, span: Span | None = None) -> Certificate:
    """The certificate of a laid-out model. That of a block of layers that is repeated holds in each of its steps.

    Args:
        span: of the whole program, for what has no place of its own.

    Raises:
        CompileError: some bound does not hold.
    """
    try:
        return _certified(parts, target)
    except CompileError as error:
        raise error.located(span) from None


def _certified(parts: Iterable[Part], target: Target) -> Certificate:
    layers: list[LayerBound] = []
    largest = 0
    for part in parts:
        layers += [_layer(part, target, number) for number in range(1, part.schedule.layers + 1)]
        outputs = _Worst.of(((form.magnitude, _span(form)) for form in part.circuit.read_out), 0)
        if outputs.bound >= EXACT:
            raise _too_large(f"the result reaches {amount(outputs.bound)}, which float32 does not hold exactly", outputs, target)
        largest = outputs.bound
    return Certificate(tuple(layers), largest)


def _too_large(problem: str, worst: _Worst[Any], target: Target) -> CompileError:
    return CompileError(
        f"exactness can't be certified at max_length {target.max_length}: {problem}",
        worst.span,
        hint="compile for a smaller max_length, smaller constants, or a vocabulary of smaller numbers",
    )


def _span(form: Form) -> Span | None:
    return next((feature.span for feature in form.features if feature.span is not None), None)


def _layer(part: Part, target: Target, number: int) -> LayerBound:
    schedule, layout, place = part.schedule, part.layout, part.before + number
    heads = schedule.heads[number]
    carried = {channel: channels for channels in heads.values() for channel in channels}
    counted = [(feature.origin, feature.span) for feature in schedule.features if isinstance(feature.origin, FromHeads)]
    tables = [feature for feature, layer in schedule.unit_layer.items() if layer == number]
    error = _Worst.of(((_count_error(origin, carried, target), span) for origin, span in counted), 0.0)
    if error.bound >= 0.5:
        raise _too_large(f"layer {place} adds up numbers so large that it could miscount", error, target)
    score = _Worst.of(((score_bound(head), head.span) for head in heads), 0)
    if score.bound >= EXACT:
        problem = f"layer {place} has attention scores of {amount(score.bound)}, too large to be exact"
        raise _too_large(problem, score, target)
    read = _Worst.of(((_read_bound(head, channels), head.span) for head, channels in heads.items()), 0)
    if read.bound >= EXACT:
        problem = f"what the heads of layer {place} read adds up to {amount(read.bound)}, which float32 does not hold exactly"
        raise _too_large(problem, read, target)
    emptied = [(clearing.bound, clearing.span) for clearing in layout.clearings if clearing.layer == number]
    filled = [(table_bound(table.origin), table.span) for table in tables if isinstance(table.origin, FromUnits)]
    units = _Worst.of([*filled, *emptied], 0)
    if units.bound >= EXACT:
        problem = f"layer {place} has sums of {amount(units.bound)}, which float32 does not hold exactly"
        raise _too_large(problem, units, target)
    return LayerBound(error.bound, max(score.bound, read.bound), units.bound)


def _read_bound(head: Head, carried: list[Channel]) -> int:
    """The largest partial sum where queries, keys and values are read from the stream; of scores at BOS, in its fractions.

    The score of BOS is no multiple of a gap: for a sum it has fractions, and is less than a gap; else it is half a gap.
    """
    queries = [form.magnitude for factor in head.factors for form in factor.queries]
    keys = [read_bound(form, 0) for factor in head.factors for form in factor.keys]
    holds = sum(factor.holds for factor in head.factors)
    at_bos = (holds + 1) * GAP * count.SCORE_PARTS if head.reading is Reading.SUM else 2 * holds * head.weight_of_factors + 1
    compared = max([0, *queries, *keys]) * head.weight_of_factors
    return max([compared, at_bos, read_bound(head.rank, 0), *(read_bound(channel.form, channel.at_bos) for channel in carried)])


def _count_error(origin: FromHeads, carried: dict[Channel, list[Channel]], target: Target) -> float:
    """What the heads of one layer add to the error of a count; each layer that adds to a cell rounds it."""
    errors = (
        abs(coefficient) * _channel_error(channel, carried[channel], target)
        for channel, coefficient in origin.parts
        if channel in carried
    )
    return sum(errors, 0.0)


def _channel_error(channel: Channel, carried: list[Channel], target: Target) -> float:
    largest = _largest(channel.form)
    match channel.head.reading:
        case Reading.LOOK_UP:
            return 0.0
        case Reading.SUM:
            return count.error(target.max_length, largest, sink_weight(carried, target))
        case Reading.GREATEST | Reading.AVERAGE:
            return extreme.error(max(largest, abs(channel.at_bos)))


def _largest(form: Form) -> int:
    return max(abs(form.low), abs(form.high))
