"""Inputs of any lengths as batches of few shapes, so that few are compiled and none takes too much memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from compiler.execution.encode import Encoded

SHORTEST = 16
"""The least length that inputs are padded to; also the least number of rows that several inputs are padded to."""


@dataclass(frozen=True, eq=False)
class Batch:
    """Padded inputs.

    Attributes:
        ids: of shape (rows, padded length).
        lengths: of shape (rows,); rows that only pad the batch have length 1.
        places: which inputs the first rows are.
    """

    ids: np.ndarray
    lengths: np.ndarray
    places: np.ndarray

    def at_tokens(self, outputs: np.ndarray) -> np.ndarray:
        """Of outputs of shape (rows, padded length, outputs), those that belong to an input, one input after the other."""
        lengths = self.lengths[: len(self.places)]
        if len(lengths) == 1:
            return outputs[0, : lengths[0]]
        return outputs[: len(lengths)][np.arange(self.ids.shape[1]) < lengths[:, None]]


@dataclass(frozen=True)
class Shapes:
    """The shapes that batches may have.

    Attributes:
        longest: no input is longer.
        outputs: how many numbers leave the model for each position.
        numbers: how many may leave it in one batch.
        most: how many rows it may have, a power of two.
        growth: each padded length is so many times the one before.
        full: whether every batch has as many rows as it may; else as many as there are inputs, rounded up.
    """

    longest: int
    outputs: int
    numbers: int = 2**24
    most: int = 2**14
    growth: int = 2
    full: bool = False

    def padded(self, length: int) -> int:
        """What inputs of a length are padded to."""
        padded = SHORTEST
        while padded < length:
            padded *= self.growth
        return min(padded, self.longest)

    def most_rows(self, padded: int) -> int:
        """How many inputs fit into one batch: a power of two."""
        fitting = max(1, self.numbers // (padded * self.outputs))
        return min(self.most, 1 << (fitting.bit_length() - 1))

    def rows(self, inputs: int, padded: int) -> int:
        """How many rows a batch of some inputs has."""
        most = self.most_rows(padded)
        if self.full or inputs >= most:
            return most
        return inputs if inputs == 1 else min(most, max(SHORTEST, 1 << (inputs - 1).bit_length()))


def batches(inputs: Encoded, shapes: Shapes) -> Iterator[Batch]:
    """All inputs, those that are padded alike together."""
    if len(inputs.lengths) == 1 and not shapes.full:
        ids = np.zeros((1, shapes.padded(int(inputs.lengths[0]))), np.int32)
        ids[0, : len(inputs.ids)] = inputs.ids
        yield Batch(ids, inputs.lengths, np.zeros(1, np.intp))
        return
    lengths, group = np.unique(inputs.lengths, return_inverse=True)
    padded = np.array([shapes.padded(int(length)) for length in lengths], np.int32)[group]
    starts = np.cumsum(inputs.lengths) - inputs.lengths
    for size in np.unique(padded).tolist():
        places, most = np.flatnonzero(padded == size), shapes.most_rows(size)
        for first in range(0, len(places), most):
            yield _batch(inputs, starts, places[first : first + most], size, shapes)


def _batch(inputs: Encoded, starts: np.ndarray, places: np.ndarray, padded: int, shapes: Shapes) -> Batch:
    rows = shapes.rows(len(places), padded)
    lengths = np.ones(rows, np.int32)
    lengths[: len(places)] = inputs.lengths[places]
    # What stands after the end of an input is any id, since it is masked.
    at = np.minimum(starts[places, None] + np.arange(padded), len(inputs.ids) - 1)
    ids = np.zeros((rows, padded), np.int32)
    ids[: len(places)] = inputs.ids[at]
    return Batch(ids, lengths, places)
