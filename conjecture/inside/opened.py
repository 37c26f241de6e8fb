"""What a model does with one input: attention maps, residual streams, and the norms of token representations.

Norms by layer, for learned and compiled models: Wu and Varshney 2023, 'A Meta-Learning Perspective on Transformers for Causal
Language Modeling' (arXiv 2310.05884), who see a special characteristic of learned models in them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from compiler.model import Model as Compiled
from compiler.passage import Passage
from compiler.transformer import Transformer
from conjecture.errors import LabError
from conjecture.model.encoder_decoder import EncoderDecoder
from conjecture.model.looped import Looped
from conjecture.training.train import Trained
from rasp.draw.flow import cell_text
from rasp.values import Tokens

BOS = "BOS"


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

    @staticmethod
    def of(labels: Sequence[str], layers: tuple[str, ...], passed: Passage, read_out: Callable[[jax.Array], jax.Array]) -> Opened:
        """From what passed through the layers, and how the last stream is read."""
        outputs, maps = np.asarray(read_out(passed.streams[-1])), tuple(map(np.asarray, passed.maps))
        return Opened((BOS, *labels), layers, maps, np.asarray(passed.streams), outputs)

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
        return _opened_compiled(model, tokens)
    ids, labels = _encoded(model, tokens)
    weights = model.model
    match weights:
        case EncoderDecoder():
            raise LabError("an encoder-decoder has two streams; open a decoder")
        case Looped():
            steps = weights.times if weights.times is not None else _asked_steps(model, len(ids))
            count = len(weights.block.layers)
            names = tuple(f"layer {layer} in step {step}" for step in range(1, steps + 1) for layer in range(1, count + 1))
            return Opened.of(labels, names, _passage(weights, ids, steps), lambda end: weights.read_out(weights.normed(end)))
        case _:
            return Opened.of(labels, _names(len(weights.layers)), _passage(weights, ids), weights.read_out)


def _opened_compiled(model: Compiled, tokens: Tokens) -> Opened:
    ids = model.encode(tokens)
    steps = model.steps(tokens)
    names = tuple(map(str, model.blueprint.executed(steps)))
    transformer = model.transformer.unrolled(steps)
    labels = [cell_text(model.target.vocab[index]) for index in ids]
    with jax.default_matmul_precision("highest"):
        return Opened.of(labels, names, _passage(transformer, ids), transformer.read_out)


def _passage(model: Transformer[Any, Any] | Looped, ids: Sequence[int], *steps: int) -> Passage:
    """What passes through a model; through a looped one in so many steps."""
    return _passed(model, jnp.asarray(ids, jnp.int32), jnp.asarray(len(ids)), *steps)


@eqx.filter_jit
def _passed(model: Any, ids: jax.Array, length: jax.Array, *steps: int) -> Passage:
    return model.passage(ids, length, *steps)


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


def _asked_steps(trained: Trained, tokens: int) -> int:
    """The steps of the longest sample that is no longer than an input."""
    task = trained.task
    assert task.steps is not None
    fitting = [length for length in range(task.shortest, trained.recipe.longest + 1) if task.room(length) <= tokens]
    return int(task.steps(max(fitting, default=task.shortest)))
