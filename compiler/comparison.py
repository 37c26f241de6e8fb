"""The values of a model beside those of the interpreter, on many inputs at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from compiler.adversarial import Ids
from compiler.model import Model
from compiler.undefined import Undefined
from rasp.errors import RaspError
from rasp.evaluate import evaluate
from rasp.graph.nodes import Atom

BATCH_NUMBERS = 2**24
"""Attention scores, units and cells that one batch may have in one layer."""

LARGEST_BATCH = 256


Values: TypeAlias = tuple[Atom, ...] | Undefined


@dataclass(frozen=True)
class Difference:
    """What the program gives and what the model gives, where they are not the same; either may be undefined."""

    interpreted: Values
    compiled: Values


@dataclass(frozen=True)
class Comparison:
    """Asks interpreter and model for their values on many inputs."""

    model: Model

    def outcomes(self, inputs: Sequence[Ids]) -> list[Difference | bool]:
        """For each input: a difference, or whether there are values: False if there are none, and the model says so too."""
        expected = [self._interpreted(ids) for ids in inputs]
        return [_outcome(wanted, given) for wanted, given in zip(expected, self._compiled(inputs), strict=True)]

    def first_failing(self, inputs: Sequence[Ids]) -> int | None:
        """The place of the first input with a difference."""
        outcomes = self.outcomes(inputs)
        return next((place for place, outcome in enumerate(outcomes) if isinstance(outcome, Difference)), None)

    def tokens(self, ids: Ids) -> tuple[Atom, ...]:
        return tuple(self.model.target.vocab[index] for index in ids)

    def _interpreted(self, ids: Ids) -> Values:
        try:
            return tuple(evaluate(self.model.sop.node, self.tokens(ids)).to_atoms())
        except RaspError as error:
            return Undefined.of(error)

    def _compiled(self, inputs: Sequence[Ids]) -> list[Values]:
        """The model's values. Few shapes of batches, so that few are compiled."""
        places: dict[int, list[int]] = defaultdict(list)
        for place, ids in enumerate(inputs):
            places[_padded(len(ids), self.model.target.max_length)].append(place)
        values: list[Values] = [()] * len(inputs)
        for padded, members in places.items():
            size = self._batch_size(padded)
            for start in range(0, len(members), size):
                batch = members[start : start + size]
                for place, row in zip(batch, self._batch([inputs[place] for place in batch], size, padded), strict=True):
                    values[place] = row
        return values

    def _batch(self, inputs: Sequence[Ids], size: int, padded: int) -> list[Values]:
        ids = np.zeros((size, padded), np.int32)
        lengths = np.ones(size, np.int32)
        for number, row in enumerate(inputs):
            ids[number, : len(row)] = row
            lengths[number] = len(row)
        outputs = self.model.outputs(ids, lengths)
        rows = (self.model.read(outputs[number, : len(row)]) for number, row in enumerate(inputs))
        return [row if isinstance(row, Undefined) else tuple(row) for row in rows]

    def _batch_size(self, padded: int) -> int:
        """A power of two, as large as memory allows."""
        size = self.model.config
        widest = max((padded + 1) * max((1, *size.heads)), *size.d_mlp, size.d_model)
        return min(LARGEST_BATCH, 1 << max(0, (BATCH_NUMBERS // ((padded + 1) * widest)).bit_length() - 1))


def _outcome(wanted: Values, given: Values) -> Difference | bool:
    match wanted, given:
        case Undefined(), Undefined():
            return False
        case tuple(), tuple() if same_atoms(wanted, given):
            return True
        case _:
            return Difference(wanted, given)


def same_atoms(left: Sequence[Atom] | Undefined, right: Sequence[Atom] | Undefined) -> bool:
    """Whether two sequences agree in values and in kinds; what is undefined agrees with nothing."""
    if isinstance(left, Undefined) or isinstance(right, Undefined):
        return False
    return len(left) == len(right) and all(type(a) is type(b) and a == b for a, b in zip(left, right, strict=True))


def _padded(length: int, max_length: int) -> int:
    """The length that an input is padded to: 16, 128, 1,024, …, or the longest."""
    padded = 16
    while padded < length:
        padded *= 8
    return min(padded, max_length)
