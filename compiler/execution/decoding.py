"""Autoregressive decoding of a causal transformer with a key/value cache, in one compiled loop.

What a layer remembers of the tokens so far is kept, so that one more token takes one position's work and attention over what
is remembered: time linear in the context. Many sequences are decoded together; each has its own position, and stops by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, cast

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Array, Float, Int

from compiler.execution.compact import Compact
from compiler.execution.runner import Blocks, Runner, Structure, by_row
from compiler.execution.successors import Successors
from compiler.execution.xla import options
from compiler.transformer import Memories

F = TypeVar("F", bound=Callable[..., Any])

STEPS = 64
"""How many tokens one call decodes at most."""


class Sequences(eqx.Module):
    """Sequences that are being decoded.

    Attributes:
        remembered: of all positions before ``position``, by layer; each array has a row for each sequence.
        ids: the last token of each.
        position: where it stands; BOS is at 0.
        left: how many more tokens each is to get; 0 for one that has ended.
    """

    remembered: tuple[Memories, ...]
    ids: Int[Array, " rows"]
    position: Int[Array, " rows"]
    left: Int[Array, " rows"]


class Decoded(eqx.Module):
    """What one call has decoded.

    Attributes:
        steps: how many positions were computed.
        outputs: at these positions, of each sequence; only those before it ended mean anything.
        ids: the tokens that follow them; -1 where the vocabulary has none for the outputs.
    """

    steps: Int[Array, ""]
    outputs: Float[Array, "rows steps outputs"]
    ids: Int[Array, "rows steps"]


def remember(runner: Runner, ids: np.ndarray, lengths: np.ndarray, context: int) -> tuple[Array, tuple[Memories, ...]]:
    """The outputs at all positions of prompts, and memories with room for a context; both have a row for each prompt."""
    weights, structure = jax.tree.flatten(runner.transformer)
    with jax.default_matmul_precision("highest"):
        return _remembering()(weights, ids, lengths, structure, context, runner.blocks(ids.shape[1] + 1))


def decode(
    runner: Runner, successors: Successors, stops: np.ndarray, sequences: Sequences, steps: int
) -> tuple[Sequences, Decoded]:
    """Decode up to so many tokens of each sequence, ``STEPS`` at most; the memories given are used up.

    Args:
        stops: which tokens end a sequence, of shape (vocabulary,).
    """
    weights, structure = jax.tree.flatten((runner.transformer, successors))
    with jax.default_matmul_precision("highest"):
        return _decoding()(weights, stops, sequences, min(steps, STEPS), structure)


@cache
def _remembering() -> Callable[..., tuple[Array, tuple[Memories, ...]]]:
    """``_remember`` jitted: when it is first needed, since the options are those of the device."""
    return jax.jit(_remember, static_argnums=(3, 4, 5), compiler_options=options())


@cache
def _decoding() -> Callable[..., tuple[Sequences, Decoded]]:
    """``_decode`` jitted."""
    return jax.jit(_decode, static_argnums=4, donate_argnums=2, compiler_options=options())


def _remember(
    weights: list[Array], ids: Array, lengths: Array, structure: Structure, context: int, blocks: Blocks
) -> tuple[Array, tuple[Memories, ...]]:
    transformer: Compact = jax.tree.unflatten(structure, weights)

    def one(row: tuple[Array, Array]) -> tuple[Array, tuple[Memories, ...]]:
        outputs, remembered = transformer.run(*row, block=blocks.positions)
        return outputs, tuple(tuple(memory.padded(context) for memory in memories) for memories in remembered)

    return by_row(one, (ids, lengths), blocks)


def _decode(
    weights: list[Array], stops: Array, sequences: Sequences, steps: Array, structure: Structure
) -> tuple[Sequences, Decoded]:
    transformer, successors = cast("tuple[Compact, Successors]", jax.tree.unflatten(structure, weights))
    rows = sequences.ids.shape[0]
    step, successor = _by_row(transformer.step, rows), _by_row(successors, rows)

    def goes_on(state: tuple[Sequences, Decoded]) -> Array:
        return (state[1].steps < steps) & (state[0].left > 0).any()

    def following(state: tuple[Sequences, Decoded]) -> tuple[Sequences, Decoded]:
        before, decoded = state
        outputs, remembered = step(before.ids, before.position, before.remembered)
        ids = successor(outputs)
        ends = (ids < 0) | stops[ids]
        left = jnp.where(ends, 0, jnp.maximum(before.left - 1, 0))
        alive = left > 0
        after = Sequences(remembered, jnp.where(alive, ids, before.ids), before.position + alive, left)
        at = decoded.steps
        return after, Decoded(at + 1, decoded.outputs.at[:, at].set(outputs), decoded.ids.at[:, at].set(ids))

    outputs = jnp.zeros((rows, STEPS, transformer.unembedding.shape[1]))
    return lax.while_loop(goes_on, following, (sequences, Decoded(jnp.array(0), outputs, jnp.full((rows, STEPS), -1))))


def _by_row(function: F, rows: int) -> F:
    """A function of one row for all rows; a single row is not vectorized, since its cache is then written in place."""
    if rows > 1:
        return cast(F, jax.vmap(function))

    def alone(*arguments: Any) -> Any:
        found = function(*jax.tree.map(lambda array: array[0], arguments))
        return jax.tree.map(lambda array: array[None], found)

    return cast(F, alone)
