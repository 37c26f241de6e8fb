"""The looped programs of ``examples/looped`` and what they compute, read by the tests of the interpreter and of the compiler."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import rasp
from rasp.elaborate.raspl_functions import RaspLFunction

ANSWER, PLUS, TIMES = -1, -2, -2


@dataclass(frozen=True)
class Looped:
    """A looped program.

    Attributes:
        vocab: the tokens of the inputs.
        sample: an input of about a given size, and the answer at its end.
    """

    name: str
    vocab: Sequence[int]
    sample: Callable[[random.Random, int], tuple[list[int], list[int]]]

    @property
    def program(self) -> RaspLFunction:
        folder = Path(__file__).parents[1] / "examples" / "looped"
        return rasp.load(folder / f"{self.name}.raspl")["answers"]

    def samples(self, sizes: Sequence[int], seed: int = 0) -> Iterator[tuple[list[int], list[int]]]:
        """One input and answer of each size."""
        chance = random.Random(seed)
        return (self.sample(chance, size) for size in sizes)


def in_binary(number: int, places: int) -> list[int]:
    """The lowest bits of a number, the least significant last."""
    return [number >> place & 1 for place in reversed(range(places))]


def _bits(chance: random.Random, size: int) -> list[int]:
    return [chance.randrange(2) for _ in range(size)]


def _parity(chance: random.Random, size: int) -> tuple[list[int], list[int]]:
    bits = _bits(chance, size)
    return [*bits, ANSWER], [sum(bits) % 2]


def _copy(chance: random.Random, size: int) -> tuple[list[int], list[int]]:
    bits = _bits(chance, size)
    return bits + [ANSWER] * size, bits


def _addition(chance: random.Random, size: int) -> tuple[list[int], list[int]]:
    one, other = chance.randrange(2**size), chance.randrange(2**size)
    question = [*in_binary(one, size), PLUS, *in_binary(other, size)]
    return question + [ANSWER] * (size + 1), in_binary(one + other, size + 1)


def _binary_sum(chance: random.Random, size: int) -> tuple[list[int], list[int]]:
    bits = _bits(chance, size)
    places = size.bit_length() + chance.randrange(3)
    return bits + [ANSWER] * places, in_binary(sum(bits), places)[::-1]


def _multiplication(chance: random.Random, size: int) -> tuple[list[int], list[int]]:
    places, others = chance.randint(1, size), size
    one, other = chance.randrange(2**places), chance.randrange(2**others)
    question = [*in_binary(one, places), TIMES, *in_binary(other, others)]
    return question + [ANSWER] * (places + others), in_binary(one * other, places + others)[::-1]


def _unique_set(chance: random.Random, size: int) -> tuple[list[int], list[int]]:
    symbols = [chance.randrange(50) for _ in range(size)]
    distinct = list(dict.fromkeys(symbols))
    return symbols + [ANSWER] * size, distinct + [ANSWER] * (size - len(distinct))


LOOPED = (
    Looped("parity", (0, 1, ANSWER), _parity),
    Looped("copy", (0, 1, ANSWER), _copy),
    Looped("addition", (0, 1, ANSWER, PLUS), _addition),
    Looped("binary_sum", (0, 1, ANSWER), _binary_sum),
    Looped("multiplication", (0, 1, ANSWER, TIMES), _multiplication),
    Looped("unique_set", (*range(50), ANSWER), _unique_set),
)
