"""Count from one number to another."""

import jax.numpy as jnp
from jax import Array, random

from conjecture.alphabet import Alphabet
from conjecture.sample import Sample, continuation
from conjecture.task_type import Key, Program, Task

START, END = -1, -2


def alphabet(longest: int) -> Alphabet:
    return Alphabet.of((START, END, *numbers(longest)))


def numbers(longest: int) -> range:
    """Twice as many as are ever counted, so that the longest samples begin anywhere, too."""
    return range(2 * longest)


def room(longest: int) -> int:
    return longest + 4


def sample(key: Key, length: Array, longest: int) -> Sample:
    first = random.randint(key, (), 0, len(numbers(longest)) - length + 1)  # anywhere: short samples show all numbers
    counted = first + jnp.arange(longest), length
    return continuation(room(longest), [START, first, first + length - 1], [counted, END])


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
