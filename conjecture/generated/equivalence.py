"""Whether programs give the same labels, up to their names, on thousands of positions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import NamedTuple

import numpy as np

from conjecture.generated.arrays import Batch
from conjecture.generated.distribution import Distribution
from conjecture.generated.drawing import draw
from conjecture.generated.straight import Straight

TRAINED = 15
"""Training lengths go up to this; inputs three times as long are what generalization is asked on."""

LONGEST = 3 * TRAINED

EARLY, LATE = slice(0, TRAINED), slice(LONGEST - TRAINED, LONGEST)
"""The positions of training lengths, and the last ones of the longest inputs."""

PROBES = 256
"""Inputs that programs are compared on: 3,840 positions of training lengths, 11,520 in all."""

DRAWS = {1: 1_000, 2: 2_000}
OTHER_DRAWS = 500
"""How many programs of each length are drawn to compare longer ones with."""


class Signature(NamedTuple):
    """What tells labels from others: at positions of training lengths, at the last positions, and at all."""

    trained: bytes
    late: bytes
    whole: bytes


@cache
def probes(tokens: int) -> Batch:
    """Inputs to compare programs on; all tokens are as frequent."""
    return Distribution.even(tokens).batch(0, PROBES, LONGEST)


def signature(labels: Batch) -> Signature:
    """The same for two programs if the labels of one are those of the other under other names."""
    return Signature(_digest(labels[:, EARLY]), _digest(labels[:, LATE]), _digest(labels))


def _digest(labels: Batch) -> bytes:
    """Of the labels, each called by its place in the order in which they first occur."""
    flat = labels.ravel() - labels.min()
    first = np.full(flat.max() + 1, flat.size)
    first[flat[::-1]] = np.arange(flat.size - 1, -1, -1)
    names = np.empty_like(first)
    names[np.argsort(first, kind="stable")] = np.arange(first.size)
    return hashlib.blake2b(names[flat].astype(np.int16).tobytes(), digest_size=12).digest()


def signatures(program: Straight, tokens: int) -> list[Signature]:
    """Of the values of each statement."""
    return [signature(values) for values in program.values(probes(tokens))]


@dataclass
class Shorter:
    """Programs of each length for inputs of so many tokens, each with all of its parts.

    What it says of a length depends on that length only, not on what was asked before.

    Attributes:
        trained, whole: from a half of a signature to the least length for which such a program was drawn.
        drawn: the lengths that are there.
    """

    tokens: int
    trained: dict[bytes, int] = field(default_factory=dict)
    whole: dict[bytes, int] = field(default_factory=dict)
    drawn: int = 0

    def alike(self, labels: Signature, length: int) -> tuple[bool, bool]:
        """Whether a program shorter than a length has these labels: at training lengths, and everywhere."""
        while self.drawn < length - 1:
            self._draw(self.drawn + 1)
        return self.trained.get(labels.trained, length) < length, self.whole.get(labels.whole, length) < length

    def _draw(self, length: int) -> None:
        random = Random(f"shorter/{self.tokens}/{length}")
        programs = {draw(random, length, self.tokens): None for _ in range(DRAWS.get(length, OTHER_DRAWS))}
        for program in programs:
            for found in signatures(program, self.tokens):
                self.trained.setdefault(found.trained, length)
                self.whole.setdefault(found.whole, length)
        self.drawn = length


@cache
def shorter(tokens: int) -> Shorter:
    """The programs to compare with."""
    return Shorter(tokens)
