"""Samples one by one, on the host: for what looks at a few of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import jax
from jax import Array, random

from conjecture.sample import Sample
from conjecture.task_type import Task


@cache
def drawer(task: Task, longest: int) -> Callable[[int, int, int, int], Sample]:
    """Draws a sample of a length between two; the first numbers are a seed and which of its samples is wanted."""

    def draw(seed: Array, number: Array, low: Array, high: Array) -> Sample:
        length, sample = random.split(random.fold_in(random.key(seed), number))
        return task.sample(sample, random.randint(length, (), low, high + 1), longest)

    # To make it fast takes longer than to draw a few samples.
    return jax.jit(draw, compiler_options={"xla_backend_optimization_level": 0})
