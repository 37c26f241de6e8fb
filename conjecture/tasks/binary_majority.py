"""Tell whether there are more ones or more zeros."""

from jax import Array

from conjecture.alphabet import Alphabet
from conjecture.sample import Sample, continuation, counts, uneven_bits
from conjecture.task_type import Key, Program, Published, Task

SEP, END = -1, -2


def alphabet(longest: int) -> Alphabet:
    return Alphabet.of((SEP, END, 0, 1))


def room(longest: int) -> int:
    return longest + 3


def sample(key: Key, length: Array, longest: int) -> Sample:
    bits = uneven_bits(key, length, longest)
    return continuation(room(longest), [(bits, length), SEP], [counts(bits, 2, length).argmax(), END])


TASK = Task(
    name="binary-majority",
    summary="tell whether there are more ones or more zeros",
    sample=sample,
    room=room,
    alphabet=alphabet,
    program=Program("binary_majority.raspl"),
    stop=END,
    source="Huang et al. 2024",
    family="binary majority",
    published=(
        Published("Huang et al. 2024", (1, 50), (51, 100), 100.0, "learned positions, 1 layer, 1 head, width 16"),
        Published("Huang et al. 2024", (1, 50), (101, 150), 100.0, "learned positions, 1 layer, 1 head, width 16"),
        Published("Huang et al. 2024", (1, 50), (51, 100), 100.0, "no positions"),
        Published("Huang et al. 2024", (1, 50), (101, 150), 100.0, "no positions"),
    ),
)
