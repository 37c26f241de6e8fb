"""Layers with a norm before them (Xiong et al. 2020), for the transformer of ``compiler/transformer.py``."""

from __future__ import annotations

from typing import Literal, TypeAlias

import equinox as eqx
import jax
import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Bool, Float, Int

from compiler.transformer import MLP, Attention, Layer, Memories, Memory, Transformer

EPSILON = 1e-5
"""Added to the variance in a norm."""

ROTARY_BASE = 10_000.0
"""The longest wavelength of rotary positions is this times 2π (Su et al. 2021, section 3.3)."""


class Norm(eqx.Module):
    """Layer norm (Ba et al. 2016) of each position."""

    scale: Float[Array, " model"]
    shift: Float[Array, " model"]

    def __call__(self, stream: Float[Array, "*block model"]) -> Float[Array, "*block model"]:
        mean = stream.mean(axis=-1, keepdims=True)
        centred = stream - mean
        variance = (centred * centred).mean(axis=-1, keepdims=True)
        return centred * lax.rsqrt(variance + EPSILON) * self.scale + self.shift


class Same(eqx.Module):
    """No norm: the stream as it is, for models that begin with compiled weights."""

    def __call__(self, stream: Float[Array, "*block model"]) -> Float[Array, "*block model"]:
        return stream


class LearnedAttention(eqx.Module):
    """A norm, then attention with scores divided by √(key size).

    Attributes:
        relative: "rotary" turns queries and keys by their positions (Su et al. 2021); "alibi" takes from each score the distance,
            times a slope of the head's own (Press et al. 2022).
    """

    norm: Norm | Same
    heads: Attention
    relative: Literal["none", "rotary", "alibi"] = eqx.field(static=True)

    def remember(self, stream: Float[Array, "length model"], places: Int[Array, " length"]) -> Memories:
        """The keys and values of all positions."""
        (memory,) = self.heads.remember(self.norm(stream))
        return (Memory(self.placed_keys(memory.keys, places), memory.values),)

    def __call__(
        self,
        stream: Float[Array, "block model"],
        memories: Memories,
        mask: Bool[Array, "block length"],
        places: Int[Array, " block"],
    ) -> Float[Array, "block model"]:
        """What attention adds to the stream."""
        (memory,) = memories
        read = self.weights(stream, memory, mask, places).astype(memory.values.dtype) @ memory.values
        return jnp.einsum("hik,hkd->id", read, self.heads.out) + self.heads.out_bias

    def weights(
        self,
        stream: Float[Array, "block model"],
        memory: Memory,
        mask: Bool[Array, "block length"],
        places: Int[Array, " block"],
    ) -> Float[Array, "heads block length"]:
        """The attention maps: rows are queries and sum to 1.

        This is the usual softmax. That of compiled heads can have sums near the end of float32's range, where gradients are lost.
        """
        scores = self._queries(stream, places) @ memory.keys.mT
        return jax.nn.softmax(jnp.where(mask, scores, -jnp.inf), axis=-1)

    def _queries(self, stream: Float[Array, "block model"], places: Int[Array, " block"]) -> Float[Array, "heads block key"]:
        queries = self.heads.queries(self.norm(stream))
        queries = turned(queries, places) if self.relative == "rotary" else queries
        queries = queries * queries.shape[-1] ** -0.5
        if self.relative != "alibi":
            return queries
        slopes = jnp.asarray(alibi_slopes(queries.shape[0]), jnp.float32)
        more = jnp.broadcast_to(slopes[:, None, None], (*queries.shape[:2], 1))
        return jnp.concatenate([queries.astype(jnp.float32), more], axis=-1)

    def placed_keys(
        self, keys: Float[Array, "heads length key"], places: Int[Array, " length"]
    ) -> Float[Array, "heads length any"]:
        """Keys with what the scores need of their positions.

        With slope s, ALiBi's score of a key at j for a query at i is q · k - s (i - j). The softmax over keys is the same without
        s i. So a key has its position as one more number, and a query the slope; in float32, as bfloat16 has no 257.
        """
        match self.relative:
            case "rotary":
                return turned(keys, places)
            case "alibi":
                more = jnp.broadcast_to(places[None, :, None], (*keys.shape[:2], 1)).astype(jnp.float32)
                return jnp.concatenate([keys.astype(jnp.float32), more], axis=-1)
            case "none":
                return keys


def alibi_slopes(heads: int) -> list[float]:
    """The slopes of heads: from 2^(-8 / heads) down to 2^-8 (Press et al. 2022, section 3)."""
    return [2 ** (-8 * number / heads) for number in range(1, heads + 1)]


def turned(vectors: Float[Array, "heads block key"], places: Int[Array, " block"]) -> Float[Array, "heads block key"]:
    """Vectors with the pairs (i, i + size/2) turned by angles in proportion to their positions (Su et al. 2021)."""
    half = vectors.shape[-1] // 2
    angles = places[:, None] * ROTARY_BASE ** (-jnp.arange(half) / half)
    sine, cosine = jnp.sin(angles).astype(vectors.dtype), jnp.cos(angles).astype(vectors.dtype)
    left, right = vectors[..., :half], vectors[..., half:]
    return jnp.concatenate([left * cosine - right * sine, left * sine + right * cosine], axis=-1)


class LearnedMLP(eqx.Module):
    """A norm, then one hidden layer."""

    norm: Norm | Same
    units: MLP
    activation: Literal["gelu", "relu"] = eqx.field(static=True)

    def added(self, stream: Float[Array, "block model"]) -> Float[Array, "block model"]:
        """What the units add to the stream."""
        activate = jax.nn.gelu if self.activation == "gelu" else jax.nn.relu
        return activate(self.norm(stream) @ self.units.into + self.units.into_bias) @ self.units.out + self.units.out_bias

    def __call__(self, stream: Float[Array, "block model"]) -> Float[Array, "block model"]:
        """The stream with what the units add to it."""
        return stream + self.added(stream)


LearnedLayer: TypeAlias = Layer[LearnedAttention, LearnedMLP]
Learned: TypeAlias = Transformer[LearnedAttention, LearnedMLP]
"""A transformer to train."""
