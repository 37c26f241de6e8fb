"""A model's outputs on a row of samples: what training and checks need."""

from __future__ import annotations

from typing import TypeAlias

import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int

from conjecture.model.dropout import Dropout
from conjecture.model.encoder_decoder import EncoderDecoder
from conjecture.model.layers import Learned
from conjecture.rows import Rows
from conjecture.task_type import Key

Model: TypeAlias = Learned | EncoderDecoder
"""What can be trained."""


def outputs_on(model: Model, rows: Rows, *, dropout: float = 0.0, key: Key | None = None) -> Float[Array, "rows row outputs"]:
    """The outputs at all places of rows, each row with its own dropout if there is a key."""
    if key is None:
        return jax.vmap(lambda row: _outputs(model, row, Dropout()))(rows)
    keys = jax.random.split(key, rows.ids.shape[0])
    return jax.vmap(lambda row, key: _outputs(model, row, Dropout(dropout, key)))(rows, keys)


def _outputs(model: Model, row: Rows, dropout: Dropout) -> Float[Array, "row outputs"]:
    if isinstance(model, EncoderDecoder):
        return model(row.ids, row.places, row.given, row.owner >= 0, dropout)
    stream = dropout(model.tokens[row.ids] + model.positions[row.places])
    mask = visible(row.owner, model.causal)
    for layer in model.layers:
        memories = layer.attention.remember(stream, row.places)
        stream = stream + dropout(layer.attention(stream, memories, mask, row.places))
        stream = stream + dropout(layer.mlp.added(stream))
    return model.read_out(stream)


def visible(owner: Int[Array, " row"], causal: bool) -> Bool[Array, "row row"]:
    """Which tokens of a row attend to which: those of one sample, and in a causal model none to later ones."""
    mask = owner[:, None] == owner[None, :]
    places = jnp.arange(owner.shape[0])
    return mask & (places[None, :] <= places[:, None]) if causal else mask


def in_precision(model: Model, precision: str) -> Model:
    """The same weights for products in a precision."""
    if precision == "float32":
        return model
    return jax.tree.map(lambda array: array.astype(precision) if jnp.issubdtype(array.dtype, jnp.floating) else array, model)
