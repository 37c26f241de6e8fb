"""Copy a sequence of bits."""

from jax import Array, random

from conjecture.alphabet import Alphabet
from conjecture.sample import Sample, continuation
from conjecture.task_type import Key, Program, Published, Task

START, SEP, END = -1, -2, -3


def alphabet(longest: int) -> Alphabet:
    return Alphabet.of((START, SEP, END, 0, 1))


def room(longest: int) -> int:
    return 2 * longest + 3


def sample(key: Key, length: Array, longest: int) -> Sample:
    bits = random.randint(key, (longest,), 0, 2), length
    return continuation(room(longest), [START, bits, SEP], [bits, END])


TASK = Task(
    name="copy-repeat",
    summary="repeat bits",
    sample=sample,
    room=room,
    alphabet=alphabet,
    program=Program("copy_repeat.raspl"),
    stop=END,
    source="Zhou et al. 2023; Huang et al. 2024",
    family="copy",
    published=(
        Published("Huang et al. 2024", (1, 50), (51, 100), 25.6, "learned positions, 4 layers, 4 heads, width 256"),
        Published("Huang et al. 2024", (1, 50), (101, 150), 0.0, "learned positions, 4 layers, 4 heads, width 256"),
        Published("Huang et al. 2024", (1, 50), (51, 100), 28.0, "no positions"),
        Published("Huang et al. 2024", (1, 50), (101, 150), 0.0, "no positions"),
    ),
)
