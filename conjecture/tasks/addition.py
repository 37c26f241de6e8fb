"""Add two decimal numbers of equally many digits, with a zero before each."""

from itertools import product

import jax.numpy as jnp
from jax import Array, lax, random

from conjecture.alphabet import Alphabet
from conjecture.sample import Sample, backwards, continuation
from conjecture.task_type import Key, Program, Task

START, PLUS, EQUALS, END = -1, -2, -3, -5
GREATEST_HINT = -100


def addition(direction: str, hinted: bool, balanced: bool) -> Task:
    """One of the eight tasks.

    Args:
        direction: whether the digits of the sum are given "forward", from the most significant one on, or "reversed".
        hinted: whether a hint that names its place stands before each digit.
        balanced: whether the longest carry is uniform, as ``balanced_digits`` says; otherwise each digit is.
    """
    by_digit = 2 if hinted else 1

    def alphabet(longest: int) -> Alphabet:
        hints = range(GREATEST_HINT, GREATEST_HINT - longest - 1, -1) if hinted else ()
        return Alphabet.of((START, PLUS, EQUALS, END, *range(10), *hints))

    def room(longest: int) -> int:
        return 3 * by_digit * (longest + 1) + 4

    def sample(key: Key, length: Array, longest: int) -> Sample:
        places = jnp.arange(longest + 1)  # from the least significant one on
        key, hint = random.split(key)
        first = GREATEST_HINT - random.randint(
            hint, (), 0, longest - length + 1
        )  # anywhere, so that short samples show all hints
        digits = balanced_digits(key, length, longest) if balanced else random.randint(key, (2, longest + 1), 0, 10)
        left, right = jnp.where(places < length, digits, 0)

        def written(digits: Array, forward: bool) -> tuple[Array, Array]:
            tokens = jnp.stack([first - (length - places), digits], axis=1) if hinted else digits[:, None]
            tokens = backwards(tokens, length + 1) if forward else tokens
            return tokens.reshape(-1), by_digit * (length + 1)

        prompt = [START, written(left, True), PLUS, written(right, True), EQUALS]
        return continuation(room(longest), prompt, [written(added(left, right), direction == "forward"), END])

    return Task(
        name="-".join(["addition", direction, *["hinted"] * hinted, *["balanced"] * balanced]),
        summary=f"add two decimal numbers, the sum {direction}, {'with' if hinted else 'without'} index hints"
        + ", long carries as often as short ones" * balanced,
        sample=sample,
        room=room,
        alphabet=alphabet,
        program=Program(f"addition_{direction}.raspl" if hinted else f"addition_plain_{direction}.raspl"),
        stop=END,
        source="Zhou et al. 2023",
        family="addition",
    )


def added(left: Array, right: Array, base: int = 10) -> Array:
    """The digits of a sum. All digits are from the least significant one on."""
    sums = left + right
    places = jnp.arange(sums.shape[0])
    # Where the sum of a column is base - 1 it passes on the carry that it gets. So a carry comes from the nearest one that is
    # not 9.
    nearest = lax.cummax(jnp.where(sums == base - 1, -1, places))
    carries = (nearest >= 0) & (sums[nearest] >= base)
    return (sums + jnp.roll(carries, 1).at[0].set(False)) % base


def balanced_digits(key: Key, length: Array, longest: int) -> Array:
    """Digits of two numbers, from the least significant one on, such that the length of the longest carry is uniform from 0 on.

    The length of a carry is the number of columns that it leaves: one column with a sum above 9, and those behind it whose sum is
    9. Apart from one carry of the drawn length, at any place, the digits are independent and uniform, but in a column that a
    longer carry would leave: its sum is below 9.
    """
    kinds, pairs, carry, place = random.split(key, 4)
    places = jnp.arange(longest + 1)
    most = random.randint(carry, (), 0, length + 1)
    start = random.randint(place, (), 0, length - most + 1)

    # The kinds of column are as frequent as with uniform digits.
    kind = random.randint(kinds, (longest + 1,), 0, 20)
    within = (places >= start) & (places < start + most)
    passes = jnp.where(within, places > start, kind < 2)
    gives = jnp.where(within, places == start, ~passes & (kind < 11))

    # How many columns a carry has left with this one.
    nearest = lax.cummax(jnp.where(passes, -1, places))
    left = jnp.where(gives[nearest] & (nearest >= 0), places - nearest + 1, 0)
    absorbs = (~passes & ~gives) | (left == most + 1)

    # The pairs with a sum of at most 8, and those with at least 9 and no first digit 9, are mirror images.
    first, second = random.randint(pairs, (2, longest + 1), 0, jnp.array([[9], [10]]))
    low = jnp.where(first + second < 9, jnp.stack([first, second]), jnp.stack([8 - first, 9 - second]))
    nines = jnp.stack([second, 9 - second])
    return jnp.where(absorbs, low, jnp.where(passes, nines, 9 - low))


TASKS = tuple(addition(*kind) for kind in product(("forward", "reversed"), (False, True), (False, True)))
