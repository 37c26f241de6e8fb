"""Copy a sequence in which no token occurs twice."""

from jax import Array, random

from conjecture.alphabet import Alphabet
from conjecture.sample import Sample, continuation
from conjecture.task_type import Key, Program, Published, Task

START, SEP, END = -1, -2, -3


def alphabet(longest: int) -> Alphabet:
    return Alphabet.of((START, SEP, END, *range(longest)))


def room(longest: int) -> int:
    return 2 * longest + 3


def sample(key: Key, length: Array, longest: int) -> Sample:
    tokens = random.permutation(key, longest), length
    return continuation(room(longest), [START, tokens, SEP], [tokens, END])


TASK = Task(
    name="copy-unique",
    summary="repeat different tokens",
    sample=sample,
    room=room,
    alphabet=alphabet,
    program=Program("copy.raspl"),
    stop=END,
    source="Zhou et al. 2023; Huang et al. 2024",
    family="copy",
    published=(
        Published("Huang et al. 2024", (1, 50), (51, 100), 99.9, "learned positions, 2 layers, 1 head, width 64"),
        Published("Huang et al. 2024", (1, 50), (101, 150), 98.7, "learned positions, 2 layers, 1 head, width 64"),
        Published("Huang et al. 2024", (1, 50), (51, 100), 18.0, "no positions"),
        Published("Huang et al. 2024", (1, 50), (101, 150), 0.0, "no positions"),
    ),
)
