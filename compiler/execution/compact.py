"""The same transformer with the zeros left out of its weights.

Most weights of a compiled model are zeros: the heads of a layer have keys of unlike sizes, all padded to the largest, and the
units of a layer read and write a few cells of the stream. Here heads of like size are together, and units see only their
cells. What is left is added up in another order, which is exact wherever the certificate holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int

from compiler.transformer import MLP, Attention, Layer, Memories, Transformer

LIKE = 1.5
"""Heads are together if the largest has at most so many times the numbers in a key of the smallest."""


class CompactAttention(eqx.Module):
    """Attention whose heads are in groups of like size."""

    groups: tuple[Attention, ...]
    out_bias: Float[Array, " model"]

    def remember(self, stream: Float[Array, "length model"], places: Int[Array, " length"] | None = None) -> Memories:
        """The keys and values of all positions, by group."""
        return tuple(memory for group in self.groups for memory in group.remember(stream))

    def __call__(
        self,
        stream: Float[Array, "block model"],
        memories: Memories,
        mask: Bool[Array, "block length"],
        places: Int[Array, " block"] | None = None,
    ) -> Float[Array, "block model"]:
        """What attention adds to the stream; the arguments are those of ``Attention``."""
        added = (group.mixed(stream, memory, mask) for group, memory in zip(self.groups, memories, strict=True))
        return sum(added, jnp.zeros(())) + self.out_bias


class CompactMLP(eqx.Module):
    """Units that read some cells of the stream and write to some.

    Attributes:
        reads, writes: which cells, ascending.
    """

    into: Float[Array, "reads units"]
    into_bias: Float[Array, " units"]
    out: Float[Array, "units writes"]
    out_bias: Float[Array, " model"]
    reads: tuple[int, ...] = eqx.field(static=True)
    writes: tuple[int, ...] = eqx.field(static=True)

    def __call__(self, stream: Float[Array, "block model"]) -> Float[Array, "block model"]:
        """The stream with what the units add to it."""
        units = jax.nn.relu(stream[:, np.array(self.reads, int)] @ self.into + self.into_bias)
        return (stream + self.out_bias).at[:, np.array(self.writes, int)].add(units @ self.out)


Compact: TypeAlias = Transformer[CompactAttention, CompactMLP]


def compact(transformer: Transformer) -> Compact:
    """The same function with fewer products; for weights without zeros it is no faster."""
    return Transformer(
        transformer.tokens,
        transformer.positions,
        tuple(Layer(_attention(layer), _mlp(layer.mlp)) for layer in transformer.layers),
        transformer.unembedding,
        transformer.unembedding_bias,
        transformer.causal,
        loops=transformer.loops,
    )


def _attention(layer: Layer) -> CompactAttention:
    attention = layer.attention
    return CompactAttention(tuple(_group(attention, heads) for heads in _alike(attention)), attention.out_bias)


def _alike(attention: Attention) -> Iterator[list[int]]:
    """The heads that add something, those with keys of like size together."""
    sizes = np.maximum(_used(attention.query, attention.query_bias).sum(1), _used(attention.key, attention.key_bias).sum(1))
    adds = np.abs(np.asarray(attention.out)).sum(axis=(1, 2)) > 0
    together: list[int] = []
    for head in np.argsort(sizes, kind="stable").tolist():
        if not adds[head]:
            continue
        if together and sizes[head] > LIKE * max(1, sizes[together[0]]):
            yield together
            together = []
        together.append(head)
    if together:
        yield together


def _used(weight: Array | np.ndarray, bias: Array | np.ndarray) -> np.ndarray:
    """Which numbers of each head's keys or values can be other than 0; shape (heads, numbers)."""
    return np.asarray(weight).any(1) | (np.asarray(bias) != 0)


def _group(attention: Attention, heads: list[int]) -> Attention:
    """Some of the heads, with the numbers that any of them uses."""

    def of(weight: Array) -> np.ndarray:
        return np.asarray(weight)[heads]

    query, query_bias, key, key_bias = map(of, (attention.query, attention.query_bias, attention.key, attention.key_bias))
    value, value_bias, out = map(of, (attention.value, attention.value_bias, attention.out))
    compared = (_used(query, query_bias) & _used(key, key_bias)).any(0)
    carried = (_used(value, value_bias) & out.any(2)).any(0)
    parts = query[:, :, compared], query_bias[:, compared], key[:, :, compared], key_bias[:, compared]
    read = value[:, :, carried], value_bias[:, carried], out[:, carried], np.zeros(out.shape[2], np.float32)
    return Attention(*map(jnp.asarray, (*parts, *read)))


def _mlp(mlp: MLP) -> CompactMLP:
    into, out = np.asarray(mlp.into), np.asarray(mlp.out)
    units = np.flatnonzero(out.any(1))
    reads, writes = np.flatnonzero(into[:, units].any(1)), np.flatnonzero(out.any(0))
    return CompactMLP(
        jnp.asarray(into[np.ix_(reads, units)]),
        jnp.asarray(np.asarray(mlp.into_bias)[units]),
        jnp.asarray(out[np.ix_(units, writes)]),
        mlp.out_bias,
        tuple(reads.tolist()),
        tuple(writes.tolist()),
    )
