"""The one transformer of this project, used for compiled and for learned weights.

Token embedding plus positional embedding, residual stream, multi-head softmax attention, MLP, linear unembedding. Compiled
weights fill the ``Attention`` and ``MLP`` here: ReLU, no layer norm (Weiss et al. 2021; Vaswani et al. 2017 without
normalization), scores used as they are, not divided by √d. Learned ones (``conjecture/model``) bring layers of their own with
what training needs, such as norms, and a norm before the unembedding.

A layer computes any block of positions from what attention remembers of the sequence. So one piece of code serves whole
inputs, long ones block by block (``block``), and generation, token by token (``step``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, Protocol, TypeAlias

import equinox as eqx
import jax
import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Bool, Float, Int
from typing_extensions import TypeVar

from compiler.passage import Passage, passage
from compiler.repetition import Loop, one_after_the_other, repeated


class Memory(eqx.Module):
    """What the heads of one attention read of a sequence."""

    keys: Float[Array, "heads length key"]
    values: Float[Array, "heads length value"]

    def padded(self, length: int) -> Memory:
        """The same with room for a longer sequence."""
        missing = length - self.keys.shape[1]
        return jax.tree.map(lambda array: jnp.pad(array, ((0, 0), (0, missing), (0, 0))), self)

    def updated(self, other: Memory, start: Int[Array, ""]) -> Memory:
        """The same with what another one holds written over it from a position on."""
        return jax.tree.map(lambda old, new: lax.dynamic_update_slice_in_dim(old, new, start, axis=1), self, other)


Memories: TypeAlias = tuple[Memory, ...]
"""Of each attention of a layer."""


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

    def remember(self, stream: Float[Array, "length model"], places: Int[Array, " length"] | None = None) -> Memories:
        """The keys and values of all positions. Where they stand makes no difference here."""
        keys = jnp.einsum("nd,hdk->hnk", stream, self.key) + self.key_bias[:, None]
        values = jnp.einsum("nd,hdk->hnk", stream, self.value) + self.value_bias[:, None]
        return (Memory(keys, values),)

    def __call__(
        self,
        stream: Float[Array, "block model"],
        memories: Memories,
        mask: Bool[Array, "block length"],
        places: Int[Array, " block"] | None = None,
    ) -> Float[Array, "block model"]:
        """What attention adds to the stream. ``mask[i, j]`` tells whether row i may attend to position j."""
        (memory,) = memories
        return self.mixed(stream, memory, mask) + self.out_bias

    def mixed(
        self, stream: Float[Array, "block model"], memory: Memory, mask: Bool[Array, "block length"]
    ) -> Float[Array, "block model"]:
        """What attention adds to the stream, without the bias."""
        powers = exponentials(jnp.where(mask, self.scores(stream, memory), -jnp.inf))
        read = jnp.einsum("hij,hjk->hik", powers, memory.values) / powers.sum(axis=-1, keepdims=True)
        return jnp.einsum("hik,hkd->id", read, self.out)

    def weights(
        self,
        stream: Float[Array, "block model"],
        memory: Memory,
        mask: Bool[Array, "block length"],
        places: Int[Array, " block"] | None = None,
    ) -> Float[Array, "heads block length"]:
        """The attention maps: rows are queries and sum to 1."""
        powers = exponentials(jnp.where(mask, self.scores(stream, memory), -jnp.inf))
        return powers / powers.sum(axis=-1, keepdims=True)

    def scores(self, stream: Float[Array, "block model"], memory: Memory) -> Float[Array, "heads block length"]:
        """What the softmax is taken of."""
        return self.queries(stream) @ memory.keys.mT

    def queries(self, stream: Float[Array, "block model"]) -> Float[Array, "heads block key"]:
        """What the heads look for."""
        return jnp.einsum("nd,hdk->hnk", stream, self.query) + self.query_bias[:, None]


SHIFT = 64
"""Scores are shifted by multiples of this, which leaves exponents below e^64 and so sums within float32."""


def exponentials(scores: Float[Array, "*rows keys"]) -> Float[Array, "*rows keys"]:
    """What a softmax divides by its sum: exp of the scores, shifted as ``shift`` says; a score of -inf gives 0."""
    return jnp.exp(scores - shift(scores.max(axis=-1, keepdims=True)))


def shift(largest: Float[Array, "*rows"]) -> Float[Array, "*rows"]:
    """What a row of scores is shifted by, from its largest score.

    Softmax is the same whatever the shift. The usual one, the largest score itself, gives a key that a head counts beside a large
    BOS a weight that is no power of two, and float32 can't add up thousands of these exactly, let alone in any order. The scores
    that compiled heads select have are multiples of 64, so that here a selected key weighs exactly 1, and integers are summed.
    """
    return lax.stop_gradient(jnp.floor(largest / SHIFT) * SHIFT)


class MLP(eqx.Module):
    """One hidden layer of ReLU units."""

    into: Float[Array, "model units"]
    into_bias: Float[Array, " units"]
    out: Float[Array, "units model"]
    out_bias: Float[Array, " model"]

    def __call__(self, stream: Float[Array, "block model"]) -> Float[Array, "block model"]:
        """The stream with what the units add to it."""
        return stream + (jax.nn.relu(stream @ self.into + self.into_bias) @ self.out + self.out_bias)


class AnyAttention(Protocol):
    """What a layer asks of its attention: ``Attention``, one that leaves zeros out (``compiler/execution/compact.py``), or a
    learned one (``conjecture/model/attention.py``). ``places`` are the positions of the rows, BOS being at 0.
    """

    def remember(self, stream: Float[Array, "length model"], places: Int[Array, " length"]) -> Memories: ...

    def __call__(
        self,
        stream: Float[Array, "block model"],
        memories: Memories,
        mask: Bool[Array, "block length"],
        places: Int[Array, " block"],
    ) -> Float[Array, "block model"]: ...


A = TypeVar("A", bound=AnyAttention, default=Attention)
M = TypeVar("M", bound=Callable[[Array], Array], default=MLP)


class Layer(eqx.Module, Generic[A, M]):
    """Attention, then MLP, each added to the stream."""

    attention: A
    mlp: M

    def __call__(
        self,
        stream: Float[Array, "block model"],
        memories: Memories,
        mask: Bool[Array, "block length"],
        places: Int[Array, " block"],
    ) -> Float[Array, "block model"]:
        """The stream of a block of positions after the layer, from that before it and the memories of the sequence."""
        return self.mlp(stream + self.attention(stream, memories, mask, places))


class Transformer(eqx.Module, Generic[A, M]):
    """The whole model. Position 0 is the beginning-of-sequence token (BOS), whose id is the last of the vocabulary.

    Attributes:
        causal: whether a position attends only to itself and earlier ones.
        norm: what the stream passes before the unembedding; a compiled model has none.
        loops: the layers that are run several times, in order; the others are run once.
    """

    tokens: Float[Array, "vocab model"]
    positions: Float[Array, "context model"]
    layers: tuple[Layer[A, M], ...]
    unembedding: Float[Array, "model outputs"]
    unembedding_bias: Float[Array, " outputs"]
    causal: bool = eqx.field(static=True)
    norm: Callable[[Array], Array] | None = None
    loops: tuple[Loop, ...] = eqx.field(static=True, default=())

    def __call__(
        self, ids: Int[Array, " length"], length: Int[Array, ""], *, block: int | None = None
    ) -> Float[Array, "length outputs"]:
        """The outputs at the positions of the input.

        Args:
            ids: token ids without BOS, padded to a common length with any id.
            length: how many of them are the input; the outputs after it mean nothing.
            block: how many positions a layer computes at a time; all at once if it is not given. Memory is block · length.
        """
        return self.run(ids, length, block=block)[0]

    def run(
        self, ids: Int[Array, " length"], length: Int[Array, ""], *, block: int | None = None
    ) -> tuple[Float[Array, "length outputs"], tuple[Memories, ...]]:
        """The outputs, and what each layer remembers; the arguments of ``__call__``."""
        remembered: list[Memories] = []

        def through(layer: Layer[A, M], stream: Array) -> Array:
            memories = layer.attention.remember(stream, jnp.arange(stream.shape[0]))
            remembered.append(memories)
            return in_blocks(self._layer(layer, memories, length), stream, block)

        stream = self.through(self.embed(ids), through, lambda stream, cell: stream[length, cell])
        return self.read_out(stream[1:]), () if self.loops else tuple(remembered)

    def through(
        self,
        stream: Array,
        layer: Callable[[Layer[A, M], Array], Array],
        at_end: Callable[[Array, int], Array],
        most: Callable[[Array], Array] | None = None,
    ) -> Array:
        """The stream after all layers, and all steps of loops; of not-a-numbers where a loop can't be run so often.

        Args:
            layer: the stream after a layer.
            at_end: what the stream holds in a cell at the input's last position.
            most: the largest of a number on several devices, which then take as many steps together.
        """
        done = 0
        for loop in self.loops:
            for part in self.layers[done : loop.start]:
                stream = layer(part, stream)
            block = self.layers[loop.start : loop.stop]
            times = jnp.asarray(loop.times) if loop.cell is None else jnp.round(at_end(stream, loop.cell))
            is_possible = (times >= 0) & (times <= loop.most)
            steps = times * is_possible
            taken = steps if most is None else most(steps)
            stream = repeated(lambda rows, block=block: one_after_the_other(block, rows, layer), stream, steps, taken)
            stream = jnp.where(is_possible, stream, jnp.nan)
            done = loop.stop
        return one_after_the_other(self.layers[done:], stream, layer)

    def steps(self, ids: Int[Array, " length"], length: Int[Array, ""]) -> tuple[Array, ...]:
        """How many steps each loop takes on an input for which the program has a value."""
        found: list[Array] = []
        places = jnp.arange(ids.shape[0] + 1)
        mask = self.mask(places, ids.shape[0] + 1, length)

        def through(layer: Layer[A, M], stream: Array) -> Array:
            return layer(stream, layer.attention.remember(stream, places), mask, places)

        def at_end(stream: Array, cell: int) -> Array:
            found.append(stream[length, cell])
            return found[-1]

        self.through(self.embed(ids), through, at_end)
        asked = iter(found)
        return tuple(jnp.asarray(loop.times) if loop.cell is None else jnp.round(next(asked)) for loop in self.loops)

    def unrolled(self, steps: Sequence[int]) -> Transformer[A, M]:
        """The transformer without loops that computes the same on inputs for which the loops take so many steps."""
        layers: list[Layer[A, M]] = []
        done = 0
        for loop, times in zip(self.loops, steps, strict=True):
            layers += [*self.layers[done : loop.start], *self.layers[loop.start : loop.stop] * times]
            done = loop.stop
        layers += self.layers[done:]
        return Transformer(
            self.tokens, self.positions, tuple(layers), self.unembedding, self.unembedding_bias, self.causal, self.norm
        )

    def step(
        self, identity: Int[Array, ""], position: Int[Array, ""], remembered: tuple[Memories, ...]
    ) -> tuple[Float[Array, " outputs"], tuple[Memories, ...]]:
        """The outputs at one position of a causal model without loops, and the memories with that position added.

        Args:
            identity: the token's id.
            position: where it stands, from 1, as BOS is at 0.
            remembered: of the positions before, with room for this one.
        """
        stream = self.tokens[identity][None] + self.positions[position][None]
        after: list[Memories] = []
        for layer, before in zip(self.layers, remembered, strict=True):
            new = layer.attention.remember(stream, position[None])
            memories = tuple(old.updated(one, position) for old, one in zip(before, new, strict=True))
            after.append(memories)
            stream = self._layer(layer, memories, position)(stream, position[None])
        return self.read_out(stream)[0], tuple(after)

    def passage(self: Transformer[Any, Any], ids: Int[Array, " length"], length: Int[Array, ""]) -> Passage:
        """What passes through all layers, BOS first; the arguments of ``__call__``.

        A transformer with loops is to be unrolled first.
        """
        assert not self.loops
        stream = self.embed(ids)
        places = jnp.arange(stream.shape[0])
        return passage(self.layers, stream, self.mask(places, stream.shape[0], length), places)

    def embed(self, ids: Int[Array, " length"]) -> Float[Array, "length+1 model"]:
        """The stream before the first layer, BOS first."""
        with_bos = jnp.concatenate([jnp.array([self.tokens.shape[0] - 1], ids.dtype), ids])
        return self.tokens[with_bos] + self.positions[: with_bos.shape[0]]

    def read_out(self, stream: Float[Array, "block model"]) -> Float[Array, "block outputs"]:
        """The outputs at positions whose stream has passed all layers."""
        normed = stream if self.norm is None else self.norm(stream)
        return normed @ self.unembedding + self.unembedding_bias

    def mask(self, queries: Int[Array, " block"], keys: int, length: Int[Array, ""]) -> Bool[Array, "block keys"]:
        """Which positions each query attends to: no padding, and no later ones in a causal model.

        Args:
            queries: their positions, BOS being 0.
            keys: how many positions there are, BOS and padding included.
            length: of the input, without BOS.
        """
        return self.visible(queries, jnp.arange(keys), length)

    def visible(
        self, queries: Int[Array, " block"], keys: Int[Array, " keys"], length: Int[Array, ""]
    ) -> Bool[Array, "block keys"]:
        """The same for keys at any positions."""
        mask = jnp.broadcast_to(keys[None, :] <= length, (queries.shape[0], keys.shape[0]))
        return mask & (keys[None, :] <= queries[:, None]) if self.causal else mask

    def _layer(self, layer: Layer[A, M], memories: Memories, length: Int[Array, ""]) -> Block:
        def block(stream: Array, queries: Array) -> Array:
            keys = next((memory.keys.shape[1] for memory in memories), 0)
            return layer(stream, memories, self.mask(queries, keys, length), queries)

        return block


R = TypeVar("R", default=Array)

Block: TypeAlias = Callable[[R, Array], R]
"""Computes rows from rows of the same positions, and these positions."""


def in_blocks(function: Block[R], rows: R, block: int | None) -> R:
    """A function of each row, so many rows at a time; rows are an array, or a tree of arrays, of shape (length, …)."""
    length = jax.tree.leaves(rows)[0].shape[0]
    if block is None or block >= length:
        return function(rows, jnp.arange(length))
    blocks = -(-length // block)
    missing = blocks * block - length

    def split(array: Array) -> Array:
        return jnp.pad(array, ((0, missing), *[(0, 0)] * (array.ndim - 1))).reshape(blocks, block, *array.shape[1:])

    places = jnp.arange(blocks * block).reshape(blocks, block)
    done = lax.map(lambda part: function(*part), (jax.tree.map(split, rows), places))
    return jax.tree.map(lambda array: array.reshape(blocks * block, *array.shape[2:])[:length], done)
