"""What passes through layers: the stream after each attention and each MLP, and what every head attends to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int

if TYPE_CHECKING:
    from compiler.transformer import Memories, Memory


class Passage(eqx.Module):
    """A stream on its way through layers, of one input or of several.

    Attributes:
        streams: the stream before the first layer, and after the attention and the MLP of each.
        maps: the attention weights of each layer; rows are queries and sum to 1.
    """

    streams: Float[Array, "*inputs times length model"]
    maps: tuple[Float[Array, "*inputs heads length length"], ...]


class _Attention(Protocol):
    """Attention whose weights can be seen."""

    def remember(self, stream: Array, places: Array) -> Memories: ...

    def weights(self, stream: Array, memory: Memory, mask: Array, places: Array) -> Array: ...

    def __call__(self, stream: Array, memories: Memories, mask: Array, places: Array) -> Array: ...


class _Layer(Protocol):
    @property
    def attention(self) -> _Attention: ...

    @property
    def mlp(self) -> Callable[[Array], Array]: ...


def passage(
    layers: Sequence[_Layer],
    stream: Float[Array, "length model"],
    mask: Bool[Array, "length length"],
    places: Int[Array, " length"],
    changed: Callable[[int, Array], Array] = lambda time, stream: stream,
) -> Passage:
    """What passes through layers, from the stream before them.

    Args:
        changed: the stream to go on with, from a time (its place in ``streams``) and the stream then.
    """
    streams, maps = [changed(0, stream)], []
    for layer in layers:
        stream = streams[-1]
        memories = layer.attention.remember(stream, places)
        maps.append(layer.attention.weights(stream, memories[0], mask, places))
        streams.append(changed(len(streams), stream + layer.attention(stream, memories, mask, places)))
        streams.append(changed(len(streams), layer.mlp(streams[-1])))
    return Passage(jnp.stack(streams), tuple(maps))
