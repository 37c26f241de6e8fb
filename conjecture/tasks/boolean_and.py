"""Tell whether all bits are 1."""

import jax.numpy as jnp
from jax import Array, random

from conjecture.alphabet import Alphabet
from conjecture.sample import Sample, continuation
from conjecture.task_type import Key, Program, Task

SEP, END = -1, -2


def alphabet(longest: int) -> Alphabet:
    return Alphabet.of((SEP, END, 0, 1))


def room(longest: int) -> int:
    return longest + 3


def sample(key: Key, length: Array, longest: int) -> Sample:
    which, place = random.split(key)
    answer = random.randint(which, (), 0, 2)  # half of the samples have a single 0
    bits = jnp.where(jnp.arange(longest) == random.randint(place, (), 0, length), answer, 1)
    return continuation(room(longest), [(bits, length), SEP], [answer, END])


TASK = Task(
    name="boolean-and",
    summary="tell whether all bits are 1",
    sample=sample,
    room=room,
    alphabet=alphabet,
    program=Program("boolean_and.raspl"),
    stop=END,
    source="Zhou et al. 2023",
)
