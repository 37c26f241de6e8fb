"""Runs a transformer on padded batches: block by block, so that what a layer holds stays in the processor's cache.

On a CPU a batch is shared between threads, since XLA runs one small operation on one core. On an accelerator blocks are as
large as memory allows.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from typing import Any, TypeAlias

import jax
import numpy as np
from jax import lax

from compiler.execution.compact import Compact, compact
from compiler.execution.xla import options
from compiler.transformer import Transformer

IN_CACHE = 2**17
"""How many numbers a layer may hold on a CPU: half a megabyte (measured: from 2**16 to 2**19 it makes little difference)."""

IN_MEMORY = 2**28
"""How many on an accelerator: a gigabyte."""


WORTH_SHARING = 2**18
"""How many numbers a batch holds, summed over its inputs, if threads share it."""

FEWEST_POSITIONS = 128
"""A long input is not cut into smaller blocks; products of fewer rows are slow."""

Structure: TypeAlias = Any
"""A ``jax.tree_util.PyTreeDef``, which type checkers do not take for a type."""


@dataclass(frozen=True)
class Sizes:
    """What a layer holds at most.

    Attributes:
        heads: each holds a score for each pair of a query and a key.
        width: how many numbers there are for each position beside the scores.
    """

    heads: int
    width: int

    def numbers(self, positions: int) -> int:
        """How many numbers an input with so many positions takes, BOS included."""
        return positions * (positions * self.heads + self.width)


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
    def of(positions: int, sizes: Sizes, numbers: int) -> Blocks:
        """Blocks that hold no more than so many numbers, unless a block of ``FEWEST_POSITIONS`` does.

        Args:
            positions: of each input, BOS included.
        """
        one = sizes.numbers(positions)
        if one <= numbers:
            return Blocks(_power_of_two(numbers // one), None)
        return Blocks(1, max(FEWEST_POSITIONS, _power_of_two(numbers * positions // one)))


@dataclass(frozen=True, eq=False)
class Runner:
    """Runs one transformer.

    Attributes:
        transformer: without zeros.
    """

    transformer: Compact
    _compiled: set[tuple[int, ...]] = field(default_factory=set)

    @staticmethod
    def of(transformer: Transformer) -> Runner:
        return Runner(jax.device_put(compact(transformer)))

    def __call__(self, ids: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """What the transformer puts out for padded ids of shape (batch, length); shape (batch, length, outputs)."""
        shares = self._shares(*ids.shape)
        if shares < 2:
            return self._run(ids, lengths)
        parts = np.split(ids, shares), np.split(lengths, shares)
        at_once = _pool().map if parts[0][0].shape in self._compiled else map  # two threads would both compile it
        done = np.concatenate(list(at_once(self._run, *parts)))
        self._compiled.add(parts[0][0].shape)
        return done

    def _shares(self, rows: int, length: int) -> int:
        """Between how many threads a batch is shared, in equal parts."""
        threads = _threads()
        is_large = rows * self.sizes.numbers(length + 1) >= WORTH_SHARING and not rows % threads
        return threads if is_large and jax.default_backend() == "cpu" else 1

    @cached_property
    def sizes(self) -> Sizes:
        """What a layer holds at most."""
        layers = self.transformer.layers
        heads = max((group.query.shape[0] for layer in layers for group in layer.attention.groups), default=0)
        units = max((layer.mlp.into.shape[1] for layer in layers), default=0)
        return Sizes(max(1, heads), units + self.transformer.tokens.shape[1])

    def blocks(self, positions: int) -> Blocks:
        """What is computed at a time, of inputs with so many positions."""
        return Blocks.of(positions, self.sizes, IN_CACHE if jax.default_backend() == "cpu" else IN_MEMORY)

    def _run(self, ids: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        weights, structure = self._flat
        rows = np.concatenate([lengths[:, None], ids], axis=1, dtype=np.int32)  # one array is handed over sooner than two
        return np.asarray(_forward(structure, self.blocks(ids.shape[1] + 1))(weights, rows))

    @cached_property
    def _flat(self) -> tuple[list[jax.Array], Structure]:
        weights, structure = jax.tree.flatten(self.transformer)
        return weights, structure


@lru_cache(maxsize=1_024)
def _forward(structure: Structure, blocks: Blocks) -> Callable[[list[jax.Array], np.ndarray], jax.Array]:
    """The forward pass of all transformers of a structure; each row is the length of an input, then its ids."""

    def forward(weights: list[jax.Array], rows: jax.Array) -> jax.Array:
        transformer: Compact = jax.tree.unflatten(structure, weights)
        with jax.default_matmul_precision("highest"):
            return by_row(lambda row: transformer(row[1:], row[0], block=blocks.positions), rows, blocks)

    return jax.jit(forward, compiler_options=options())


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
