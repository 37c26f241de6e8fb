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
        heads: for each layer, from 1, its heads and the channels that each carries there.
        unit_layer: the layer whose units make up a feature, from 1.
        layers: how many there are.
    """

    features: tuple[Feature, ...]
    heads: dict[int, dict[Head, list[Channel]]]
    unit_layer: dict[Feature, int]
    layers: int


def schedule(circuit: Circuit) -> Schedule:
    """The schedule of minimum depth."""
    features = _ordered(circuit)
    if circuit.bos not in features:
        features.append(circuit.bos)
    layers = max((feature.ready + 1) // 2 for feature in features)
    heads: dict[int, dict[Head, list[Channel]]] = {number: {} for number in range(1, layers + 1)}
    unit_layer: dict[Feature, int] = {}
    for feature in features:
        match feature.origin:
            case FromHeads(parts=parts):
                for channel, _ in parts:
                    carried = heads[(channel.ready + 1) // 2].setdefault(channel.head, [])
                    if channel not in carried:
                        carried.append(channel)
            case FromUnits():
                unit_layer[feature] = feature.ready // 2
            case _:
                pass
    order = sorted(features, key=lambda feature: (feature.ready, feature.serial))
    return Schedule(tuple(order), heads, unit_layer, layers)


def written(feature: Feature) -> int:
    """The time of the first sublayer that adds to a feature; channels of several layers may."""
    match feature.origin:
        case FromHeads(parts=parts):
            return min(channel.ready for channel, _ in parts)
        case _:
            return feature.ready


def last_reads(circuit: Circuit, schedule: Schedule) -> dict[Feature, int]:
    """When each feature is read for the last time. Every head, and a unit that BOS would drive, reads where BOS is."""
    last: dict[Feature, int] = {}

    def read(forms: Iterable[Form], time: int) -> None:
        for form in forms:
            for feature in form.features:
                last[feature] = max(time, last.get(feature, 0))

    for layer, heads in schedule.heads.items():
        for head, channels in heads.items():
            read((*head.reads, *(channel.form for channel in channels), Form.of(circuit.bos)), 2 * layer - 1)
    for feature, layer in schedule.unit_layer.items():
        if isinstance(feature.origin, FromUnits):
            for unit, _ in feature.origin.parts:
                read((unit.form, Form.of(circuit.bos)) if unit.form.at_bos > 0 else (unit.form,), 2 * layer)
    read(circuit.read_out, 2 * schedule.layers + 1)
    return last


def inputs(feature: Feature) -> tuple[Feature, ...]:
    """The features that a feature is computed from."""
    match feature.origin:
        case FromHeads(parts=parts):
            return tuple(read for channel, _ in parts for form in channel.reads for read in form.features)
        case FromUnits(parts=units):
            return tuple(read for unit, _ in units for read in unit.form.features)
        case _:
            return ()


def _ordered(circuit: Circuit) -> list[Feature]:
    """Every feature that the outputs need, after those it is computed from."""
    order: list[Feature] = []
    seen: set[Feature] = set()
    stack = [(feature, False) for form in circuit.read_out for feature in form.features]
    while stack:
        feature, expanded = stack.pop()
        if expanded:
            order.append(feature)
        elif feature not in seen:
            seen.add(feature)
            stack.append((feature, True))
            stack.extend((read, False) for read in inputs(feature) if read not in seen)
    return order
