"""Attention maps of a model on an input."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from compiler.blueprint import Executed, HeadUse
from compiler.inspection.listing import DOES
from compiler.model import Model
from compiler.transformer import Transformer
from rasp.draw import write_picture
from rasp.draw.flow import cell_text
from rasp.values import Tokens

BOS = "BOS"

MOST_SHOWN = 64
"""Positions that texts and pictures show, BOS among them."""

_SHADES = ".123456789#"


@dataclass(frozen=True, eq=False)
class HeadMap:
    """What one head attends to.

    Attributes:
        head: which one.
        number: its place in its layer, from 1.
        executed: the layer as it was run.
        weights: shape (n + 1, n + 1), BOS first; row i is the distribution of query i over the keys.
    """

    head: HeadUse
    number: int
    executed: Executed
    weights: np.ndarray

    @property
    def relative(self) -> np.ndarray:
        """The weights on the tokens, so scaled that the largest is 1; shape (n, n).

        A head that sums gives nearly all weight to BOS, and little, but equal, weight to each key that it selects.
        """
        inside = self.weights[1:, 1:]
        return inside / max(inside.max(), np.finfo(np.float32).tiny)

    @property
    def title(self) -> str:
        return f"{self.executed}, head {self.number} {DOES[self.head.reading]} {self.head.label}"


@dataclass(frozen=True, eq=False)
class AttentionMaps:
    """The attention maps on an input; the text of them has a line for each query.

    Attributes:
        tokens: the input as text, after BOS.
        layers: the weights of each layer, shape (heads, n + 1, n + 1); rows are queries and sum to 1. A layer of a loop is there
            once for each step.
        heads: the same by head, with what is known of it.
    """

    tokens: tuple[str, ...]
    layers: tuple[np.ndarray, ...]
    heads: tuple[HeadMap, ...]

    def svg(self) -> str:
        """The text of an SVG file."""
        from compiler.inspection.heatmap import attention_svg

        return attention_svg(self)

    def write(self, path: str | Path) -> None:
        """Write the picture to a file, in the form that its name ends in: .svg, .pdf or .png.

        Raises:
            RaspError, RaspLimitError: as ``rasp.draw.write_picture`` raises them.
        """
        write_picture(self.svg(), path)

    def __str__(self) -> str:
        return "\n".join(line for head in self.heads for line in self._lines(head))

    def _lines(self, head: HeadMap) -> Iterator[str]:
        yield head.title
        shown = self.tokens[1 : MOST_SHOWN + 1]
        width = max(map(len, shown))
        yield f"  {'':{width}} {' '.join(f'{token:>{width}}' for token in shown)}"
        for token, row in zip(shown, head.relative, strict=False):
            marks = (_SHADES[round(10 * weight)] for weight in row[:MOST_SHOWN].tolist())
            yield f"  {token:>{width}} {' '.join(f'{mark:>{width}}' for mark in marks)}"

    def _repr_svg_(self) -> str:
        return self.svg()


def attention_maps(model: Model, tokens: Tokens) -> AttentionMaps:
    """The attention maps of a model on an input.

    Raises:
        ModelInputError: an empty input, one longer than ``max_length``, or an unknown token.
        UndefinedError: the model has loops, and the program is undefined on this input.
    """
    ids = model.encode(tokens)
    steps = model.steps(tokens)
    order = model.blueprint.executed(steps)
    weights = _weights(model.transformer.unrolled(steps), ids)
    layers = tuple(maps[: len(model.heads[layer.layer - 1])] for layer, maps in zip(order, weights, strict=True))
    heads = tuple(
        HeadMap(head, number, layer, weights)
        for layer, maps in zip(order, layers, strict=True)
        for number, (head, weights) in enumerate(zip(model.blueprint.heads_of(layer.layer), maps, strict=True), start=1)
    )
    return AttentionMaps((BOS, *(cell_text(model.target.vocab[index]) for index in ids)), layers, heads)


def _weights(transformer: Transformer, ids: list[int]) -> list[np.ndarray]:
    with jax.default_matmul_precision("highest"):
        return [np.asarray(weights) for weights in _run(transformer, jnp.asarray(ids, jnp.int32))]


@eqx.filter_jit
def _run(transformer: Transformer, ids: jax.Array) -> tuple[jax.Array, ...]:
    return transformer.passage(ids, jnp.asarray(ids.shape[0])).maps
