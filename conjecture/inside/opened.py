"""What a model does with one input: attention maps, residual streams, and the norms of token representations.

Norms by layer, for learned and compiled models: Wu and Varshney 2023, 'A Meta-Learning Perspective on Transformers for Causal
Language Modeling' (arXiv 2310.05884), who see a special characteristic of learned models in them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np

from compiler.model import Model as Compiled
from compiler.transformer import Attention, Layer, Transformer
from conjecture.errors import LabError
from conjecture.model.encoder_decoder import EncoderDecoder
from conjecture.model.layers import Learned
from conjecture.model.looped import Looped
from conjecture.training.train import Trained
from rasp.draw.flow import cell_text
from rasp.values import Tokens

BOS = "BOS"

Stream: TypeAlias = jax.Array


@dataclass(frozen=True, eq=False)
class Opened:
    """A model on one input.

    Attributes:
        tokens: of the input as text, BOS first.
        layers: the layers as they are run; those of a loop are there once for each step.
        maps: the attention weights of each layer, of shape (heads, n + 1, n + 1); rows are queries and sum to 1.
        streams: the residual stream after the embedding, and after the attention and the MLP of each layer; of shape
            (2 · layers + 1, n + 1, width).
        outputs: what the unembedding reads off, of shape (n + 1, outputs).
    """

    tokens: tuple[str, ...]
    layers: tuple[str, ...]
    maps: tuple[np.ndarray, ...]
    streams: np.ndarray
    outputs: np.ndarray

    @property
    def times(self) -> tuple[str, ...]:
        """What each stream comes after."""
        sublayers = (f"{layer}, {part}" for layer in self.layers for part in ("attention", "MLP"))
        return ("embedding", *sublayers)

    @property
    def norms(self) -> np.ndarray:
        """The Euclidean norm of each token's representation, of shape (2 · layers + 1, n + 1)."""
        return np.linalg.norm(self.streams, axis=-1)


def open_up(model: Compiled | Trained, tokens: Tokens) -> Opened:
    """Run a model on an input and keep what it does.

    Args:
        model: a compiled model, or a trained one; for one that continues prompts, the prompt and the answer so far.
        tokens: as programs read them.

    Raises:
        LabError: an encoder-decoder, which has two streams; an input that is empty, too long, or of unknown tokens.
        ModelInputError, UndefinedError: as a compiled model raises them.
    """
    if isinstance(model, Compiled):
        ids = model.encode(tokens)
        steps = model.steps(tokens)
        names = tuple(map(str, model.blueprint.executed(steps)))
        with jax.default_matmul_precision("highest"):
            return _opened(model.transformer.unrolled(steps), ids, [cell_text(model.target.vocab[index]) for index in ids], names)
    ids, labels = _encoded(model, tokens)
    weights = model.model
    match weights:
        case EncoderDecoder():
            raise LabError("an encoder-decoder has two streams; open a decoder")
        case Looped():
            return _opened_loop(model, weights, ids, labels)
        case _:
            return _opened(weights, ids, labels, _names(len(weights.layers)))


def _names(layers: int) -> tuple[str, ...]:
    return tuple(f"layer {number}" for number in range(1, layers + 1))


def _encoded(trained: Trained, tokens: Tokens) -> tuple[list[int], list[str]]:
    """The ids of an input of a learned model, and its tokens as text."""
    alphabet = trained.task.alphabet(trained.recipe.longest)
    codes = [alphabet.code(token) for token in tokens]  # pyright: ignore[reportArgumentType] - told below
    unknown = next((token for token, code in zip(tokens, codes, strict=True) if code not in alphabet.codes), None)
    if unknown is not None:
        raise LabError(f"{unknown!r} is no token of {trained.task.name}")
    room = trained.task.room(trained.recipe.longest)
    if not 0 < len(codes) <= room:
        raise LabError(f"an input of {len(codes)} tokens; the model takes 1 to {room}")
    return [alphabet.codes.index(code) for code in codes], [cell_text(alphabet.atom(code)) for code in codes]


def _opened(transformer: Transformer[Any, Any], ids: Sequence[int], labels: Sequence[str], names: tuple[str, ...]) -> Opened:
    stream = transformer.embed(jnp.asarray(ids, jnp.int32))
    passed = _Passed.at(transformer, stream)
    for layer in transformer.layers:
        passed.through(layer)
    return passed.opened(labels, names, transformer.read_out)


def _opened_loop(trained: Trained, model: Looped, ids: Sequence[int], labels: Sequence[str]) -> Opened:
    """A looped model, with as many steps as the task says for an input of so many tokens, or as it has."""
    embedded = model.block.embed(jnp.asarray(ids, jnp.int32))
    passed = _Passed.at(model.block, jnp.zeros_like(embedded) if model.inject else embedded)
    steps = model.times if model.times is not None else _asked_steps(trained, len(ids))
    for _ in range(steps):
        if model.inject:
            passed.stream = passed.stream + embedded
        for layer in model.block.layers:
            passed.through(layer)
    count = len(model.block.layers)
    names = tuple(f"layer {layer} in step {step}" for step in range(1, steps + 1) for layer in range(1, count + 1))
    return passed.opened(labels, names, model.block.read_out)


def _asked_steps(trained: Trained, tokens: int) -> int:
    """The steps of the longest sample that is no longer than an input."""
    task = trained.task
    assert task.steps is not None
    fitting = [length for length in range(task.shortest, trained.recipe.longest + 1) if task.room(length) <= tokens]
    return int(task.steps(max(fitting, default=task.shortest)))


@dataclass(eq=False)
class _Passed:
    """A stream on its way through layers."""

    transformer: Transformer[Any, Any]
    stream: Stream
    mask: jax.Array
    streams: list[np.ndarray]
    maps: list[np.ndarray]

    @staticmethod
    def at(transformer: Transformer[Any, Any] | Learned, stream: Stream) -> _Passed:
        places = jnp.arange(stream.shape[0])
        mask = transformer.mask(places, stream.shape[0], jnp.asarray(stream.shape[0] - 1))
        return _Passed(transformer, stream, mask, [np.asarray(stream)], [])

    def through(self, layer: Layer[Any, Any]) -> None:
        places = jnp.arange(self.stream.shape[0])
        attention = layer.attention
        memories = attention.remember(self.stream, places)
        extra = () if isinstance(attention, Attention) else (places,)
        self.maps.append(np.asarray(attention.weights(self.stream, memories[0], self.mask, *extra)))
        self.stream = self.stream + attention(self.stream, memories, self.mask, places)
        self.streams.append(np.asarray(self.stream))
        self.stream = layer.mlp(self.stream)
        self.streams.append(np.asarray(self.stream))

    def opened(self, labels: Sequence[str], names: tuple[str, ...], read_out: Callable[[Stream], jax.Array]) -> Opened:
        outputs = np.asarray(read_out(self.stream))
        return Opened((BOS, *labels), names, tuple(self.maps), np.stack(self.streams), outputs)
