"""Tell of each letter how often it occurs."""

import string

from jax import Array

from conjecture.alphabet import Alphabet
from conjecture.sample import Sample, counts, few_kinds, labelled
from conjecture.task_type import Key, Program, Task

LETTERS = string.ascii_lowercase


def alphabet(longest: int) -> Alphabet:
    return Alphabet.of(LETTERS)


def labels(longest: int) -> Alphabet:
    return Alphabet.of(range(1, longest + 1))


def room(longest: int) -> int:
    return longest


def sample(key: Key, length: Array, longest: int) -> Sample:
    numbers = few_kinds(key, len(LETTERS), length, longest)
    return labelled(ord("a") + numbers, counts(numbers, len(LETTERS), length)[numbers], length)


TASK = Task(
    name="hist",
    summary="tell of each letter how often it occurs",
    sample=sample,
    room=room,
    alphabet=alphabet,
    labels=labels,
    program=Program("histogram.rasp", "histogram"),
    form="label",
    causal=False,
    source="Weiss et al. 2021",
    family="histogram",
)
