"""A key/value cache that is searched, beside one that is scored whole: time for one token of one head that looks up.

    python benchmarks/hull_cache.py [--contexts N …]

A head that looks up by places on a parabola (``compiler/gadgets/parabola.py``) has two-dimensional keys, all of them corners of
their convex hull, so that the best key for a query is found by binary search in the keys sorted by place. Three caches, each in
one compiled loop that adds a key and answers a query at every step:

- *scored*: what the models do. Scores of all keys, softmax, average of the values.
- *searched*: keys sorted by place; a new one is put where it belongs, which moves those behind it; binary search for a query.
- *searched, in order*: the same where keys come in ascending order, as positions do, and nothing is moved.

Prints Markdown: microseconds a token.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from benchmarks.stages import median_seconds
from benchmarks.tables import table

CONTEXTS = (256, 1_024, 4_096, 16_384, 65_536)
STEPS = 128
EXACT = 2_048
"""Beyond so many places the scores of a parabola are too large for float32, so that the answers are only timed."""
GAP = 256.0

Cache = tuple[jax.Array, jax.Array]
"""Places and values, of shape (context,)."""


def scored(cache: Cache, count: jax.Array, place: jax.Array, query: jax.Array) -> tuple[Cache, jax.Array]:
    places, values = cache[0].at[count].set(place), cache[1].at[count].set(place + 1)
    keys = jnp.stack([places, places**2], axis=1)
    scores = jnp.where(jnp.arange(len(places)) <= count, (keys @ jnp.stack([2 * query, -1.0]) - query**2) * GAP, -jnp.inf)
    return (places, values), jax.nn.softmax(scores) @ values


def searched(cache: Cache, count: jax.Array, place: jax.Array, query: jax.Array) -> tuple[Cache, jax.Array]:
    at = jnp.searchsorted(cache[0], place)
    slots = jnp.arange(len(cache[0]))

    def inserted(array: jax.Array, new: jax.Array) -> jax.Array:
        return jnp.where(slots < at, array, jnp.roll(array, 1).at[at].set(new))

    after = inserted(cache[0], place), inserted(cache[1], place + 1)
    return after, after[1][jnp.searchsorted(after[0], query)]


def in_order(cache: Cache, count: jax.Array, place: jax.Array, query: jax.Array) -> tuple[Cache, jax.Array]:
    after = cache[0].at[count].set(place), cache[1].at[count].set(place + 1)
    return after, after[1][jnp.searchsorted(after[0], query)]


Step = Callable[[Cache, jax.Array, jax.Array, jax.Array], tuple[Cache, jax.Array]]


@partial(jax.jit, static_argnums=0)
def run(step: Step, cache: Cache, first: jax.Array, places: jax.Array, queries: jax.Array) -> tuple[Cache, jax.Array]:
    """Add the places one after the other, and answer a query after each."""

    def body(state: tuple[Cache, jax.Array], given: tuple[jax.Array, jax.Array]) -> tuple[tuple[Cache, jax.Array], jax.Array]:
        cache, count = state
        cache, found = step(cache, count, *given)
        return (cache, count + 1), found

    (cache, _), found = lax.scan(body, (cache, first), (places, queries))
    return cache, found


def microseconds(name: str, step: Step, context: int) -> float:
    """A token's time when the cache is nearly full; the answers are checked."""
    draw = np.random.default_rng(1)
    places = np.arange(context, dtype=np.float32)
    if name != "searched, in order":
        places = draw.permutation(places)
    first = context - STEPS
    old = np.full(context, np.inf if name.startswith("searched") else 0, np.float32)
    old[:first] = np.sort(places[:first]) if name == "searched" else places[:first]
    values = np.where(np.isfinite(old), old + 1, 0).astype(np.float32)
    queries = places[draw.integers(0, first, STEPS)]
    given = (jnp.asarray(old), jnp.asarray(values)), jnp.array(first), jnp.asarray(places[first:]), jnp.asarray(queries)
    with jax.default_matmul_precision("highest"):
        found = np.asarray(run(step, *given)[1])
        if step is not scored or context <= EXACT:
            assert np.array_equal(found, queries + 1)
        return 1e6 * median_seconds(lambda: jax.block_until_ready(run(step, *given)), 9) / STEPS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contexts", nargs="+", type=int, default=CONTEXTS, metavar="N")
    contexts = parser.parse_args().contexts
    caches: dict[str, Step] = {"scored": scored, "searched": searched, "searched, in order": in_order}
    rows = ([name, *(microseconds(name, step, context) for context in contexts)] for name, step in caches.items())
    print(table(["cache", *(f"{context:,} keys" for context in contexts)], rows))


if __name__ == "__main__":
    main()
