"""Which tokens attend to which."""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array, Bool, Int


def visible(owner: Int[Array, " row"], causal: bool) -> Bool[Array, "row row"]:
    """Which tokens of a row attend to which: those of one sample, and in a causal model none to later ones."""
    mask = owner[:, None] == owner[None, :]
    places = jnp.arange(owner.shape[0])
    return mask & (places[None, :] <= places[:, None]) if causal else mask
