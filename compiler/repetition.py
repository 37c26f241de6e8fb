"""Layers that are run several times."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

import jax.numpy as jnp
from jax import Array, lax

T = TypeVar("T")


@dataclass(frozen=True)
class Loop:
    """Layers that are run several times (Fan et al. 2024): one block of weights, as often as the input needs.

    What the block reads and never writes stays in the stream, so that every step sees it: the injection of the input.

    Attributes:
        start, stop: the layers, from 0; the last is not among them.
        times: how many steps, if that is fixed.
        cell: else the cell that holds it at the last position.
        most: of all numbers of steps; another one in the cell means that the program is undefined on the input.
    """

    start: int
    stop: int
    times: int | None
    cell: int | None
    most: int


def one_after_the_other(layers: Iterable[T], stream: Array, layer: Callable[[T, Array], Array]) -> Array:
    """The stream after some layers."""
    for part in layers:
        stream = layer(part, stream)
    return stream


def repeated(block: Callable[[Array], Array], stream: Array, times: Array, taken: Array) -> Array:
    """The stream after a block has been run so many times; inputs of a batch stop one by one.

    Args:
        taken: how many steps are taken, no fewer than ``times``; those beyond change nothing.
    """

    def step(state: tuple[Array, Array]) -> tuple[Array, Array]:
        done, rows = state
        after = block(rows)
        return done + 1, after if taken is times else jnp.where(done < times, after, rows)

    return lax.while_loop(lambda state: state[0] < taken, step, (jnp.zeros((), jnp.int32), stream))[1]
