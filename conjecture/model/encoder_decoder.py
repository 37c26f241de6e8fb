"""An encoder that reads the prompt in both directions, and a decoder that continues it (Vaswani et al. 2017).

Both see the whole row. The encoder's keys are those of the prompt. The decoder's own keys are those from the end of the prompt
on, so that it starts from the prompt's last token; it reads the encoder at every position. Norms stand before the layers.
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int

from compiler.transformer import Memory
from conjecture.model.dropout import Dropout
from conjecture.model.layers import LearnedAttention, LearnedLayer, LearnedMLP, Norm


class DecoderLayer(eqx.Module):
    """Attention to the answer so far, attention to what the encoder read, MLP."""

    attention: LearnedAttention
    cross: LearnedAttention
    mlp: LearnedMLP


class EncoderDecoder(eqx.Module):
    """The whole model; BOS is the last id. Token embeddings and positions serve both sides."""

    tokens: Float[Array, "vocab model"]
    positions: Float[Array, "context model"]
    encoder: tuple[LearnedLayer, ...]
    encoder_norm: Norm
    decoder: tuple[DecoderLayer, ...]
    unembedding: Float[Array, "model outputs"]
    unembedding_bias: Float[Array, " outputs"]
    norm: Norm

    def __call__(
        self,
        ids: Int[Array, " row"],
        places: Int[Array, " row"],
        given: Bool[Array, " row"],
        inside: Bool[Array, " row"],
        dropout: Dropout,
    ) -> Float[Array, "row outputs"]:
        """The outputs at every position; those from the last of the prompt on mean something.

        Args:
            ids: BOS, prompt, and the answer so far.
            places: their positions.
            given: which of them are BOS and the prompt.
            inside: which of them are no padding.
        """
        embedded = dropout(self.tokens[ids] + self.positions[places])
        read = self._encoded(embedded, places, jnp.broadcast_to(given, (ids.shape[0], ids.shape[0])), dropout)
        order = jnp.arange(ids.shape[0])
        last_given = jnp.append(~given[1:], True) & given
        own = (order[None, :] <= order[:, None]) & ((inside & ~given) | last_given)[None, :]
        own = own | (order[None, :] == order[:, None])  # every row of a softmax needs a key, also where nothing is asked
        stream = embedded
        for layer in self.decoder:
            stream = stream + dropout(layer.attention(stream, layer.attention.remember(stream, places), own, places))
            stream = stream + dropout(self._crossed(layer.cross, stream, read, given, places))
            stream = stream + dropout(layer.mlp.added(stream))
        return self.norm(stream) @ self.unembedding + self.unembedding_bias

    def _encoded(self, stream: Array, places: Array, mask: Array, dropout: Dropout) -> Array:
        for layer in self.encoder:
            stream = stream + dropout(layer.attention(stream, layer.attention.remember(stream, places), mask, places))
            stream = stream + dropout(layer.mlp.added(stream))
        return self.encoder_norm(stream)

    @staticmethod
    def _crossed(cross: LearnedAttention, stream: Array, read: Array, given: Array, places: Array) -> Array:
        """What a decoder layer takes from the encoder, whose stream has been through a norm already."""
        (memory,) = cross.heads.remember(read)
        keys = Memory(cross.placed_keys(memory.keys, places), memory.values)
        return cross(stream, (keys,), jnp.broadcast_to(given, (stream.shape[0], given.shape[0])), places)
