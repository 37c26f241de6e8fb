"""From what the unembedding puts out to atoms. ``columns`` is how many outputs a decoder reads."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

import numpy as np

from rasp.graph.nodes import Atom


@dataclass(frozen=True)
class Number:
    """One output: the integer itself."""

    columns = 1

    def __call__(self, outputs: np.ndarray) -> list[Atom]:
        return [int(value) for value in np.rint(outputs[:, 0])]


@dataclass(frozen=True)
class Choice:
    """One logit for each value; the largest is the answer."""

    values: tuple[Atom, ...]

    @property
    def columns(self) -> int:
        return len(self.values)

    def __call__(self, outputs: np.ndarray) -> list[Atom]:
        return [self.values[index] for index in outputs.argmax(axis=1)]


@dataclass(frozen=True)
class Quotient:
    """Three outputs: a number as top / bottom + shift; and if there is a fourth, whether it is a float.

    Attributes:
        empty: the value where the bottom is 0, if it can be.
        kind: ``int`` or ``float`` if all values are; else the fourth output tells (1 is a float).
    """

    empty: Atom
    kind: Literal["int", "float", "told"]

    @property
    def columns(self) -> int:
        return 4 if self.kind == "told" else 3

    def __call__(self, outputs: np.ndarray) -> list[Atom]:
        return [self._one(*(int(number) for number in row)) for row in np.rint(outputs)]

    def _one(self, top: int, bottom: int, shift: int, is_float: int = 0) -> Atom:
        if not bottom:
            return self.empty
        number = Fraction(top, bottom) + shift
        return number if self.kind == "float" or is_float else int(number)


@dataclass(frozen=True)
class Mean:
    """Three outputs: the sum over the selected positions, how many they are, and if that is 1, which value it is.

    Attributes:
        default: the value where none is selected.
        scale: what the sum is a multiple of.
        values: the values that can be selected; the third output is an index into them.
    """

    default: Atom
    scale: int
    values: tuple[Atom, ...]

    columns = 3

    def __call__(self, outputs: np.ndarray) -> list[Atom]:
        return [self._one(*(int(number) for number in row)) for row in np.rint(outputs)]

    def _one(self, total: int, width: int, which: int) -> Atom:
        if not width:
            return self.default
        return self.values[which] if width == 1 else Fraction(total, width * self.scale)


Decoder: TypeAlias = Number | Choice | Quotient | Mean
