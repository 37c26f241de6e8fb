"""Tell whether there are more ones or more zeros in each of three sequences that take turns."""

import jax
from jax import Array, random

from conjecture.alphabet import Alphabet
from conjecture.sample import Sample, continuation, counts, uneven_bits
from conjecture.task_type import Key, Program, Published, Task

SEP, END = -1, -2
PERIOD = 3


def alphabet(longest: int) -> Alphabet:
    return Alphabet.of((SEP, END, 0, 1))


def room(longest: int) -> int:
    return longest + 2 + PERIOD


def sample(key: Key, length: Array, longest: int) -> Sample:
    each = length // PERIOD  # the length counts the bits of all three; rounded down, none is longer than asked
    turns = jax.vmap(lambda key: uneven_bits(key, each, longest // PERIOD))(random.split(key, PERIOD))
    majorities = jax.vmap(lambda bits: counts(bits, 2, each).argmax())(turns)
    return continuation(room(longest), [(turns.T.reshape(-1), PERIOD * each), SEP], [(majorities, PERIOD), END])


TASK = Task(
    name="binary-majority-interleaved",
    summary="tell whether there are more ones or more zeros in each of three sequences that take turns",
    sample=sample,
    room=room,
    alphabet=alphabet,
    program=Program("interleaved_majority.raspl"),
    stop=END,
    source="Huang et al. 2024",
    family="binary majority",
    shortest=PERIOD,
    published=(
        Published("Huang et al. 2024", (1, 50), (51, 100), 96.8, "learned positions, 2 layers, 4 heads, width 256"),
        Published("Huang et al. 2024", (1, 50), (101, 150), 84.7, "learned positions, 2 layers, 4 heads, width 256"),
        Published("Huang et al. 2024", (1, 50), (51, 100), 68.8, "no positions"),
        Published("Huang et al. 2024", (1, 50), (101, 150), 39.5, "no positions"),
    ),
)
