"""From the laid-out circuit to the arrays of the transformer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import jax
import numpy as np

from compiler.circuit import Channel, Feature, Form, FromHeads, FromPosition, FromToken, FromUnits, Head, IsBos, Reading
from compiler.gadgets import count
from compiler.repetition import Loop
from compiler.scores import GAP, key_size, score_bound
from compiler.target import Target
from compiler.transformer import MLP, Attention, Layer, Transformer
from compiler.weights.layout import Clearing, is_rounded
from compiler.weights.part import Part


def transformer_of(parts: Sequence[Part], embedded: Mapping[int, Form], loops: tuple[Loop, ...], target: Target) -> Transformer:
    """The weights of a laid-out model.

    Args:
        embedded: forms that the embedding puts into cells, by cell.
        loops: the layers that are run several times.
    """
    width = max(part.layout.width for part in parts)
    checked = any(part.circuit.checks for part in parts)
    emitters = [_Emitter(part, width, target, checked) for part in parts]
    last = emitters[-1]
    read = parts[-1].circuit.unembedded
    return Transformer(
        tokens=_array(_token_embedding(parts, embedded, width, target)),
        positions=_array(_positional_embedding(parts, embedded, width, target)),
        layers=tuple(layer for emitter in emitters for layer in emitter.layers()),
        unembedding=_array(np.stack([last.column(form) for form in read], axis=1)),
        unembedding_bias=_array([form.constant for form in read]),
        causal=target.causal,
        loops=loops,
    )


def _token_embedding(parts: Sequence[Part], embedded: Mapping[int, Form], width: int, target: Target) -> np.ndarray:
    table = np.zeros((len(target.vocab) + 1, width), np.float32)
    for feature, cell in _embedding_cells(parts).items():
        match feature.origin:
            case FromToken(values=values):
                table[:-1, cell] = values
            case IsBos():
                table[-1, cell] = 1
            case _:
                pass
    for cell, form in embedded.items():
        for feature, coefficient in form.terms:
            if isinstance(feature.origin, FromToken):
                table[:-1, cell] += coefficient * np.array(feature.origin.values, np.float32)
    return table


def _positional_embedding(parts: Sequence[Part], embedded: Mapping[int, Form], width: int, target: Target) -> np.ndarray:
    table = np.zeros((target.max_length + 1, width), np.float32)
    for feature, cell in _embedding_cells(parts).items():
        if isinstance(feature.origin, FromPosition):
            table[1:, cell] = feature.origin.values
    for cell, form in embedded.items():
        table[1:, cell] += form.constant
        for feature, coefficient in form.terms:
            if isinstance(feature.origin, FromPosition):
                table[1:, cell] += coefficient * np.array(feature.origin.values, np.float32)
    widest = max((part.layout for part in parts), key=lambda layout: layout.width)
    first = width - len(widest.resting)
    for place, rounds in enumerate(widest.resting):
        if rounds:
            table[:, first + place] = -count.ROUNDER
    return table


def _embedding_cells(parts: Sequence[Part]) -> dict[Feature, int]:
    return {
        feature: cell
        for part in parts
        for feature, cell in part.layout.cells.items()
        if isinstance(feature.origin, FromToken | FromPosition | IsBos)
    }


class _Emitter:
    """Writes the layers of one part.

    Args:
        checked: whether the model tells where the program is undefined.
    """

    def __init__(self, part: Part, width: int, target: Target, checked: bool) -> None:
        self._circuit = part.circuit
        self._schedule = part.schedule
        self._layout = part.layout
        self._cells = part.layout.cells
        self._width = width
        self._target = target
        self._checked = checked

    def layers(self) -> list[Layer]:
        return [Layer(self._attention(number), self._mlp(number)) for number in range(1, self._schedule.layers + 1)]

    def _attention(self, layer: int) -> Attention:
        heads = self._schedule.heads[layer]
        keys = max((key_size(head) for head in heads), default=1)
        channels = max((len(carried) for carried in heads.values()), default=1)
        blocks = [self._head(head, carried, keys, channels) for head, carried in heads.items()] or [
            _empty_head(self._width, keys, channels)
        ]
        weights = [_array(np.stack(parts)) for parts in zip(*blocks, strict=True)]
        bias = np.zeros(self._width, np.float32)
        for feature in self._finished_in(layer):
            if is_rounded(feature):
                bias[self._cells[feature]] = count.ROUNDER
        return Attention(*weights, out_bias=_array(bias))

    def _finished_in(self, layer: int) -> list[Feature]:
        return [feature for feature in self._schedule.features if feature.ready == 2 * layer - 1]

    def _head(self, head: Head, carried: list[Channel], keys: int, channels: int) -> tuple[np.ndarray, ...]:
        """Query, key and value weights with their biases, and the output weights.

        The last key dimension is that of BOS; for a head that reads the greatest, the one before it is the rank.
        """
        bos = self._cells[self._circuit.bos]
        query, query_bias = self._block([form for factor in head.factors for form in factor.queries], keys)
        step = GAP
        query, query_bias = query * step * head.weight_of_factors, query_bias * step * head.weight_of_factors
        if head.reading is Reading.GREATEST:
            query_bias[-2] = step
        holds = sum(factor.holds for factor in head.factors) * head.weight_of_factors
        query_bias[-1] = holds * step + self._sink_score(head, carried)
        query[bos, -1] += 2 * step * (1 + score_bound(head))
        reads = [form for factor in head.factors for form in factor.keys]
        key, key_bias = self._block([at_bos(form, 0, self._circuit.bos) for form in reads], keys)
        if head.reading is Reading.GREATEST:
            rank = at_bos(head.rank, 0, self._circuit.bos)
            key[:, -2], key_bias[-2] = self.column(rank), rank.constant
        key[bos, -1] += 1
        value, value_bias = self._block([at_bos(c.form, c.at_bos, self._circuit.bos) for c in carried], channels)
        return query, query_bias, key, key_bias, value, value_bias, self._head_out(head, carried, channels)

    def _sink_score(self, head: Head, carried: list[Channel]) -> float:
        return count.sink_score(sink_weight(carried, self._target)) if head.reading is Reading.SUM else -GAP / 2

    def _head_out(self, head: Head, carried: list[Channel], channels: int) -> np.ndarray:
        out = np.zeros((channels, self._width), np.float32)
        factor = count.scale(sink_weight(carried, self._target)) if head.reading is Reading.SUM else 1.0
        for feature, cell in self._cells.items():
            if isinstance(feature.origin, FromHeads):
                for channel, coefficient in feature.origin.parts:
                    if channel in carried:
                        out[carried.index(channel), cell] += coefficient * factor
        return out

    def _mlp(self, layer: int) -> MLP:
        parts = [
            (unit, coefficient, self._cells[feature])
            for feature, place in self._schedule.unit_layer.items()
            if place == layer and isinstance(feature.origin, FromUnits)
            for unit, coefficient in feature.origin.parts
        ]
        clearings = [clearing for clearing in self._layout.clearings if clearing.layer == layer]
        units: dict[Form, int] = {}
        for unit, _, _ in parts:
            units.setdefault(unit.form, len(units))
        emptying = [part for clearing in clearings for part in self._emptying(clearing)]
        forms = [*(silent_at_bos(form, self._circuit.bos) for form in units), *(form for form, _, _ in emptying)]
        into, into_bias = self._block(forms, max(1, len(forms)))
        out = np.zeros((max(1, len(forms)), self._width), np.float32)
        out_bias = np.zeros(self._width, np.float32)
        for unit, coefficient, cell in parts:
            out[units[unit.form], cell] += coefficient
        for number, (_, cell, coefficient) in enumerate(emptying, start=len(units)):
            out[number, cell] += coefficient
        for clearing in clearings:
            out_bias[clearing.cell] -= 0 if self._checked else clearing.low
            out_bias[clearing.cell] -= count.ROUNDER if clearing.rounds else 0
        return MLP(_array(into), _array(into_bias), _array(out), _array(out_bias))

    def _emptying(self, clearing: Clearing) -> list[tuple[Form, int, int]]:
        """The units that empty a cell, with the cell and their coefficients.

        One is enough while values keep their bounds. Where the program is undefined they need not, and its checks must be right.
        """
        x = Form.of(clearing.old)
        if self._checked:
            return [(x, clearing.cell, -1), (-x, clearing.cell, 1)]
        return [(x - clearing.low, clearing.cell, -1)]

    def _block(self, forms: Sequence[Form], width: int) -> tuple[np.ndarray, np.ndarray]:
        """Weights of shape (model, width) and biases that read the forms."""
        weights = np.zeros((self._width, width), np.float32)
        bias = np.zeros(width, np.float32)
        for number, form in enumerate(forms):
            weights[:, number] = self.column(form)
            bias[number] = form.constant
        return weights, bias

    def column(self, form: Form) -> np.ndarray:
        """The weights that read a form."""
        column = np.zeros(self._width, np.float32)
        for feature, coefficient in form.terms:
            column[self._cells[feature]] = coefficient
        return column


def at_bos(form: Form, wanted: int, bos: Feature) -> Form:
    """The same form, with a chosen value at BOS."""
    return form + Form.of(bos, wanted - form.at_bos)


def silent_at_bos(form: Form, bos: Feature) -> Form:
    """The form of a unit, made so negative at BOS that the unit is 0 there."""
    return form + Form.of(bos, -max(0, form.at_bos)) if form.at_bos > 0 else form


def sink_weight(carried: Sequence[Channel], target: Target) -> int:
    """The weight N' that BOS has in a head that counts."""
    largest = max(max(abs(channel.form.low), abs(channel.form.high)) for channel in carried)
    return count.sink_weight(target.max_length, largest)


def _empty_head(model: int, keys: int, channels: int) -> tuple[np.ndarray, ...]:
    """A head that reads and writes nothing, for a layer that has only units."""

    def zeros(*shape: int) -> np.ndarray:
        return np.zeros(shape, np.float32)

    return (
        zeros(model, keys),
        zeros(keys),
        zeros(model, keys),
        zeros(keys),
        zeros(model, channels),
        zeros(channels),
        zeros(channels, model),
    )


def _array(values: object) -> jax.Array:
    return jax.device_put(np.asarray(values, np.float32))
