"""Give a sequence in which no token occurs twice backwards."""

from jax import Array, random

from conjecture.alphabet import Alphabet
from conjecture.sample import Sample, backwards, continuation
from conjecture.task_type import Key, Program, Task

START, SEP, END = -1, -2, -3


def alphabet(longest: int) -> Alphabet:
    return Alphabet.of((START, SEP, END, *range(longest)))


def room(longest: int) -> int:
    return 2 * longest + 3


def sample(key: Key, length: Array, longest: int) -> Sample:
    tokens = random.permutation(key, longest)
    return continuation(room(longest), [START, (tokens, length), SEP], [(backwards(tokens, length), length), END])


TASK = Task(
    name="reverse-unique",
    summary="give different tokens from last to first",
    sample=sample,
    room=room,
    alphabet=alphabet,
    program=Program("reverse_unique.raspl"),
    stop=END,
    source="Huang et al. 2024",
    family="reverse",
)
