"""Count from one number to another."""

import jax.numpy as jnp
from jax import Array, random

from conjecture.alphabet import Alphabet
from conjecture.sample import Sample, continuation
from conjecture.task_type import Key, Program, Task

START, END = -1, -2


def alphabet(longest: int) -> Alphabet:
    return Alphabet.of((START, END, *range(longest)))


def room(longest: int) -> int:
    return longest + 4


def sample(key: Key, length: Array, longest: int) -> Sample:
    first = random.randint(key, (), 0, longest - length + 1)  # anywhere, so that short samples show all numbers
    numbers = first + jnp.arange(longest), length
    return continuation(room(longest), [START, first, first + length - 1], [numbers, END])


TASK = Task(
    name="count",
    summary="count from one number to another",
    sample=sample,
    room=room,
    alphabet=alphabet,
    program=Program("count.raspl"),
    stop=END,
    source="Zhou et al. 2023",
)
