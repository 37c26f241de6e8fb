"""Add two binary numbers of any lengths."""

import jax.numpy as jnp
from jax import Array, random

from conjecture.alphabet import Alphabet
from conjecture.sample import Sample, backwards, continuation
from conjecture.task_type import Key, Program, Published, Task
from conjecture.tasks.addition import added

START, PLUS, EQUALS, END = -1, -2, -3, -5
SIGNS = 2  # the length counts PLUS and EQUALS, too


def alphabet(longest: int) -> Alphabet:
    return Alphabet.of((START, PLUS, EQUALS, END, 0, 1))


def room(longest: int) -> int:
    return 2 * longest


def sample(key: Key, length: Array, longest: int) -> Sample:
    cut, *numbers = random.split(key, 3)
    size = random.randint(cut, (), 1, length - SIGNS)
    sizes = size, length - SIGNS - size
    left, right = (number(*drawn, longest) for drawn in zip(numbers, sizes, strict=True))
    total = added(left, right, base=2)

    def written(bits: Array, size: Array) -> tuple[Array, Array]:
        return backwards(bits, size), size

    prompt = [START, written(left, sizes[0]), PLUS, written(right, sizes[1]), EQUALS]
    return continuation(room(longest), prompt, [written(total, bit_length(total)), END])


def number(key: Key, size: Array, longest: int) -> Array:
    """Bits of a number from the least significant one on: independent and uniform, but that the first of several is 1."""
    places = jnp.arange(longest)
    leading = (places == size - 1) & (size > 1)
    return jnp.where(places < size, random.bernoulli(key, shape=(longest,)) | leading, 0)


def bit_length(bits: Array) -> Array:
    """How many bits a number is written with; 0 has one."""
    return jnp.where(bits == 1, jnp.arange(bits.shape[0]) + 1, 1).max()


TASK = Task(
    name="addition-binary",
    summary="add two binary numbers of any lengths, most significant bit first",
    sample=sample,
    room=room,
    alphabet=alphabet,
    program=Program("addition_binary.raspl"),
    looks_ahead=True,
    stop=END,
    source="Huang et al. 2024",
    family="addition",
    shortest=1 + SIGNS + 1,
    published=(
        Published("Huang et al. 2024", (1, 50), (51, 100), 26.8, "learned positions, 12 layers, 12 heads, width 768"),
        Published("Huang et al. 2024", (1, 50), (101, 150), 0.0, "learned positions, 12 layers, 12 heads, width 768"),
        Published("Huang et al. 2024", (1, 50), (51, 100), 27.7, "no positions"),
        Published("Huang et al. 2024", (1, 50), (101, 150), 0.0, "no positions"),
    ),
)
