"""Tell of each prefix whether its brackets match."""

import jax.numpy as jnp
from jax import Array, lax, random

from conjecture.alphabet import Alphabet
from conjecture.sample import Sample, labelled
from conjecture.task_type import Key, Program, Task

VERDICTS = "PTF"
"""Not yet balanced, balanced, and wrong whatever follows."""


def dyck(opening: str, closing: str) -> Task:
    """The task for some kinds of brackets."""

    def alphabet(longest: int) -> Alphabet:
        return Alphabet.of(opening + closing)

    def labels(longest: int) -> Alphabet:
        return Alphabet.of(VERDICTS)

    def room(longest: int) -> int:
        return longest

    def sample(key: Key, length: Array, longest: int) -> Sample:
        steps, kind = brackets(key, len(opening), length, longest)
        codes = [jnp.array(list(map(ord, side)))[kind] for side in (opening, closing)]
        return labelled(jnp.where(steps > 0, *codes), jnp.array(list(map(ord, VERDICTS)))[verdicts(steps, kind)], length)

    return Task(
        name=f"dyck-{len(opening)}",
        summary=f"tell of each prefix whether its brackets match: {' '.join(map(''.join, zip(opening, closing, strict=True)))}",
        sample=sample,
        room=room,
        alphabet=alphabet,
        labels=labels,
        program=Program("dyck1.rasp" if len(opening) == 1 else "dyck_k.rasp", f"dyck{len(opening)}"),
        form="label",
        causal=False,
        source="Weiss et al. 2021",
        family="Dyck",
    )


def brackets(key: Key, kinds: int, length: Array, longest: int) -> tuple[Array, Array]:
    """Random brackets: 1 for an opening one and -1 for a closing one, and the kind of each.

    Up to some place all is right: brackets open or close with the same chance, but where none is open one opens, and what closes
    is of the kind that is open. From there on three of four brackets close, of any kind, so that something will be wrong before
    long. The place is uniform up to twice the length: at least half of the inputs are right to the end.
    """
    step, own, place = random.split(key, 3)
    free = jnp.arange(longest) >= random.randint(place, (), 0, 2 * length)
    kind = random.randint(own, (longest,), 0, kinds)
    quarters = random.randint(step, (longest,), 0, 4)
    walk = jnp.cumsum(jnp.where(quarters < 2, 1, -1))
    upwards = jnp.diff(jnp.abs(walk), prepend=0)  # its distance from 0 is a random walk that turns back there
    steps = jnp.where(free, jnp.where(quarters < 1, 1, -1), upwards)
    return steps, jnp.where(free | (steps > 0), kind, kind[partners(steps)])


def verdicts(steps: Array, kind: Array) -> Array:
    """0, 1 or 2 for each prefix: not yet balanced, balanced, wrong."""
    height = jnp.cumsum(steps)
    mismatch = (height < 0) | ((steps < 0) & (kind != kind[partners(steps)]))
    return jnp.where(lax.cummax(mismatch.astype(int)) > 0, 2, jnp.where(height == 0, 1, 0))


def partners(steps: Array) -> Array:
    """Where the bracket stands that each closing one closes; another number at the others."""
    height = jnp.cumsum(steps)
    places = jnp.arange(steps.shape[0])
    opens_it = (steps > 0) & (height == height[:, None] + 1) & (places < places[:, None])
    return jnp.where(opens_it, places, -1).max(axis=1)


TASKS = (dyck("(", ")"), dyck("({", ")}"))
