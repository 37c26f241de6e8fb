"""A model's outputs on a row of samples: what training and checks need."""

from __future__ import annotations

from typing import TypeAlias

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from conjecture.model.dropout import Dropout
from conjecture.model.encoder_decoder import EncoderDecoder
from conjecture.model.layers import Learned
from conjecture.model.looped import Looped, through
from conjecture.rows import Rows
from conjecture.task_type import Key

Model: TypeAlias = Learned | EncoderDecoder | Looped
"""What can be trained."""


def outputs_on(model: Model, rows: Rows, *, dropout: float = 0.0, key: Key | None = None) -> Float[Array, "rows row outputs"]:
    """The outputs at all places of rows, each row with its own dropout if there is a key."""
    if isinstance(model, Looped):
        return model.outputs(rows, dropout, key)
    if key is None:
        return jax.vmap(lambda row: _outputs(model, row, Dropout()))(rows)
    keys = jax.random.split(key, rows.ids.shape[0])
    return jax.vmap(lambda row, key: _outputs(model, row, Dropout(dropout, key)))(rows, keys)


def _outputs(model: Learned | EncoderDecoder, row: Rows, dropout: Dropout) -> Float[Array, "row outputs"]:
    if isinstance(model, EncoderDecoder):
        return model(row.ids, row.places, row.given, row.owner >= 0, dropout)
    stream = dropout(model.tokens[row.ids] + model.positions[row.places])
    return model.read_out(through(model, stream, row, dropout))


def in_precision(model: Model, precision: str) -> Model:
    """The same weights for products in a precision."""
    if precision == "float32":
        return model
    return jax.tree.map(lambda array: array.astype(precision) if jnp.issubdtype(array.dtype, jnp.floating) else array, model)
