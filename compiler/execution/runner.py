"""Runs a transformer on padded batches: block by block, so that what a layer holds stays in the processor's cache.

On a CPU a batch is shared between threads, since XLA runs one small operation on one core. On an accelerator blocks are as
large as memory allows.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, TypeAlias

import jax
import numpy as np
from jax import lax

from compiler.execution.compact import Compact, compact
from compiler.transformer import Transformer

IN_CACHE = 2**18
"""How many numbers a layer may hold on a CPU: a megabyte (measured: from 2**16 to 2**19 it makes little difference)."""

IN_MEMORY = 2**28
"""How many on an accelerator: a gigabyte."""


Structure: TypeAlias = Any
"""A ``jax.tree_util.PyTreeDef``, which type checkers do not take for a type."""


FEWEST_POSITIONS = 128
"""A long input is not cut into smaller blocks; products of fewer rows are slow."""


@dataclass(frozen=True)
class Blocks:
    """What is computed at a time.

    Attributes:
        rows: so many inputs.
        positions: and so many positions of each; all if None.
    """

    rows: int
    positions: int | None

    @staticmethod
    def of(positions: int, heads: int, width: int, numbers: int) -> Blocks:
        """Blocks that hold no more than so many numbers, unless a block of ``FEWEST_POSITIONS`` does.

        Args:
            positions: of each input, BOS included.
            heads: of a layer at most; each holds a score for each pair of a query and a key.
            width: how many numbers a layer holds for each position beside the scores.
        """
        one = positions * (positions * heads + width)
        if one <= numbers:
            return Blocks(_power_of_two(numbers // one), None)
        return Blocks(1, max(FEWEST_POSITIONS, _power_of_two(numbers // (positions * heads + width))))


@dataclass(frozen=True, eq=False)
class Runner:
    """Runs one transformer.

    Attributes:
        transformer: without zeros.
    """

    transformer: Compact
    _compiled: set[tuple[tuple[int, ...], Blocks]] = field(default_factory=set)

    @staticmethod
    def of(transformer: Transformer) -> Runner:
        return Runner(jax.device_put(compact(transformer)))

    def __call__(self, ids: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """What the transformer puts out for padded ids of shape (batch, length); shape (batch, length, outputs)."""
        blocks = self.blocks(ids.shape[1] + 1)
        shares = min(_threads(), len(ids) // blocks.rows)
        if shares < 2 or len(ids) % shares:
            return self._run(ids, lengths, blocks)
        parts = np.split(ids, shares), np.split(lengths, shares)
        kind = (parts[0][0].shape, blocks)
        at_once = _pool().map if kind in self._compiled else map  # two threads would both compile it
        done = np.concatenate(list(at_once(partial(self._run, blocks=blocks), *parts)))
        self._compiled.add(kind)
        return done

    def blocks(self, positions: int) -> Blocks:
        """What is computed at a time, of inputs with so many positions."""
        layers = self.transformer.layers
        heads = max((group.query.shape[0] for layer in layers for group in layer.attention.groups), default=0)
        width = max((layer.mlp.into.shape[1] for layer in layers), default=0)
        numbers = IN_CACHE if jax.default_backend() == "cpu" else IN_MEMORY
        return Blocks.of(positions, max(1, heads), width + self.transformer.tokens.shape[1], numbers)

    def _run(self, ids: np.ndarray, lengths: np.ndarray, blocks: Blocks) -> np.ndarray:
        weights, structure = jax.tree.flatten(self.transformer)
        with jax.default_matmul_precision("highest"):  # it holds for one thread
            return np.asarray(_forward(weights, ids, lengths, structure, blocks))


@partial(jax.jit, static_argnums=(3, 4))
def _forward(weights: list[jax.Array], ids: jax.Array, lengths: jax.Array, structure: Structure, blocks: Blocks) -> jax.Array:
    transformer: Compact = jax.tree.unflatten(structure, weights)

    return by_row(lambda row: transformer(*row, block=blocks.positions), (ids, lengths), blocks)


def by_row(function: Callable[[Any], Any], rows: Any, blocks: Blocks) -> Any:
    """A function of each row, so many rows at a time; rows and results are arrays, or trees of arrays."""
    count = len(jax.tree.leaves(rows)[0])
    return jax.vmap(function)(rows) if count <= blocks.rows else lax.map(function, rows, batch_size=blocks.rows)


def _threads() -> int:
    """How many threads share a batch: a power of two, as its rows are."""
    return _power_of_two(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_threads(), thread_name_prefix="transformer")


def _power_of_two(number: int) -> int:
    """The largest power of two up to a number; 0 for 0."""
    return 1 << (number.bit_length() - 1) if number else 0
