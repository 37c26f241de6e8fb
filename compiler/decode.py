"""From what the unembedding puts out to atoms."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from rasp.graph.nodes import Atom


@dataclass(frozen=True)
class Number:
    """One output: the integer itself."""

    def __call__(self, outputs: np.ndarray) -> list[Atom]:
        return [int(value) for value in np.rint(outputs[:, 0])]


@dataclass(frozen=True)
class Choice:
    """One logit for each value; the largest is the answer."""

    values: tuple[Atom, ...]

    def __call__(self, outputs: np.ndarray) -> list[Atom]:
        return [self.values[index] for index in outputs.argmax(axis=1)]


@dataclass(frozen=True)
class Mean:
    """Two outputs: the sum over the selected positions (times ``scale``), and how many they are.

    Attributes:
        default: the value where none is.
        of_ints: whether the averaged values are ints, so that one selected value is an int.
    """

    default: Atom
    scale: int
    of_ints: bool

    def __call__(self, outputs: np.ndarray) -> list[Atom]:
        sums, widths = np.rint(outputs).T
        return [self._one(int(total), int(width)) for total, width in zip(sums, widths, strict=True)]

    def _one(self, total: int, width: int) -> Atom:
        if not width:
            return self.default
        mean = Fraction(total, width * self.scale)
        return int(mean) if width == 1 and self.of_ints else mean


Decoder: TypeAlias = Number | Choice | Mean
