"""Name the most frequent of 26 letters."""

from jax import Array

from conjecture.alphabet import Alphabet
from conjecture.sample import Sample, continuation, counts, with_a_winner
from conjecture.task_type import Key, Program, Published, Task

SEP, END = -1, -2
LETTERS = 26


def alphabet(longest: int) -> Alphabet:
    return Alphabet.of((SEP, END, *range(LETTERS)))


def room(longest: int) -> int:
    return longest + 3


def sample(key: Key, length: Array, longest: int) -> Sample:
    letters = with_a_winner(key, LETTERS, length, longest)
    winner = counts(letters, LETTERS, length).argmax()
    return continuation(room(longest), [(letters, length), SEP], [winner, END])


TASK = Task(
    name="majority",
    summary="name the most frequent of 26 letters",
    sample=sample,
    room=room,
    alphabet=alphabet,
    program=Program("mode.raspl"),
    stop=END,
    source="Huang et al. 2024",
    family="mode",
    published=(
        Published("Huang et al. 2024", (1, 50), (51, 100), 99.6, "learned positions, 1 layer, 2 heads, width 256"),
        Published("Huang et al. 2024", (1, 50), (101, 150), 97.8, "learned positions, 1 layer, 2 heads, width 256"),
        Published("Huang et al. 2024", (1, 50), (51, 100), 99.9, "no positions"),
        Published("Huang et al. 2024", (1, 50), (101, 150), 98.5, "no positions"),
    ),
)
