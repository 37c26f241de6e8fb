"""Give letters backwards."""

import string

from jax import Array, random

from conjecture.alphabet import Alphabet
from conjecture.sample import Sample, backwards, labelled
from conjecture.task_type import Key, Program, Task

LETTERS = string.ascii_lowercase


def alphabet(longest: int) -> Alphabet:
    return Alphabet.of(LETTERS)


def room(longest: int) -> int:
    return longest


def sample(key: Key, length: Array, longest: int) -> Sample:
    letters = ord("a") + random.randint(key, (longest,), 0, len(LETTERS))
    return labelled(letters, backwards(letters, length), length)


TASK = Task(
    name="reverse",
    summary="give letters from last to first",
    sample=sample,
    room=room,
    alphabet=alphabet,
    program=Program("reverse.rasp", "reverse"),
    form="label",
    causal=False,
    source="Weiss et al. 2021",
    family="reverse",
)
