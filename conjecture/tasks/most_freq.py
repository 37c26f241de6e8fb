"""List the different letters, the most frequent first."""

import string

import jax.numpy as jnp
from jax import Array

from conjecture.alphabet import Alphabet
from conjecture.sample import Sample, counts, few_kinds, labelled
from conjecture.task_type import Key, Program, Task

NONE = "-"
LETTERS = string.ascii_lowercase


def alphabet(longest: int) -> Alphabet:
    return Alphabet.of(LETTERS)


def labels(longest: int) -> Alphabet:
    return Alphabet.of(LETTERS + NONE)


def room(longest: int) -> int:
    return longest


def sample(key: Key, length: Array, longest: int) -> Sample:
    numbers = few_kinds(key, len(LETTERS), length, longest)
    by_letter = counts(numbers, len(LETTERS), length)
    first = (numbers[:, None] == jnp.arange(len(LETTERS))).argmax(axis=0)
    order = jnp.argsort(first - longest * by_letter)  # of equally frequent letters, the one that is seen first
    places = jnp.arange(longest)
    listed = jnp.where(places < (by_letter > 0).sum(), ord("a") + order[places.clip(0, len(LETTERS) - 1)], ord(NONE))
    return labelled(ord("a") + numbers, listed, length)


TASK = Task(
    name="most-freq",
    summary="list the different letters, the most frequent first",
    sample=sample,
    room=room,
    alphabet=alphabet,
    labels=labels,
    program=Program("most_frequent_first.rasp", "most_frequent_first"),
    form="label",
    causal=False,
    source="Weiss et al. 2021",
    family="histogram",
)
