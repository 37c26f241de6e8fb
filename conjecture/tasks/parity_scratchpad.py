"""Tell whether the number of ones is odd after writing down the parity at each of them."""

import jax.numpy as jnp
from jax import Array, random

from conjecture.alphabet import Alphabet
from conjecture.sample import Sample, bits_with, continuation
from conjecture.task_type import Key, Program, Task

EQUALS, RESULT, END = -3, -4, -5
GREATEST_HINT = -100


def alphabet(longest: int) -> Alphabet:
    return Alphabet.of((EQUALS, RESULT, END, 0, 1, *range(GREATEST_HINT, GREATEST_HINT - longest, -1)))


def room(longest: int) -> int:
    return 4 * longest + 4


def sample(key: Key, length: Array, longest: int) -> Sample:
    number, order, hint = random.split(key, 3)
    ones = random.randint(number, (), 0, length + 1)
    bits = bits_with(order, ones, length, longest)
    first = GREATEST_HINT - random.randint(hint, (), 0, longest - length + 1)  # anywhere, so that short samples show all hints
    hints = first - jnp.arange(longest)
    chosen = jnp.argsort(1 - bits)  # the ones from left to right
    prompt = jnp.stack([hints, bits], axis=1).reshape(-1), 2 * length
    scratchpad = jnp.stack([hints, jnp.cumsum(bits) % 2], axis=1)[chosen].reshape(-1), 2 * ones
    return continuation(room(longest), [prompt, EQUALS], [scratchpad, RESULT, ones % 2, END])


TASK = Task(
    name="parity-scratchpad",
    summary="write down the parity at each one, and tell the last",
    sample=sample,
    room=room,
    alphabet=alphabet,
    program=Program("parity_scratchpad.raspl"),
    stop=END,
    source="Zhou et al. 2023",
    family="parity",
)
