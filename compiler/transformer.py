"""The one transformer of this project, used for compiled and for learned weights.

Token embedding plus positional embedding, residual stream, multi-head softmax attention, ReLU MLP, linear unembedding; no
layer norm (Weiss et al. 2021; Vaswani et al. 2017 without normalization). Scores are used as they are, not divided by √d.
"""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int


class Attention(eqx.Module):
    """Multi-head attention; every head has its own weights and biases."""

    query: Float[Array, "heads model key"]
    query_bias: Float[Array, "heads key"]
    key: Float[Array, "heads model key"]
    key_bias: Float[Array, "heads key"]
    value: Float[Array, "heads model value"]
    value_bias: Float[Array, "heads value"]
    out: Float[Array, "heads value model"]
    out_bias: Float[Array, " model"]

    def __call__(self, stream: Float[Array, "length model"], mask: Bool[Array, "length length"]) -> Float[Array, "length model"]:
        """What attention adds to the stream. ``mask[i, j]`` tells whether position i may attend to position j."""
        values = jnp.einsum("nd,hdk->hnk", stream, self.value) + self.value_bias[:, None]
        mixed = jnp.einsum("hij,hjk->hik", self.weights(stream, mask), values)
        return jnp.einsum("hik,hkd->id", mixed, self.out) + self.out_bias

    def weights(
        self, stream: Float[Array, "length model"], mask: Bool[Array, "length length"]
    ) -> Float[Array, "heads length length"]:
        """The attention maps: rows are queries and sum to 1."""
        queries = jnp.einsum("nd,hdk->hnk", stream, self.query) + self.query_bias[:, None]
        keys = jnp.einsum("nd,hdk->hnk", stream, self.key) + self.key_bias[:, None]
        scores = jnp.einsum("hik,hjk->hij", queries, keys)
        return jax.nn.softmax(scores, axis=-1, where=mask)


class MLP(eqx.Module):
    """One hidden layer of ReLU units."""

    into: Float[Array, "model units"]
    into_bias: Float[Array, " units"]
    out: Float[Array, "units model"]
    out_bias: Float[Array, " model"]

    def __call__(self, stream: Float[Array, "length model"]) -> Float[Array, "length model"]:
        return jax.nn.relu(stream @ self.into + self.into_bias) @ self.out + self.out_bias


class Layer(eqx.Module):
    """Attention, then MLP, each added to the stream."""

    attention: Attention
    mlp: MLP

    def __call__(self, stream: Float[Array, "length model"], mask: Bool[Array, "length length"]) -> Float[Array, "length model"]:
        stream = stream + self.attention(stream, mask)
        return stream + self.mlp(stream)


class Transformer(eqx.Module):
    """The whole model. Position 0 is the beginning-of-sequence token (BOS), whose id is the last of the vocabulary.

    Attributes:
        causal: whether a position attends only to itself and earlier ones.
    """

    tokens: Float[Array, "vocab model"]
    positions: Float[Array, "context model"]
    layers: tuple[Layer, ...]
    unembedding: Float[Array, "model outputs"]
    unembedding_bias: Float[Array, " outputs"]
    causal: bool = eqx.field(static=True)

    def __call__(self, ids: Int[Array, " length"], length: Int[Array, ""]) -> Float[Array, "length outputs"]:
        """The outputs at the positions of the input.

        Args:
            ids: token ids without BOS, padded to a common length with any id.
            length: how many of them are the input; the outputs after it mean nothing.
        """
        stream = self.embed(ids)
        mask = self.mask(ids.shape[0], length)
        for layer in self.layers:
            stream = layer(stream, mask)
        return stream[1:] @ self.unembedding + self.unembedding_bias

    def streams(self, ids: Int[Array, " length"], length: Int[Array, ""]) -> Float[Array, "times length+1 model"]:
        """The stream after the embedding and after each attention and each MLP, BOS first; the arguments of ``__call__``."""
        stream = self.embed(ids)
        mask = self.mask(ids.shape[0], length)
        streams = [stream]
        for layer in self.layers:
            stream = stream + layer.attention(stream, mask)
            streams.append(stream)
            stream = stream + layer.mlp(stream)
            streams.append(stream)
        return jnp.stack(streams)

    def embed(self, ids: Int[Array, " length"]) -> Float[Array, "length+1 model"]:
        """The stream before the first layer, BOS first."""
        with_bos = jnp.concatenate([jnp.array([self.tokens.shape[0] - 1]), ids])
        return self.tokens[with_bos] + self.positions[: with_bos.shape[0]]

    def mask(self, padded: int, length: Int[Array, ""]) -> Bool[Array, "padded+1 padded+1"]:
        """Which positions each position attends to: no padding, and no later ones in a causal model."""
        keys = jnp.arange(padded + 1)
        mask = jnp.broadcast_to(keys[None, :] <= length, (padded + 1, padded + 1))
        return mask & (keys[None, :] <= keys[:, None]) if self.causal else mask
