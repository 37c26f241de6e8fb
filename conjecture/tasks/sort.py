"""Sort different numbers."""

import jax.numpy as jnp
from jax import Array, random

from conjecture.alphabet import Alphabet
from conjecture.sample import Sample, continuation
from conjecture.task_type import Key, Program, Published, Task

SEP, END = -1, -2


def alphabet(longest: int) -> Alphabet:
    return Alphabet.of((SEP, END, *range(longest)))


def room(longest: int) -> int:
    return 2 * longest + 2


def sample(key: Key, length: Array, longest: int) -> Sample:
    numbers = random.permutation(key, longest)
    ascending = jnp.sort(jnp.where(jnp.arange(longest) < length, numbers, longest))
    return continuation(room(longest), [(numbers, length), SEP], [(ascending, length), END])


TASK = Task(
    name="sort",
    summary="put different numbers into ascending order",
    sample=sample,
    room=room,
    alphabet=alphabet,
    program=Program("sort.raspl"),
    stop=END,
    source="Zhou et al. 2023; Huang et al. 2024",
    family="sort",
    published=(
        Published("Huang et al. 2024", (1, 50), (51, 100), 100.0, "learned positions, 1 layer, 2 heads, width 256"),
        Published("Huang et al. 2024", (1, 50), (101, 150), 99.4, "learned positions, 1 layer, 2 heads, width 256"),
        Published("Huang et al. 2024", (1, 50), (51, 100), 99.8, "no positions"),
        Published("Huang et al. 2024", (1, 50), (101, 150), 80.6, "no positions"),
    ),
)
