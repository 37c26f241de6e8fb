"""Models in training that begin with compiled weights.

The layers are those of the compiled transformer: no norms, ReLU, as many heads and units in each layer as it has. Attention is
the usual softmax here, which is as exact at short lengths as training asks for (``conjecture/model/layers.py`` says why compiled
models have another one).
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from compiler import decode
from compiler.errors import CompileError
from compiler.model import Model as Compiled
from compiler.transformer import MLP, Attention, Layer
from conjecture.errors import LabError
from conjecture.model.layers import Learned, LearnedAttention, LearnedLayer, LearnedMLP, Same
from conjecture.solved import compiled
from conjecture.task_type import Key, Task

SHARPNESS = 10.0
"""How much more the logit of the right output is than that of a number next to it, in models that put out a number."""


def from_compiled(task: Task, longest: int, noise: float, *, key: Key) -> Learned:
    """A model with the weights of the task's compiled program.

    Args:
        longest: the longest length it has room for.
        noise: normal noise on every weight, in parts of it; so those that are 0 stay so.

    Raises:
        LabError: the program does not compile, has a loop, or puts out what can't be read as one logit for each label.
    """
    with jax.ensure_compile_time_eval():  # this may run inside jit
        learned = _learned(task, longest)
    return disturbed(learned, noise, key=key) if noise else learned


def _learned(task: Task, longest: int) -> Learned:
    try:
        model = compiled(task, longest)
    except CompileError as refusal:
        raise LabError(f"the program of {task.name} does not compile: {refusal.message}", hint=refusal.hint) from None
    given = model.transformer
    if given.loops:
        raise LabError(f"the program of {task.name} has a loop, and training begins from models without one")
    unembedding, bias = _logits(task, longest, model)
    layers = tuple(map(_layer, given.layers))
    return Learned(given.tokens, given.positions, layers, jnp.asarray(unembedding), jnp.asarray(bias), given.causal)


def _layer(layer: Layer) -> LearnedLayer:
    """The same layer with scores that are divided by √(key size)."""
    heads = layer.attention
    root = heads.query.shape[-1] ** 0.5
    scaled = Attention(
        heads.query * root,
        heads.query_bias * root,
        heads.key,
        heads.key_bias,
        heads.value,
        heads.value_bias,
        heads.out,
        heads.out_bias,
    )
    units = MLP(layer.mlp.into, layer.mlp.into_bias, layer.mlp.out, layer.mlp.out_bias)
    return Layer(LearnedAttention(Same(), scaled, "none"), LearnedMLP(Same(), units, "relu"))


def _logits(task: Task, longest: int, model: Compiled) -> tuple[np.ndarray, np.ndarray]:
    """An unembedding with one logit for each output of the task, and its bias."""
    outputs = task.outputs(longest)
    weights, bias = np.asarray(model.transformer.unembedding), np.asarray(model.transformer.unembedding_bias)
    match model.decoder:
        case decode.Number() if all(isinstance(outputs.atom(code), int) for code in outputs.codes):
            # 2 k v - k² is largest at the number k nearest v, and one less there than at v itself.
            numbers = np.array([outputs.atom(code) for code in outputs.codes], np.float32)
            return 2 * SHARPNESS * weights[:, :1] * numbers, SHARPNESS * (2 * bias[:1] * numbers - numbers**2)
        case decode.Choice(values=values) if set(values) >= {outputs.atom(code) for code in outputs.codes}:
            places = [values.index(outputs.atom(code)) for code in outputs.codes]
            return weights[:, places], bias[places]
        case _:
            raise LabError(f"the compiled program of {task.name} has no logit for each output")


def disturbed(model: Learned, noise: float, *, key: Key) -> Learned:
    """A model with noise on its weights; the argument is that of ``from_compiled``."""
    leaves, tree = jax.tree.flatten(model)
    keys = jax.random.split(key, len(leaves))
    noisy = [array * (1 + noise * jax.random.normal(one, array.shape)) for array, one in zip(leaves, keys, strict=True)]
    return jax.tree.unflatten(tree, noisy)
