"""Sort letters, each of which may occur more than once."""

import string

import jax.numpy as jnp
from jax import Array, random

from conjecture.alphabet import Alphabet
from conjecture.sample import Sample, labelled
from conjecture.task_type import Key, Program, Task

LETTERS = string.ascii_lowercase


def alphabet(longest: int) -> Alphabet:
    return Alphabet.of(LETTERS)


def room(longest: int) -> int:
    return longest


def sample(key: Key, length: Array, longest: int) -> Sample:
    letters = ord("a") + random.randint(key, (longest,), 0, len(LETTERS))
    ascending = jnp.sort(jnp.where(jnp.arange(longest) < length, letters, ord("z") + 1))
    return labelled(letters, ascending, length)


TASK = Task(
    name="sort-bidirectional",
    summary="put letters into ascending order",
    sample=sample,
    room=room,
    alphabet=alphabet,
    program=Program("sort.rasp", "sorted"),
    form="label",
    causal=False,
    source="Weiss et al. 2021",
    family="sort",
)
