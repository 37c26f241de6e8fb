"""What training makes small: cross-entropy where something is asked."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from conjecture.model.forward import Model, in_precision, outputs_on
from conjecture.recipe import Recipe
from conjecture.rows import Rows
from conjecture.task_type import Key


def loss_of(model: Model, rows: Rows, recipe: Recipe, key: Key) -> Float[Array, ""]:
    """The mean cross-entropy, in nats a token asked for, with smoothed labels (Szegedy et al. 2016) if the recipe has it so."""
    outputs = outputs_on(in_precision(model, recipe.precision), rows, dropout=recipe.dropout, key=key)
    scores = jax.nn.log_softmax(outputs.astype(jnp.float32))
    right = jnp.take_along_axis(scores, rows.targets[..., None], axis=-1)[..., 0]
    smooth = recipe.label_smoothing
    each = right if smooth == 0 else (1 - smooth) * right + smooth * scores.mean(axis=-1)
    return -jnp.where(rows.asked, each, 0).sum() / rows.asked.sum().clip(1)
