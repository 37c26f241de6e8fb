"""A circuit computed in exact integers, by what its parts mean: the oracle for forms, heads and units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from compiler.analysis.kinds import KindTable
from compiler.analysis.valuesets import ValueSets
from compiler.circuit import (
    Channel,
    Factor,
    Feature,
    Form,
    FromHeads,
    FromPosition,
    FromSlot,
    FromToken,
    FromUnits,
    IsBos,
    Reading,
)
from compiler.lowering.clauses import Orders
from compiler.lowering.graph import Lowering
from compiler.lowering.ratio import Ratio
from compiler.target import Target
from rasp.graph.nodes import Atom


def lowering_of(target: Target, whole: int = 16, base: int = 0) -> Lowering:
    """A lowering with nothing in it yet."""
    return Lowering(ValueSets(target, KindTable(target), {}), Orders(whole, base))


def weigh(form: Form, at: Mapping[Feature, int]) -> int:
    """A form, given its features."""
    return form.constant + sum(coefficient * at[feature] for feature, coefficient in form.terms)


@dataclass
class Run:
    """The exact integers of a circuit on one input. Every feature is checked to stay within its bounds."""

    target: Target
    tokens: Sequence[Atom]
    _known: dict[Feature, list[int]] = field(default_factory=dict)

    def form(self, form: Form) -> list[int]:
        """The values of a form, one for each position."""
        columns = {feature: self.feature(feature) for feature in form.features}
        return [weigh(form, {feature: column[i] for feature, column in columns.items()}) for i in range(len(self.tokens))]

    def ratio(self, ratio: Ratio) -> list[Fraction | None]:
        """The values of a ratio; where its bottom is 0, what stands for that."""
        parts = zip(self.form(ratio.top), self.form(ratio.bottom), self.form(ratio.shift), strict=True)
        found: list[Fraction | None] = []
        for top, bottom, shift in parts:
            if not bottom:
                assert top == 0
                found.append(None if ratio.empty is None else ratio.empty + shift)
            else:
                assert bottom > 0
                found.append(Fraction(top, bottom) + shift)
        return found

    def selected(self, factors: Sequence[Factor]) -> np.ndarray:
        """Where all comparisons hold, of shape (queries, keys); the score of one that does not is lower by at least 1."""
        held = np.ones((len(self.tokens), len(self.tokens)), bool)
        for factor in factors:
            score = np.zeros(held.shape, np.int64)
            for query, key in zip(factor.queries, factor.keys, strict=True):
                score += np.outer(self.form(query), self.form(key))
            assert (score <= factor.holds).all()
            held &= score == factor.holds
        return np.tril(held) if self.target.causal else held

    def feature(self, feature: Feature) -> list[int]:
        if feature not in self._known:
            column = self._computed(feature)
            assert all(feature.low <= value <= feature.high for value in column), (feature.label, column)
            self._known[feature] = column
        return self._known[feature]

    def _computed(self, feature: Feature) -> list[int]:
        places = range(len(self.tokens))
        match feature.origin:
            case FromToken(values=values):
                ids = {(type(token), token): number for number, token in enumerate(self.target.vocab)}
                return [values[ids[type(token), token]] for token in self.tokens]
            case FromSlot():
                raise AssertionError("only stages of models with loops read slots")
            case FromPosition(values=values):
                return list(values[: len(self.tokens)])
            case IsBos():
                return [0 for _ in places]
            case FromHeads(parts=parts):
                columns = [(self._carried(channel), factor) for channel, factor in parts]
                return [sum(column[i] * factor for column, factor in columns) for i in places]
            case FromUnits(parts=parts):
                columns = [(self.form(unit.form), factor) for unit, factor in parts]
                return [sum(max(0, column[i]) * factor for column, factor in columns) for i in places]

    def _carried(self, channel: Channel) -> list[int]:
        read, ranks = self.form(channel.form), self.form(channel.head.rank)
        rows = self.selected(channel.head.factors)
        return [self._read(channel, [(ranks[key], read[key]) for key in np.flatnonzero(row)]) for row in rows]

    def _read(self, channel: Channel, keys: list[tuple[int, int]]) -> int:
        """What a head makes of the ranks and values of the selected keys."""
        values = [value for _, value in keys]
        match channel.head.reading:
            case Reading.SUM:
                assert channel.at_bos == 0
                return sum(values)
            case Reading.AVERAGE:
                return round(Fraction(sum(values), len(values))) if values else channel.at_bos
            case Reading.GREATEST:
                best = max((rank for rank, _ in keys), default=0)
                assert all(rank >= 0 for rank, _ in keys)
                values = [value for rank, value in keys if rank == best]
            case Reading.LOOK_UP:
                assert len(values) <= 1, channel.head.label
        found = set(values) or {channel.at_bos}
        assert len(found) == 1, (channel.head.label, found)
        return found.pop()
