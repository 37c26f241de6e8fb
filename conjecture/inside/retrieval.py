"""Which heads of a model for the retrieval problem look how far along a chain.

Musat 2024 reads retrieval heads off attention maps, and finds that they emerge in a fixed order. Here a head's reach is the
weight that it gives, from the end of an assignment, to the end of the assignment that lies so many hops nearer the value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from compiler.passage import Passage
from compiler.transformer import Transformer
from conjecture.drawing import drawer
from conjecture.errors import LabError
from conjecture.tasks.retrieval import FIRST
from conjecture.training.train import Trained

TASKS = ("retrieval", "retrieval-curriculum")
SIZE = 3
"""Tokens of an assignment."""


@dataclass(frozen=True, eq=False)
class Reach:
    """How far heads look, and what is known of how many hops, on the average over samples.

    Attributes:
        weights: of shape (hops, layers, heads): the attention from the end of an assignment, or of the question, to the end of
            that which is 1, 2, … hops nearer the value.
        question: the same from the end of the question alone.
        right: of shape (hops + 1,): how often a value is named right that takes 0, 1, 2, … such looks; an assignment of a value
            takes none, the question takes the most. Where only the end is asked for, what stands before it means nothing.
    """

    weights: np.ndarray
    question: np.ndarray
    right: np.ndarray

    @property
    def strongest(self) -> np.ndarray:
        """The largest weight for each number of hops, over all heads; shape (hops,)."""
        return self.weights.max(axis=(1, 2))


def reach(trained: Trained, *, samples: int = 64, seed: int = 0) -> Reach:
    """How far the heads of a model look along chains of the longest training length.

    Raises:
        LabError: the task is not retrieval through plain chains, or the model is no decoder without loops.
    """
    if trained.task.name not in TASKS:
        raise LabError(f"{trained.task.name} has no chains", hint=f"tasks with chains are {' and '.join(TASKS)}")
    model = trained.model
    if not isinstance(model, Transformer):
        raise LabError("heads are read off a decoder without loops")
    length, longest = trained.recipe.lengths[1], trained.recipe.longest
    draw = drawer(trained.task, longest)
    drawn = [jax.device_get(draw(seed, number, length, length)) for number in range(samples)]
    size = int(drawn[0].length)
    tokens = np.stack([sample.tokens[:size] for sample in drawn])
    ids = jnp.asarray(trained.task.alphabet(longest).ids(jnp.asarray(tokens)))
    passed = _passages(model, ids)
    said = np.asarray(model.read_out(passed.streams[:, -1])).argmax(axis=-1)[:, 1:]
    values = np.array(trained.task.outputs(longest).codes)[said]
    maps = np.stack([np.asarray(found)[:, :, 1:, 1:] for found in passed.maps], axis=1)  # samples, layers, heads, queries, keys
    weights, looks = np.zeros((length, *maps.shape[1:3])), np.zeros(length)
    question = np.zeros_like(weights)
    right, asked = np.zeros(length + 1), np.zeros(length + 1)
    for row, sample in enumerate(drawn):
        for place, behind in chains(tokens[row].tolist()):
            asked[len(behind)] += 1
            right[len(behind)] += values[row, place] == sample.targets[place]
            for hops, end in enumerate(behind):
                weights[hops] += maps[row, :, :, place, end]
                looks[hops] += 1
                if place == size - 1:
                    question[hops] += maps[row, :, :, place, end] / samples
    return Reach(weights / looks[:, None, None], question, right / asked)


@eqx.filter_jit
def _passages(model: Transformer[Any, Any], ids: jax.Array) -> Passage:
    return jax.vmap(lambda row: model.passage(row, jnp.asarray(ids.shape[1])))(ids)


def chains(tokens: Sequence[int]) -> list[tuple[int, tuple[int, ...]]]:
    """Each end of an assignment, and that of the question, with the ends of the assignments behind it, the nearest first.

    Those of an assignment begin with the one that its variable reads; where it reads a value there is none.
    """
    ends: dict[int, tuple[int, ...]] = {}
    found = []
    for place in range(SIZE - 1, len(tokens) - 2, SIZE):
        name, source = tokens[place - 2], tokens[place]
        behind = ends[source] if source >= FIRST else ()
        ends[name] = (place, *behind)
        found.append((place, behind))
    found.append((len(tokens) - 1, ends[tokens[-1]]))
    return found
