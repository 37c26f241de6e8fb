"""Copy a sequence in which no two neighbours occur twice."""

import jax.numpy as jnp
from jax import Array, lax, random

from conjecture.alphabet import Alphabet
from conjecture.errors import LabError
from conjecture.sample import Sample, continuation
from conjecture.task_type import Key, Program, Task

START, SEP, END = -1, -2, -3
NUMBERS = 10


def alphabet(longest: int) -> Alphabet:
    return Alphabet.of((START, SEP, END, *range(NUMBERS)))


def room(longest: int) -> int:
    if longest > NUMBERS**2 + 1:
        raise LabError(f"copy-bigrams has samples up to a length of {NUMBERS**2 + 1}, not {longest}")
    return 2 * longest + 3


def sample(key: Key, length: Array, longest: int) -> Sample:
    numbers = circuit(key, longest), length
    return continuation(room(longest), [START, numbers, SEP], [numbers, END])


def circuit(key: Key, steps: int) -> Array:
    """The beginning of a random walk that goes once from each number to each, itself included.

    Each number has its successors in an order of its own, and is left for the next of them whenever it is visited. Such a walk
    goes everywhere if the last successors form a tree whose root is where it begins (van Aardenne-Ehrenfest and de Bruijn 1951).
    Here the tree grows from the root in random order, each number below any of those before it; the orders are otherwise uniform.
    """
    growing, above, order = random.split(key, 3)
    grown = random.permutation(growing, NUMBERS)
    parents = grown[random.randint(above, (NUMBERS - 1,), 0, jnp.arange(1, NUMBERS))]
    chances = random.uniform(order, (NUMBERS, NUMBERS)).at[grown[1:], parents].set(1.0)
    successors = jnp.argsort(chances, axis=1)

    def step(state: tuple[Array, Array], _: None) -> tuple[tuple[Array, Array], Array]:
        number, visits = state
        return (successors[number, visits[number] % NUMBERS], visits.at[number].add(1)), number

    return lax.scan(step, (grown[0], jnp.zeros(NUMBERS, int)), length=steps)[1]


TASK = Task(
    name="copy-bigrams",
    summary="repeat tokens that occur more than once, no two neighbours of which do",
    sample=sample,
    room=room,
    alphabet=alphabet,
    program=Program("copy_bigrams.raspl"),
    stop=END,
    source="Huang et al. 2024",
    family="copy",
)
