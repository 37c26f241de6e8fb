"""Samples as training draws them."""

from __future__ import annotations

import jax
import numpy as np

from conjecture.sample import Sample
from conjecture.task_type import Task


def samples(task: Task, lengths: np.ndarray, longest: int) -> Sample:
    """A sample of each length, drawn inside jit; arrays are NumPy's."""

    @jax.jit
    def drawn(keys: jax.Array, lengths: jax.Array) -> Sample:
        return jax.vmap(lambda key, length: task.sample(key, length, longest))(keys, lengths)

    return jax.device_get(drawn(jax.random.split(jax.random.key(0), len(lengths)), lengths))
