"""Greedy generation of many answers at once, inside jit."""

from __future__ import annotations

from dataclasses import replace

import equinox as eqx
import jax
import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Int

from compiler.transformer import Memories, Transformer
from conjecture.model.forward import Model, outputs_on
from conjecture.model.layers import Learned
from conjecture.rows import Rows


class Answers(eqx.Module):
    """Answers that are being generated.

    Attributes:
        ids: the tokens so far, from the first of the answer on.
        last: the token that was generated last.
        remembered: what the layers remember of each sequence.
    """

    ids: Int[Array, "samples room"]
    last: Int[Array, " samples"]
    remembered: tuple[Memories, ...]


def generated(model: Model, rows: Rows) -> Int[Array, "samples room"]:
    """The most likely tokens after each prompt, one after the other, as many as its answer has; what follows means nothing.

    Args:
        rows: one sample each, at the first positions. The answers in them are not looked at, but for how long they are.
    """
    prompt = rows.given.sum(axis=1) - 1  # without BOS
    steps = rows.asked.sum(axis=1).max()
    if not isinstance(model, Transformer):
        return _anew(model, rows, prompt, steps)
    return _with_memory(model, rows, prompt, steps)


def _with_memory(model: Learned, rows: Rows, prompt: Array, steps: Array) -> Array:
    samples = jnp.arange(rows.ids.shape[0])
    outputs, remembered = jax.vmap(model.run)(rows.ids[:, 1:], prompt)
    first = outputs[samples, prompt - 1].argmax(axis=-1)

    def following(number: Array, answers: Answers) -> Answers:
        outputs, after = jax.vmap(model.step)(answers.last, prompt + number, answers.remembered)
        last = outputs.argmax(axis=-1)
        return Answers(answers.ids.at[:, number].set(last), last, after)

    begun = Answers(jnp.zeros_like(rows.ids).at[:, 0].set(first), first, remembered)
    return lax.fori_loop(1, steps, following, begun).ids


def _anew(model: Model, rows: Rows, prompt: Array, steps: Array) -> Array:
    """The same by computing all positions again for every token."""
    samples = jnp.arange(rows.ids.shape[0])

    def following(number: Array, state: tuple[Array, Array]) -> tuple[Array, Array]:
        ids, answers = state
        last = outputs_on(model, replace(rows, ids=ids))[samples, prompt + number].argmax(axis=-1)
        return ids.at[samples, prompt + number + 1].set(last), answers.at[:, number].set(last)

    return lax.fori_loop(0, steps, following, (rows.ids, jnp.zeros_like(rows.ids)))[1]
