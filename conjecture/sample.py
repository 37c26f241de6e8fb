"""What a task gives a model to learn from, and the pieces that samplers make it of.

A sampler runs inside jit: the room of a sample is fixed, its length is a traced number, and what stands after its end means
nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import equinox as eqx
import jax
import jax.numpy as jnp
from jax import random
from jaxtyping import Array, Bool, Int

Number: TypeAlias = int | Int[Array, ""]
Part: TypeAlias = Number | tuple[Array, Number]
"""One token, or an array of which so many tokens count from its beginning."""


class Sample(eqx.Module):
    """One input with what a model should say at its positions.

    Attributes:
        tokens: codes of the input, without BOS.
        targets: the code that the model should give at each position.
        asked: where it is asked.
        length: how many tokens the input has.
        prompt: how many of them are given; the others are the answer so far, and all if labels are asked for.
        steps: how many steps a looped model takes.
    """

    tokens: Int[Array, " room"]
    targets: Int[Array, " room"]
    asked: Bool[Array, " room"]
    length: Int[Array, ""]
    prompt: Int[Array, ""]
    steps: Int[Array, ""] = eqx.field(default_factory=lambda: jnp.asarray(0))


def continuation(room: int, prompt: Sequence[Part], answer: Sequence[Part]) -> Sample:
    """A prompt to be continued by an answer; the last token of the answer is the one that stops.

    Args:
        room: for prompt and answer together.
    """
    tokens, total = joined(room, [*prompt, *answer])
    begin = _length(prompt)
    places = jnp.arange(room)
    asked = (places >= begin - 1) & (places < total - 1)
    return Sample(tokens, jnp.roll(tokens, -1), asked, jnp.asarray(total - 1), jnp.asarray(begin))


def labelled(tokens: Int[Array, " room"], labels: Int[Array, " room"], length: Number) -> Sample:
    """An input with a label at each of its positions."""
    size = jnp.asarray(length)
    return Sample(tokens, labels, jnp.arange(tokens.shape[0]) < size, size, size)


def answered(room: int, question: Sequence[Part], answer: tuple[Array, Number], mark: int, steps: Number) -> Sample:
    """A question, then a mark for each token of the answer, all of which are asked for at once (Fan et al. 2024).

    Args:
        room: for question and answer together.
        steps: that a looped model takes.
    """
    values, count = answer
    tokens, total = joined(room, [*question, (jnp.full_like(values, mark), count)])
    begin = _length(question)
    places = jnp.arange(room)
    targets = values[(places - begin).clip(0, values.shape[0] - 1)]
    size = jnp.asarray(total)
    return Sample(tokens, targets, (places >= begin) & (places < total), size, size, jnp.asarray(steps))


def joined(room: int, parts: Sequence[Part]) -> tuple[Int[Array, " room"], Number]:
    """Parts one after the other, and how long they are together."""
    places = jnp.arange(room)
    tokens = jnp.zeros(room, jnp.int32)
    start: Number = 0
    for part in parts:
        values, count = part if isinstance(part, tuple) else (jnp.asarray(part)[None], 1)
        inside = (places >= start) & (places < start + count)
        tokens = jnp.where(inside, values[(places - start).clip(0, values.shape[0] - 1)], tokens)
        start = start + count
    return tokens, start


def _length(parts: Sequence[Part]) -> Number:
    total: Number = 0
    for part in parts:
        total = total + (part[1] if isinstance(part, tuple) else 1)
    return total


def backwards(values: Array, count: Number) -> Array:
    """The first so many entries from the last to the first; what follows them means nothing."""
    return values[(count - 1 - jnp.arange(values.shape[0])).clip(0)]


def shuffled(key: Array, length: Number, room: int) -> Int[Array, " room"]:
    """The numbers below ``length`` in random order, then the others below ``room``."""
    chances = random.uniform(key, (room,))
    return jnp.argsort(jnp.where(jnp.arange(room) < length, chances, 2.0))


def bits_with(key: Array, ones: Number, length: Number, room: int) -> Int[Array, " room"]:
    """So many ones among ``length`` bits, each arrangement as likely."""
    return (shuffled(key, length, room) < ones).astype(jnp.int32)


def uneven_bits(key: Array, length: Number, room: int) -> Int[Array, " room"]:
    """Bits, not as many ones as zeros: each other number of ones is as likely (Huang et al. 2024)."""
    number, order = random.split(key)
    even = jnp.asarray(length + 1) % 2
    ones = random.randint(number, (), 0, length + 1 - even)
    ones = ones + even * (2 * ones >= length)
    return bits_with(order, ones, length, room)


def counts(numbers: Int[Array, " room"], kinds: int, length: Number) -> Int[Array, " kinds"]:
    """How often each number below ``kinds`` is among the first ``length``."""
    inside = jnp.arange(numbers.shape[0]) < length
    return ((numbers[:, None] == jnp.arange(kinds)) & inside[:, None]).sum(axis=0)


TRIES = 8


def with_a_winner(key: Array, kinds: int, length: Number, room: int) -> Int[Array, " room"]:
    """Numbers below ``kinds``, one of them more frequent than any other.

    They are independent and uniform, drawn again while several are most frequent. If that is so in ``TRIES`` draws, one of these
    takes the place of another number once. So all is as if drawn until there is a winner, but that very short sequences, which
    seldom have one, win by one more often.
    """
    drawing, choosing, placing = random.split(key, 3)
    tries = random.randint(drawing, (TRIES, room), 0, kinds)
    found = jax.vmap(lambda numbers: counts(numbers, kinds, length))(tries)
    has_winner = (found == found.max(axis=1, keepdims=True)).sum(axis=1) == 1
    first = has_winner.argmax()
    numbers = tries[first]
    winner = (found[first] + random.uniform(choosing, (kinds,), maxval=0.5)).argmax()
    others = (jnp.arange(room) < length) & (numbers != winner)
    place = jnp.where(others, random.uniform(placing, (room,)), -1.0).argmax()
    return jnp.where(has_winner[first], numbers, numbers.at[place].set(winner))


def few_kinds(key: Array, kinds: int, length: Number, room: int) -> Int[Array, " room"]:
    """Independent, uniform numbers of a few kinds below ``kinds``.

    How many kinds there are is uniform, from one for every 8 places up to all: so what long sequences count up to occurs in
    short ones too, as long as ``kinds`` suffice for that.
    """
    number, choice, order = random.split(key, 3)
    least = jnp.minimum((length + 7) // 8, kinds)
    some = random.randint(number, (), least, kinds + 1)
    return random.permutation(choice, kinds)[random.randint(order, (room,), 0, some)]
