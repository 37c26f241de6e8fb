"""Proves, from the circuit, that float32 arithmetic can't change a value; or says what would.

Every feature is an integer. The proof has three parts. Scores and units are sums of integer products, exact while every
partial sum stays below 2²⁴. A head that looks up has weights of exactly 1 and 0, because the score gap makes exp() underflow.
A head that counts is off by less than 1/2 before it is rounded (``gadgets/count.py``).

Assumes IEEE float32 with rounding to nearest, matrix products in full float32 precision (no TF32, no bfloat16 passes), and
an exp() that is 0 below -104 and 1 at 0.
"""

from __future__ import annotations

from dataclasses import dataclass

from compiler.circuit import Channel, Circuit, Form, FromHeads, FromUnits, Head, Reading
from compiler.emit import sink_weight
from compiler.errors import CompileError
from compiler.gadgets import count, extreme
from compiler.schedule import Schedule
from compiler.scores import EXACT, GAP, score_bound
from compiler.target import Target


@dataclass(frozen=True)
class LayerBound:
    """The worst case of one layer.

    Attributes:
        count_error: largest distance of a count from its integer before it is rounded; it must stay below 1/2.
        score: largest attention score, in gaps; it must stay below 2²⁴.
        units: largest partial sum of an MLP.
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


def certify(circuit: Circuit, schedule: Schedule, target: Target) -> Certificate:
    """The certificate of a circuit.

    Raises:
        CompileError: some bound does not hold.
    """
    layers = tuple(_layer(schedule, target, number) for number in range(1, schedule.layers + 1))
    certificate = Certificate(layers, max((form.magnitude for form in circuit.read_out), default=0))
    for number, layer in enumerate(layers, start=1):
        if layer.margin <= 0:
            raise _too_long(f"layer {number} could miscount by {layer.count_error:.2f}", target)
        if layer.score >= EXACT:
            raise _too_long(f"layer {number} has attention scores of {layer.score:,}, too large to be exact", target)
        if layer.units >= EXACT:
            raise _too_long(f"layer {number} has sums of {layer.units:,}, which float32 does not hold exactly", target)
    if certificate.outputs >= EXACT:
        raise _too_long(f"the result reaches {certificate.outputs:,}, which float32 does not hold exactly", target)
    return certificate


def _too_long(problem: str, target: Target) -> CompileError:
    return CompileError(
        f"exactness can't be certified at max_length {target.max_length}: {problem}",
        hint="compile for a smaller max_length or a smaller vocabulary of numbers",
    )


def _layer(schedule: Schedule, target: Target, number: int) -> LayerBound:
    heads = schedule.heads[number]
    carried = {channel: channels for channels in heads.values() for channel in channels}
    counted = [feature.origin for feature in schedule.features if isinstance(feature.origin, FromHeads)]
    tables = [feature.origin for feature, layer in schedule.unit_layer.items() if layer == number]
    return LayerBound(
        count_error=max((_count_error(origin, carried, target) for origin in counted), default=0.0),
        score=max((max(score_bound(head), _read_bound(head, channels)) for head, channels in heads.items()), default=0),
        units=max((_table_bound(origin) for origin in tables if isinstance(origin, FromUnits)), default=0),
    )


def _read_bound(head: Head, carried: list[Channel]) -> int:
    """The largest partial sum where queries, keys and values are read from the stream; of scores at BOS, in its fractions."""
    forms = (*head.reads, *(channel.form for channel in carried))
    holds = sum(factor.holds for factor in head.factors) * head.weight_of_factors
    return max(max(form.magnitude for form in forms) * head.weight_of_factors, holds * GAP * count.SCORE_PARTS)


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


def _table_bound(origin: FromUnits) -> int:
    inside = max((unit.form.magnitude for unit, _ in origin.parts), default=0)
    if origin.largest is not None:
        return max(inside, origin.largest)
    return max(inside, sum(abs(coefficient) * unit.high for unit, coefficient in origin.parts))
