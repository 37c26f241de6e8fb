"""New models."""

from __future__ import annotations

from collections.abc import Iterator

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from compiler.transformer import MLP, Attention, Layer
from conjecture.model.encoder_decoder import DecoderLayer, EncoderDecoder
from conjecture.model.forward import Model
from conjecture.model.from_compiled import from_compiled
from conjecture.model.layers import Learned, LearnedAttention, LearnedLayer, LearnedMLP, Norm
from conjecture.model.looped import Looped
from conjecture.recipe import Recipe
from conjecture.task_type import Key, Task

EMBEDDING = 0.25
"""Standard deviation of the token embeddings of looped models at the start. They are added to streams of deviation 1, beside
which that of other weights is lost. The code of Fan et al. 2024 has 1 / √(3 · tokens), 0.24 for six tokens."""


def new_model(task: Task, recipe: Recipe, *, key: Key) -> Model:
    """A model for a task, with weights as GPT-2 has them at the start, normal numbers, biases zero; or with compiled ones.

    Raises:
        LabError: weights are to be compiled, and can't be.
    """
    if recipe.start == "compiled":
        return from_compiled(task, recipe.longest, recipe.noise, key=key)
    if recipe.loop != "none":
        most = task.steps(recipe.lengths[1]) if task.steps is not None else 0
        block = new_decoder(task, recipe, key=key)
        tokens = EMBEDDING * jax.random.normal(key, block.tokens.shape)
        block = eqx.tree_at(lambda block: block.tokens, block, tokens)
        return Looped(block, recipe.loop_steps, recipe.loop == "injected", most)
    if recipe.architecture == "decoder":
        return new_decoder(task, recipe, key=key)
    return new_encoder_decoder(task, recipe, key=key)


def new_decoder(task: Task, recipe: Recipe, *, key: Key) -> Learned:
    """A transformer with one stream."""
    context = context_of(task, recipe)
    draws = _draws(key, recipe.init)
    width = recipe.width
    return Learned(
        tokens=next(draws)(len(task.alphabet(recipe.longest)) + 1, width),
        positions=new_positions(recipe, context, next(draws)),
        layers=tuple(new_layer(recipe, draws) for _ in range(recipe.layers)),
        unembedding=next(draws)(width, len(task.outputs(recipe.longest))),
        unembedding_bias=jnp.zeros(len(task.outputs(recipe.longest))),
        causal=task.causal,
        norm=new_norm(width),
    )


def new_encoder_decoder(task: Task, recipe: Recipe, *, key: Key) -> EncoderDecoder:
    """As many layers on either side."""
    draws = _draws(key, recipe.init)
    width, outputs = recipe.width, len(task.outputs(recipe.longest))
    return EncoderDecoder(
        tokens=next(draws)(len(task.alphabet(recipe.longest)) + 1, width),
        positions=new_positions(recipe, context_of(task, recipe), next(draws)),
        encoder=tuple(new_layer(recipe, draws) for _ in range(recipe.layers)),
        encoder_norm=new_norm(width),
        decoder=tuple(
            DecoderLayer(new_attention(recipe, draws), new_attention(recipe, draws), new_mlp(recipe, draws))
            for _ in range(recipe.layers)
        ),
        unembedding=next(draws)(width, outputs),
        unembedding_bias=jnp.zeros(outputs),
        norm=new_norm(width),
    )


def context_of(task: Task, recipe: Recipe) -> int:
    """The positions of a model, BOS being one."""
    room = task.room(recipe.longest) + 1
    return recipe.context if recipe.packing == "context" else room


class _Draw:
    """Draws arrays of normal numbers, each with a key of its own."""

    def __init__(self, key: Key, deviation: float) -> None:
        self.key, self.deviation = key, deviation

    def __call__(self, *shape: int) -> jax.Array:
        return self.deviation * jax.random.normal(self.key, shape)


def _draws(key: Key, deviation: float) -> Iterator[_Draw]:
    number = 0
    while True:
        yield _Draw(jax.random.fold_in(key, number), deviation)
        number += 1


def new_positions(recipe: Recipe, context: int, draw: _Draw) -> jax.Array:
    """What stands for positions in the stream: zeros, if they are elsewhere or nowhere."""
    match recipe.positions:
        case "learned":
            return draw(context, recipe.width)
        case "sinusoidal":
            return jnp.asarray(sinusoids(context, recipe.width))
        case _:
            return jnp.zeros((context, recipe.width))


def sinusoids(context: int, width: int) -> np.ndarray:
    """Sines and cosines of wavelengths from 2π to 10000 · 2π (Vaswani et al. 2017, section 3.5); shape (context, width)."""
    angles = np.arange(context)[:, None] / 10_000 ** (2 * np.arange(width // 2) / width)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(context, width).astype(np.float32)


def new_layer(recipe: Recipe, draws: Iterator[_Draw]) -> LearnedLayer:
    """A layer, with norms that do nothing at first."""
    return Layer(new_attention(recipe, draws), new_mlp(recipe, draws))


def new_attention(recipe: Recipe, draws: Iterator[_Draw]) -> LearnedAttention:
    heads, width, key = recipe.heads, recipe.width, recipe.width // recipe.heads
    query, keys, value, out = (next(draws)(heads, *shape) for shape in ((width, key), (width, key), (width, key), (key, width)))
    none = jnp.zeros((heads, key))
    weights = Attention(query, none, keys, none, value, none, out, jnp.zeros(width))
    relative = recipe.positions if recipe.positions in ("rotary", "alibi") else "none"
    return LearnedAttention(new_norm(width), weights, relative)


def new_mlp(recipe: Recipe, draws: Iterator[_Draw]) -> LearnedMLP:
    width, units = recipe.width, recipe.units
    into, out = next(draws)(width, units), next(draws)(units, width)
    return LearnedMLP(new_norm(width), MLP(into, jnp.zeros(units), out, jnp.zeros(width)), recipe.activation)


def new_norm(width: int) -> Norm:
    return Norm(jnp.ones(width), jnp.zeros(width))
