"""Tasks for looped transformers: the whole answer is asked for at once, after as many steps as the sample needs.

Full-output prediction as Fan et al. 2024 have it. Lengths count bits or symbols: for an addition those of each number, for a
multiplication those of the second. The papers' distributions are not given in full; these are choices, said with each.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import jax.numpy as jnp
from jax import Array, lax, random

from conjecture.alphabet import Alphabet
from conjecture.sample import Number, Part, Sample, answered, backwards, bits_with
from conjecture.task_type import Key, Program, Task
from conjecture.tasks.addition import added

ANSWER, OPERATOR = -1, -2
SYMBOLS = 50
BITS = (0, 1, ANSWER)

Drawn: TypeAlias = tuple[list[Part], tuple[Array, Number], Number]
"""A question, its answer, and the steps that it takes."""


@dataclass(frozen=True)
class Problem:
    """Questions and answers, to be asked in one form or another.

    Attributes:
        draw: a question of a length, given the longest that matters.
        room: the most tokens of a question and its answer.
        steps: the most that a sample of a length takes.
        tokens: of questions and answers, with ANSWER.
    """

    name: str
    summary: str
    draw: Callable[[Key, Array, int], Drawn]
    room: Callable[[int], int]
    steps: Callable[[Any], Any]
    tokens: tuple[int, ...] = BITS

    @property
    def file(self) -> str:
        """What its programs are called."""
        return f"{self.name.replace('-', '_')}.raspl"

    @property
    def family(self) -> str:
        """Of its tasks."""
        return {"binary-sum": "parity"}.get(self.name, self.name)


def at_once(problem: Problem) -> Task:
    """The whole answer is asked for at marks after the question."""

    def sample(key: Key, length: Array, longest: int) -> Sample:
        question, answer, taken = problem.draw(key, length, longest)
        return answered(problem.room(longest), question, answer, ANSWER, taken)

    return Task(
        name=f"looped-{problem.name}",
        summary=f"{problem.summary}, all at once",
        sample=sample,
        room=problem.room,
        alphabet=lambda longest: Alphabet.of(problem.tokens),
        program=Program(f"looped/{problem.file}", "answers"),
        form="label",
        steps=problem.steps,
        source="Fan et al. 2024",
        family=problem.family,
    )


def parity(key: Key, length: Array, longest: int) -> Drawn:
    """Every number of ones is as likely."""
    number, order = random.split(key)
    ones = random.randint(number, (), 0, length + 1)
    return [(bits_with(order, ones, length, longest), length)], ((ones % 2)[None], 1), length


def copy(key: Key, length: Array, longest: int) -> Drawn:
    """Independent, uniform bits."""
    bits = random.randint(key, (longest,), 0, 2), length
    return [bits], bits, length


def addition(key: Key, length: Array, longest: int) -> Drawn:
    """Independent, uniform bits, most significant first."""
    one, other = random.randint(key, (2, longest), 0, 2)
    total = added(from_last(one, length, 1), from_last(other, length, 1), base=2)
    return [(one, length), OPERATOR, (other, length)], (backwards(total, length + 1), length + 1), length + 1


def binary_sum(key: Key, length: Array, longest: int) -> Drawn:
    """Every number of ones is as likely; the answer has as many bits as the length needs, least significant first."""
    number, order = random.split(key)
    ones = random.randint(number, (), 0, length + 1)
    powers = 2 ** jnp.arange(longest.bit_length())
    return [(bits_with(order, ones, length, longest), length)], (ones // powers % 2, (length >= powers).sum()), length


def multiplication(key: Key, length: Array, longest: int) -> Drawn:
    """One or two bits times so many, independent and uniform, most significant first; the product is padded and begins with its
    least significant bit."""
    drawing, choosing = random.split(key)
    places = random.randint(choosing, (), 1, 3)
    one, other = random.randint(drawing, (2, longest), 0, 2)
    bits = from_last(other, length, 2)
    once = jnp.where(one[places - 1] == 1, bits, 0)
    twice = jnp.where((places == 2) & (one[0] == 1), jnp.roll(bits, 1), 0)
    product = carried(once + twice)
    return [(one, places), OPERATOR, (other, length)], (product, places + length), places * length


def from_last(bits: Array, length: Number, more: int) -> Array:
    """The first so many bits from the last to the first, then zeros, with room for some more."""
    return jnp.pad(jnp.where(jnp.arange(bits.shape[0]) < length, backwards(bits, length), 0), (0, more))


def carried(columns: Array) -> Array:
    """The bits of a number that is given by the sums of its columns, the least significant first."""

    def column(carry: Array, total: Array) -> tuple[Array, Array]:
        return (total + carry) // 2, (total + carry) % 2

    return lax.scan(column, jnp.zeros((), columns.dtype), columns)[1]


def unique_set(key: Key, length: Array, longest: int) -> Drawn:
    """Independent, uniform symbols; the answer is filled up with marks."""
    symbols = random.randint(key, (longest,), 0, SYMBOLS)
    places = jnp.arange(longest)
    before = (symbols[None, :] == symbols[:, None]) & (places[None, :] < places[:, None])
    is_new = ~before.any(axis=1) & (places < length)
    order = jnp.argsort(jnp.where(is_new, places, longest + places))
    return [(symbols, length)], (jnp.where(places < is_new.sum(), symbols[order], ANSWER), length), length


PROBLEMS = (
    Problem("parity", "tell whether the number of ones is odd", parity, room=lambda n: n + 1, steps=lambda n: n),
    Problem("copy", "repeat bits", copy, room=lambda n: 2 * n, steps=lambda n: n),
    Problem(
        "addition",
        "add two binary numbers of equal lengths",
        addition,
        room=lambda n: 3 * n + 2,
        steps=lambda n: n + 1,
        tokens=(*BITS, OPERATOR),
    ),
    Problem("binary-sum", "count the ones, in binary", binary_sum, room=lambda n: n + n.bit_length(), steps=lambda n: n),
    Problem(
        "multiplication",
        "multiply a binary number by one of one or two bits",
        multiplication,
        room=lambda n: 2 * n + 5,
        steps=lambda n: 2 * n,
        tokens=(*BITS, OPERATOR),
    ),
    Problem(
        "unique-set",
        "the distinct symbols in the order of their first occurrence",
        unique_set,
        room=lambda n: 2 * n,
        steps=lambda n: n,
        tokens=(*range(SYMBOLS), ANSWER),
    ),
)

TASKS = tuple(map(at_once, PROBLEMS))
