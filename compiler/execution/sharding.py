"""Runs a transformer on a mesh of devices: inputs along the axis ``batch``, positions along the axis ``sequence``.

Attention over a sharded sequence is ring attention (Liu et al. 2023, arXiv 2310.01889): every device keeps its queries, and the
keys and values go around from device to device, while each query's softmax is added up block by block. As larger scores come in,
what was added up is multiplied by a power of e, which for compiled heads is 1 or 0, so that they stay exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import cast

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.experimental.multihost_utils import process_allgather
from jax.sharding import Mesh, NamedSharding, PartitionSpec
from jaxtyping import Array, Float, Int

from compiler.errors import ModelInputError
from compiler.execution.compact import Compact, CompactAttention, CompactMLP, compact
from compiler.execution.runner import Blocks, Runner, Structure, by_row
from compiler.transformer import Attention, Layer, Memories, Memory, Transformer, in_blocks, shift

BATCH, SEQUENCE = "batch", "sequence"


class Partial(eqx.Module):
    """A softmax average of which some keys are still to come, for each query of a block and each head.

    Attributes:
        top: the largest score so far.
        weight: the sum of exp(score - shift(top)).
        read: the same, each times the value.
    """

    top: Float[Array, "block heads"]
    weight: Float[Array, "block heads"]
    read: Float[Array, "block heads value"]

    @staticmethod
    def of(block: int, group: Attention) -> Partial:
        """Before any key."""
        heads, size = group.value_bias.shape
        return Partial(jnp.full((block, heads), -jnp.inf), jnp.zeros((block, heads)), jnp.zeros((block, heads, size)))

    def with_keys(self, scores: Float[Array, "heads block length"], memory: Memory) -> Partial:
        """The same with more keys; a score of -inf is that of a key that is not attended to."""
        top = jnp.maximum(self.top, scores.max(axis=-1).T)
        known = jnp.where(jnp.isfinite(top), shift(top), 0)
        before, now = jnp.exp(shift(self.top) - known), jnp.exp(scores - known.T[:, :, None])
        return Partial(
            top,
            self.weight * before + now.sum(axis=-1).T,
            self.read * before[:, :, None] + jnp.einsum("hij,hjk->ihk", now, memory.values),
        )


@dataclass(frozen=True, eq=False)
class ShardedRunner(Runner):
    """Runs one transformer on the devices of a mesh with the axes ``batch``, ``sequence``, or both."""

    mesh: Mesh | None = None

    @staticmethod
    def on(mesh: Mesh, transformer: Transformer) -> ShardedRunner:
        """Raises ``ModelInputError`` for a mesh of other axes."""
        unknown = sorted(set(mesh.axis_names) - {BATCH, SEQUENCE})
        if unknown:
            raise ModelInputError(
                f"a mesh has the axes 'batch' and 'sequence', or one of them, not {unknown[0]!r}",
                hint='for example jax.make_mesh((jax.device_count(),), ("batch",))',
            )
        return ShardedRunner(compact(transformer), mesh=mesh)

    def __call__(self, ids: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """What the transformer puts out for padded ids of shape (batch, length); shape (batch, length, outputs)."""
        assert self.mesh is not None
        rows, length = ids.shape
        across, along = (self.mesh.shape.get(axis, 1) for axis in (BATCH, SEQUENCE))
        padded = np.zeros((_multiple(rows, across), _multiple(length + 1, along)), np.int32)
        padded[:, 0] = self.transformer.tokens.shape[0] - 1
        padded[:rows, 1 : length + 1] = ids
        lengths = np.pad(np.asarray(lengths, np.int32), (0, len(padded) - rows), constant_values=1)
        weights, structure = jax.tree.flatten(self.transformer)
        batch, sequence = (axis if axis in self.mesh.axis_names else None for axis in (BATCH, SEQUENCE))
        placed = self._placed(padded, PartitionSpec(batch, sequence))
        placed_lengths = self._placed(lengths, PartitionSpec(batch))
        with jax.default_matmul_precision("highest"):
            blocks = self.blocks(padded.shape[1] // along)
            outputs = _on_mesh(weights, placed, placed_lengths, structure, self.mesh, blocks)
        whole = np.asarray(process_allgather(outputs, tiled=True) if jax.process_count() > 1 else outputs)
        return whole[:rows, 1 : length + 1]

    def _placed(self, array: np.ndarray, spec: PartitionSpec) -> jax.Array:
        """An array on the devices, each of which may belong to another process."""
        assert self.mesh is not None
        return jax.make_array_from_callback(array.shape, NamedSharding(self.mesh, spec), lambda index: array[index])


@partial(jax.jit, static_argnums=(3, 4, 5))
def _on_mesh(weights: list[Array], ids: Array, lengths: Array, structure: Structure, mesh: Mesh, blocks: Blocks) -> Array:
    batch, sequence = (axis if axis in mesh.axis_names else None for axis in (BATCH, SEQUENCE))

    def local(weights: list[Array], ids: Array, lengths: Array) -> Array:
        transformer: Compact = jax.tree.unflatten(structure, weights)
        return by_row(lambda row: _run(transformer, row[0], row[1], mesh, blocks.positions), (ids, lengths), blocks)

    specs = PartitionSpec(), PartitionSpec(batch, sequence), PartitionSpec(batch)
    sharded = jax.shard_map(local, mesh=mesh, in_specs=specs, out_specs=PartitionSpec(batch, sequence, None), check_vma=False)
    return sharded(weights, ids, lengths)


def _run(transformer: Compact, ids: Int[Array, " part"], length: Int[Array, ""], mesh: Mesh, block: int | None) -> Array:
    """The outputs at this device's part of the positions of one input, BOS included."""
    along = mesh.shape.get(SEQUENCE, 1)
    part = ids.shape[0]
    first = lax.axis_index(SEQUENCE) * part if along > 1 else jnp.array(0)
    places = first + jnp.arange(part)
    stream = transformer.tokens[ids] + transformer.positions[places.clip(max=transformer.positions.shape[0] - 1)]

    def through(layer: Layer[CompactAttention, CompactMLP], stream: Array) -> Array:
        ring = _Ring(transformer, layer.attention, first, length, along, block)
        return in_blocks(lambda rows, _: layer.mlp(rows), stream + ring(stream), block)

    def at_end(stream: Array, cell: int) -> Array:
        is_here = (places == length)[:, None]
        here = jnp.where(is_here, stream, 0)[:, cell].sum()
        return lax.psum(here, SEQUENCE) if along > 1 else here

    def most(number: Array) -> Array:
        return lax.pmax(number, mesh.axis_names)  # devices exchange keys in each step, so all of them take it

    return transformer.read_out(transformer.through(stream, through, at_end, most))


@dataclass(frozen=True)
class _Ring:
    """Attention of this device's queries over the keys of all devices.

    Attributes:
        first: this device's first position.
        along: how many devices hold the sequence.
    """

    transformer: Compact
    attention: CompactAttention
    first: Array
    length: Array
    along: int
    block: int | None

    def __call__(self, stream: Float[Array, "part model"]) -> Float[Array, "part model"]:
        """What attention adds to the stream."""
        begun = tuple(Partial.of(stream.shape[0], group) for group in self.attention.groups)
        state = begun, self.attention.remember(stream), self.first
        if self.along > 1:
            state, _ = lax.scan(
                lambda state, _: (self._passed_on(self._with_keys(stream, *state)), None), state, length=self.along
            )
        else:
            state = self._with_keys(stream, *state)
        added = (
            jnp.einsum("ihk,hkd->id", partial.read / partial.weight[:, :, None], group.out)
            for group, partial in zip(self.attention.groups, state[0], strict=True)
        )
        return sum(added, jnp.zeros(())) + self.attention.out_bias

    def _with_keys(
        self, stream: Array, partials: tuple[Partial, ...], memories: Memories, start: Array
    ) -> tuple[tuple[Partial, ...], Memories, Array]:
        """Attend to the keys at hand, which stand from a position on."""
        part = stream.shape[0]
        keys = start + jnp.arange(part)

        def attend(rows: tuple[Array, tuple[Partial, ...]], places: Array) -> tuple[Array, tuple[Partial, ...]]:
            mask = self.transformer.visible(self.first + places, keys, self.length)
            stream, before = rows
            after = (
                partial.with_keys(jnp.where(mask, group.scores(stream, memory), -jnp.inf), memory)
                for group, partial, memory in zip(self.attention.groups, before, memories, strict=True)
            )
            return stream, tuple(after)

        _, after = in_blocks(attend, (stream, partials), self.block)
        return after, memories, start

    def _passed_on(self, state: tuple[tuple[Partial, ...], Memories, Array]) -> tuple[tuple[Partial, ...], Memories, Array]:
        """The same with the keys of the device before."""
        partials, memories, start = state
        around = [(device, (device + 1) % self.along) for device in range(self.along)]
        memories, start = cast("tuple[Memories, Array]", lax.ppermute((memories, start), SEQUENCE, around))
        return partials, memories, start


def _multiple(number: int, of: int) -> int:
    """The least multiple that is no less than a number."""
    return -(-number // of) * of
