"""Follow a path through a graph: which assignment of a variable counts depends on a condition, anew in each hop.

The conditional form of the retrieval problem (Musat 2024); the layout of tokens is a choice. The length is the number of hops.
There are as many levels, each of two variables, and each variable has an assignment for each of two conditions: to variables of
the level before it, or to values in the first. The question names a variable of the last level and a condition for each hop.
"""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array, lax, random

from conjecture.alphabet import Alphabet
from conjecture.sample import Sample
from conjecture.task_type import Key
from conjecture.tasks.retrieval import EQUALS, FIRST, QUERY, VALUES, Form

NO, YES = -3, -4
WIDE = 2
"""Variables of a level, and assignments of a variable."""
EDGES = WIDE * WIDE
SIZE = 4
"""Tokens of an assignment."""


def alphabet(longest: int) -> Alphabet:
    return Alphabet.of((*range(VALUES), *range(FIRST, FIRST + WIDE * longest), EQUALS, QUERY, NO, YES))


def room(longest: int) -> int:
    return EDGES * SIZE * longest + 2 + longest


def labels(longest: int) -> Alphabet:
    return Alphabet.of((*range(VALUES), *range(FIRST, FIRST + WIDE * longest)))


def graph(key: Key, length: Array, longest: int) -> tuple[Array, Array, Array]:
    """A question, what is reached at each of its tokens, and how many tokens it has; all but the hops reach nothing."""
    naming, drawing, shuffling, starting, choosing = random.split(key, 5)
    names = FIRST + random.permutation(naming, WIDE * longest).reshape(longest, WIDE)
    # The ends of all assignments: at each level, of each variable, in each case.
    value = random.randint(drawing, (WIDE, WIDE), 0, VALUES)
    further = random.randint(drawing, (longest, WIDE, WIDE), 0, WIDE)
    to_names = jnp.take_along_axis(jnp.roll(names, 1, axis=0)[:, None, :], further, axis=2)
    ends = to_names.at[0].set(value)
    order = random.permutation(shuffling, jnp.tile(jnp.arange(EDGES), (longest, 1)), axis=1, independent=True)
    variable, case = order // WIDE, order % WIDE
    level = jnp.arange(longest)[:, None]
    parts = (names[level, variable], jnp.where(case == 1, YES, NO), jnp.full_like(order, EQUALS), ends[level, variable, case])
    assignments = jnp.stack(parts, axis=-1).reshape(-1)

    start = random.randint(starting, (), 0, WIDE)
    cases = random.randint(choosing, (longest,), 0, WIDE)

    def hop(at: tuple[Array, Array], case: Array) -> tuple[tuple[Array, Array], Array]:
        level, variable = at
        return (level - 1, further[level, variable, case]), ends[level, variable, case]

    _, reached = lax.scan(hop, (length - 1, start), cases)
    end = EDGES * SIZE * length
    question = jnp.concatenate([jnp.array([QUERY, 0]).at[1].set(names[length - 1, start]), jnp.where(cases == 1, YES, NO)])
    tokens = lax.dynamic_update_slice(jnp.pad(assignments, (0, 2 + longest)), question, (end,))
    found = lax.dynamic_update_slice(jnp.zeros_like(tokens), jnp.pad(reached, (2, 0)), (end,))
    return tokens, found, end + 2 + length


def sample_of_the_end(key: Key, length: Array, longest: int) -> Sample:
    """Only the value at the end of the path is asked for."""
    tokens, reached, size = graph(key, length, longest)
    return Sample(tokens, reached, jnp.arange(tokens.shape[0]) == size - 1, size, size)


def sample_of_all(key: Key, length: Array, longest: int) -> Sample:
    """What is reached after each hop is asked for: shorter paths are in the same signal."""
    tokens, reached, size = graph(key, length, longest)
    places = jnp.arange(tokens.shape[0])
    return Sample(tokens, reached, (places >= size - length) & (places < size), size, size)


CONDITIONAL = Form("retrieval/conditional.raspl", room, alphabet, labels)

TASKS = (
    CONDITIONAL.task("retrieval-conditional", "the value at the end of a path through a graph", sample_of_the_end),
    CONDITIONAL.task("retrieval-conditional-curriculum", "the same, with what each hop reaches asked for, too", sample_of_all),
)
