"""Puts every head and every unit into the earliest layer in which what it reads is there.

A layer is attention, then units. Time counts sublayers: 0 is the embedding, 2l - 1 the attention of layer l (from 1), and
2l its units.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from compiler.circuit import Channel, Circuit, Feature, Form, FromHeads, FromUnits, Head


@dataclass(frozen=True)
class Schedule:
    """When everything happens.

    Attributes:
        features: every feature that something reads, in the order of their times.
        ready: the time at which a feature is complete.
        heads: for each layer, from 1, its heads and the channels that each carries there.
        unit_layer: the layer whose units make up a feature, from 1.
        layers: how many there are.
    """

    features: tuple[Feature, ...]
    ready: dict[Feature, int]
    heads: dict[int, dict[Head, list[Channel]]]
    unit_layer: dict[Feature, int]
    layers: int


def schedule(circuit: Circuit) -> Schedule:
    """The schedule of minimum depth."""
    ready: dict[Feature, int] = {circuit.bos: 0}
    channel_layer: dict[Channel, int] = {}
    unit_layer: dict[Feature, int] = {}
    for feature in _ordered(circuit):
        match feature.origin:
            case FromHeads(parts=parts):
                for channel, _ in parts:
                    channel_layer[channel] = (_time(channel.reads, ready) + 1) // 2 + 1
                ready[feature] = 2 * max(channel_layer[channel] for channel, _ in parts) - 1
            case FromUnits(parts=units):
                unit_layer[feature] = _time((unit.form for unit, _ in units), ready) // 2 + 1
                ready[feature] = 2 * unit_layer[feature]
            case _:
                ready[feature] = 0
    layers = max((time + 1) // 2 for time in ready.values())
    order = sorted(ready, key=lambda feature: (ready[feature], feature.serial))
    return Schedule(tuple(order), ready, _heads(channel_layer, layers), unit_layer, layers)


def inputs(feature: Feature) -> tuple[Feature, ...]:
    """The features that a feature is computed from."""
    match feature.origin:
        case FromHeads(parts=parts):
            return tuple(read for channel, _ in parts for form in channel.reads for read in form.features)
        case FromUnits(parts=units):
            return tuple(read for unit, _ in units for read in unit.form.features)
        case _:
            return ()


def _heads(channel_layer: dict[Channel, int], layers: int) -> dict[int, dict[Head, list[Channel]]]:
    heads: dict[int, dict[Head, list[Channel]]] = {number: {} for number in range(1, layers + 1)}
    for channel, layer in channel_layer.items():
        heads[layer].setdefault(channel.head, []).append(channel)
    return heads


def _time(forms: Iterable[Form], ready: dict[Feature, int]) -> int:
    return max((ready[feature] for form in forms for feature in form.features), default=0)


def _ordered(circuit: Circuit) -> list[Feature]:
    """Every feature that the outputs need, after those it is computed from."""
    order: list[Feature] = []
    seen: set[Feature] = set()
    stack = [(feature, False) for form in circuit.outputs for feature in form.features]
    while stack:
        feature, expanded = stack.pop()
        if expanded:
            order.append(feature)
        elif feature not in seen:
            seen.add(feature)
            stack.append((feature, True))
            stack.extend((read, False) for read in inputs(feature) if read not in seen)
    return order
