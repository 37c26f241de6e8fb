"""Tell whether the number of ones is odd."""

from jax import Array, random

from conjecture.alphabet import Alphabet
from conjecture.sample import Sample, bits_with, continuation
from conjecture.task_type import Key, Program, Published, Task

SEP, END = -1, -2


def alphabet(longest: int) -> Alphabet:
    return Alphabet.of((SEP, END, 0, 1))


def room(longest: int) -> int:
    return longest + 3


def sample(key: Key, length: Array, longest: int) -> Sample:
    number, order = random.split(key)
    ones = random.randint(number, (), 0, length + 1)
    return continuation(room(longest), [(bits_with(order, ones, length, longest), length), SEP], [ones % 2, END])


TASK = Task(
    name="parity",
    summary="tell whether the number of ones is odd",
    sample=sample,
    room=room,
    alphabet=alphabet,
    program=Program("parity.raspl"),
    stop=END,
    source="Zhou et al. 2023; Huang et al. 2024",
    family="parity",
    published=(
        Published("Huang et al. 2024", (1, 50), (51, 100), 83.0, "learned positions, 4 layers, 2 heads, width 256"),
        Published("Huang et al. 2024", (1, 50), (101, 150), 62.1, "learned positions, 4 layers, 2 heads, width 256"),
        Published("Huang et al. 2024", (1, 50), (51, 100), 74.5, "no positions"),
        Published("Huang et al. 2024", (1, 50), (101, 150), 63.3, "no positions"),
    ),
)
