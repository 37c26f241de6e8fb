"""What the inputs of generated tasks hold."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import jax
import jax.numpy as jnp
import numpy as np

from conjecture.generated.arrays import Batch

SIZES = (4, 6, 8, 10)
SKEWS = (0.0, 0.5, 1.0)
"""Exponents of Zipf's law; with 0 all tokens are as frequent."""


@dataclass(frozen=True)
class Distribution:
    """Tokens 0, 1, … drawn independently.

    Attributes:
        weights: how frequent each is, as fractions.
    """

    weights: tuple[float, ...]

    @staticmethod
    def drawn(random: Random) -> Distribution:
        """A number of tokens, and how frequent they are."""
        size, skew = random.choice(SIZES), random.choice(SKEWS)
        ranks = random.sample(range(1, size + 1), size)
        parts = [rank**-skew for rank in ranks]
        return Distribution(tuple(part / sum(parts) for part in parts))

    @staticmethod
    def even(size: int) -> Distribution:
        """All tokens as frequent."""
        return Distribution((1 / size,) * size)

    @property
    def size(self) -> int:
        """How many tokens there are."""
        return len(self.weights)

    def batch(self, seed: int, inputs: int, length: int) -> Batch:
        """Inputs of one length."""
        return np.random.default_rng(seed).choice(self.size, (inputs, length), p=self.weights).astype(np.int32)

    def __call__(self, key: jax.Array, length: jax.Array, longest: int) -> jax.Array:
        """One input, in room for the longest; runs inside jit."""
        return jax.random.categorical(key, jnp.log(jnp.array(self.weights)), shape=(longest,))
