"""From what the unembedding puts out to values.

Every decoder reads outputs of shape (positions, ``columns``). Called, it gives atoms, where floats are exact fractions; ``host``
gives what Python shows for them, where floats are doubles, without making the fractions.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np

from rasp.atoms import to_host
from rasp.graph.nodes import Atom

Host: TypeAlias = bool | int | float | str

EXACT_DOUBLE = 2**53
"""Integers up to here are doubles, so that their quotient is rounded once."""


@dataclass(frozen=True)
class Number:
    """One output: the integer itself."""

    columns = 1
    may_mix = False

    def __call__(self, outputs: np.ndarray) -> list[Atom]:
        return _integers(outputs)[:, 0].tolist()

    def host(self, outputs: np.ndarray) -> list[Host]:
        return _integers(outputs)[:, 0].tolist()


@dataclass(frozen=True)
class Choice:
    """One logit for each value; the largest is the answer."""

    values: tuple[Atom, ...]

    @property
    def columns(self) -> int:
        return len(self.values)

    @cached_property
    def may_mix(self) -> bool:
        return _mixes(self.values)

    def __call__(self, outputs: np.ndarray) -> list[Atom]:
        return [self.values[index] for index in outputs.argmax(axis=1).tolist()]

    def host(self, outputs: np.ndarray) -> list[Host]:
        found = outputs.argmax(axis=1).tolist()
        shown = {index: to_host(self.values[index]) for index in set(found)}  # the others may be too large to be shown
        return [shown[index] for index in found]


@dataclass(frozen=True)
class Quotient:
    """Three outputs: a number as top / bottom + shift; and if there is a fourth, whether it is a float.

    Attributes:
        empty: the value where the bottom is 0, if it can be.
        kind: ``int`` or ``float`` if all values are; else the fourth output tells (1 is a float).
    """

    empty: Atom
    kind: Literal["int", "float", "told"]

    may_mix = False

    @property
    def columns(self) -> int:
        return 4 if self.kind == "told" else 3

    def __call__(self, outputs: np.ndarray) -> list[Atom]:
        rows = zip(*(part.tolist() for part in self._parts(outputs)), strict=True)
        return [self.empty if not bottom else Fraction(top, bottom) if floats else top // bottom for top, bottom, floats in rows]

    def host(self, outputs: np.ndarray) -> list[Host]:
        top, bottom, is_float = self._parts(outputs)
        full = bottom != 0
        values = np.empty(len(outputs), object)
        _fill(values, ~full, self.empty)
        for chosen, divide in ((full & is_float, np.true_divide), (full & ~is_float, np.floor_divide)):
            values[chosen] = divide(top[chosen], bottom[chosen]).tolist()
        return values.tolist()

    def _parts(self, outputs: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Numerators, denominators, and whether the values are floats."""
        numbers = _integers(outputs)
        top, bottom, shift = numbers[:, 0], numbers[:, 1], numbers[:, 2]
        told = numbers[:, 3] != 0 if self.kind == "told" else np.full(len(numbers), self.kind == "float")
        return top + shift * bottom, bottom, told


@dataclass(frozen=True)
class Mean:
    """Three outputs: the sum over the selected positions, how many they are, and if that is 1, the code of that value.

    Attributes:
        default: the value where none is selected.
        scale: what the sum is a multiple of.
        values: the values that can be selected.
        codes: of each value; different ones.
    """

    default: Atom
    scale: int
    values: tuple[Atom, ...]
    codes: tuple[int, ...]

    columns = 3

    @cached_property
    def may_mix(self) -> bool:
        return _mixes((*self.values, self.default, 0))

    @cached_property
    def _by_code(self) -> dict[int, Atom]:
        return dict(zip(self.codes, self.values, strict=True))

    def __call__(self, outputs: np.ndarray) -> list[Atom]:
        rows = _integers(outputs).tolist()
        return [
            self.default if not width else self._by_code[code] if width == 1 else Fraction(total, width * self.scale)
            for total, width, code in rows
        ]

    def host(self, outputs: np.ndarray) -> list[Host]:
        total, width, code = _integers(outputs).T
        if self.scale * int(width.max(initial=0)) > EXACT_DOUBLE:
            return list(map(to_host, self(outputs)))
        values = np.empty(len(outputs), object)
        _fill(values, width == 0, self.default)
        for found in np.unique(code[width == 1]).tolist():
            _fill(values, (width == 1) & (code == found), self._by_code[found])
        several = (width != 1) & (width != 0)
        values[several] = (total[several] / (width[several] * self.scale)).tolist()
        return values.tolist()


Decoder: TypeAlias = Number | Choice | Quotient | Mean


def _integers(outputs: np.ndarray) -> np.ndarray:
    return np.rint(outputs).astype(np.int64)


def _fill(values: np.ndarray, places: np.ndarray, atom: Atom) -> None:
    """Put a value at some places of an array of Python's own objects; where it is at none, it may be too large to be shown."""
    if places.any():
        values[places] = to_host(atom)


def _mixes(values: tuple[Atom, ...]) -> bool:
    """Whether some values are strings and some are not, so that one sequence might hold both."""
    return len({isinstance(value, str) for value in values}) > 1
