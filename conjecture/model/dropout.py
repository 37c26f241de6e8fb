"""Dropout (Srivastava et al. 2014)."""

from __future__ import annotations

from jax import Array, random
from jax import numpy as jnp

from conjecture.task_type import Key


class Dropout:
    """Drops a part of the values it is called with; every call draws anew."""

    def __init__(self, rate: float = 0.0, key: Key | None = None) -> None:
        """Without a key, nothing is dropped."""
        self._rate, self._key, self._calls = rate, key, 0

    def __call__(self, values: Array) -> Array:
        if self._rate == 0 or self._key is None:
            return values
        self._calls += 1
        kept = random.bernoulli(random.fold_in(self._key, self._calls), 1 - self._rate, values.shape)
        return jnp.where(kept, values / (1 - self._rate), 0)
