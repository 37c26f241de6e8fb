"""Tell of each letter how many letters occur as often."""

import string

from jax import Array

from conjecture.alphabet import Alphabet
from conjecture.sample import Sample, counts, few_kinds, labelled
from conjecture.task_type import Key, Program, Task

LETTERS = string.ascii_lowercase


def alphabet(longest: int) -> Alphabet:
    return Alphabet.of(LETTERS)


def labels(longest: int) -> Alphabet:
    return Alphabet.of(range(1, min(longest, len(LETTERS)) + 1))


def room(longest: int) -> int:
    return longest


def sample(key: Key, length: Array, longest: int) -> Sample:
    numbers = few_kinds(key, len(LETTERS), length, longest)
    by_letter = counts(numbers, len(LETTERS), length)
    by_count = (by_letter == by_letter[:, None]).sum(axis=1)
    return labelled(ord("a") + numbers, by_count[numbers], length)


TASK = Task(
    name="double-hist",
    summary="tell of each letter how many different letters occur as often",
    sample=sample,
    room=room,
    alphabet=alphabet,
    labels=labels,
    program=Program("double_histogram.rasp", "double_histogram"),
    form="label",
    causal=False,
    source="Weiss et al. 2021",
    family="histogram",
)
