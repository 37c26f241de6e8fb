"""Find a variable's value through a chain of assignments, among other chains.

Musat 2024 gives no layout of tokens; this is a choice. The length is the number of assignments from the variable that is asked
for to its value. There are three chains of that length whose assignments are mixed; each variable is assigned before it is used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import jax.numpy as jnp
from jax import Array, lax, random

from conjecture.alphabet import Alphabet
from conjecture.sample import Sample
from conjecture.task_type import Key, Program, Sampler, Task

EQUALS, QUERY = -1, -2
VALUES = 10
FIRST = 100
CHAINS = 3


def alphabet(longest: int) -> Alphabet:
    return Alphabet.of((*range(VALUES), *range(FIRST, FIRST + CHAINS * longest), EQUALS, QUERY))


def values(longest: int) -> Alphabet:
    return Alphabet.of(range(VALUES))


def room(longest: int) -> int:
    return 3 * CHAINS * longest + 2


def chains(key: Key, length: Array, longest: int) -> tuple[Array, Array, Array]:
    """An input, the value behind each of its tokens, and how many tokens it has."""
    naming, mixing, drawing = random.split(key, 3)
    names = FIRST + random.permutation(naming, CHAINS * longest).reshape(CHAINS, longest)
    value = random.randint(drawing, (CHAINS,), 0, VALUES)
    owner = mixed(mixing, length, longest)
    is_same = owner[:, None] == owner[None, :]
    place = jnp.tril(is_same, -1).sum(axis=1).clip(0, longest - 1)  # which assignment of its chain
    name = names[owner, place]
    source = jnp.where(place == 0, value[owner], names[owner, place - 1])
    assignments = jnp.stack([name, jnp.full_like(name, EQUALS), source], axis=1).reshape(-1)
    known = jnp.repeat(value[owner], 3)
    end = 3 * CHAINS * length
    question = jnp.array([QUERY, 0]).at[1].set(names[0, length - 1])
    tokens = lax.dynamic_update_slice(jnp.pad(assignments, (0, 2)), question, (end,))
    asked = lax.dynamic_update_slice(jnp.pad(known, (0, 2)), jnp.full(2, value[0]), (end,))
    return tokens, asked, jnp.asarray(end + 2)


def mixed(key: Key, length: Array, longest: int) -> Array:
    """The chain of each assignment, in random order; those after the last count for nothing."""
    number = jnp.arange(CHAINS * longest)
    chance = jnp.where(number < CHAINS * length, random.uniform(key, number.shape), 2.0)
    return (jnp.argsort(chance) // length).clip(0, CHAINS - 1)


def sample_of_the_end(key: Key, length: Array, longest: int) -> Sample:
    """Only the variable at the end is asked for."""
    tokens, value, size = chains(key, length, longest)
    return Sample(tokens, value, jnp.arange(tokens.shape[0]) == size - 1, size, size)


def sample_of_all(key: Key, length: Array, longest: int) -> Sample:
    """The value behind each assignment is asked for where it ends: shorter chains are in the same signal."""
    tokens, value, size = chains(key, length, longest)
    places = jnp.arange(tokens.shape[0])
    return Sample(tokens, value, (places == size - 1) | ((places % 3 == 2) & (places < size)), size, size)


@dataclass(frozen=True)
class Form:
    """A form of the retrieval problem; the fields are those of its tasks."""

    program: str
    room: Callable[[int], int]
    alphabet: Callable[[int], Alphabet]
    labels: Callable[[int], Alphabet]

    def task(self, name: str, summary: str, sample: Sampler) -> Task:
        """A task of this form."""
        return Task(
            name=name,
            summary=summary,
            sample=sample,
            room=self.room,
            alphabet=self.alphabet,
            labels=self.labels,
            program=Program(self.program, "answers"),
            form="label",
            source="Musat 2024",
            family="retrieval",
        )


PLAIN = Form("retrieval/any_length.raspl", room, alphabet, values)

TASKS = (
    PLAIN.task("retrieval", "a variable's value through a chain of assignments", sample_of_the_end),
    PLAIN.task("retrieval-curriculum", "the same, with the value of every assignment on the way asked for, too", sample_of_all),
)
