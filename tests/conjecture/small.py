"""A small task and small recipes that tests share."""

from __future__ import annotations

from dataclasses import replace

from jax import Array, random

from conjecture.alphabet import Alphabet
from conjecture.recipe import Recipe
from conjecture.sample import Sample, continuation, labelled
from conjecture.task_type import Key, Program, Task

SEP, END = -1, -2


def _room(longest: int) -> int:
    return 2 * longest + 2


def _alphabet(longest: int) -> Alphabet:
    return Alphabet.of((SEP, END, 0, 1, 2))


def _copy(key: Key, length: Array, longest: int) -> Sample:
    tokens = random.randint(key, (longest,), 0, 3), length
    return continuation(_room(longest), [tokens, SEP], [tokens, END])


def _same(key: Key, length: Array, longest: int) -> Sample:
    tokens = random.randint(key, (longest,), 0, 3)
    return labelled(tokens, tokens, length)


COPY = Task(
    name="small-copy",
    summary="repeat a few tokens",
    sample=_copy,
    room=_room,
    alphabet=_alphabet,
    program=Program("copy_repeat.raspl"),
    stop=END,
    source="tests",
)
SAME = replace(COPY, name="small-same", sample=_same, room=lambda longest: longest, form="label", stop=None)
BOTH_WAYS = replace(SAME, name="small-both-ways", causal=False)

SMALL = Recipe(lengths=(1, 4), longest=8, layers=1, heads=2, width=8, batch=8, steps=20, check_every=10, checks=16)
