"""Where a looped model stops when nobody tells it.

Source: Fan et al. 2024, 'Looped Transformers for Length Generalization', section 5.3: the step whose outputs have the least
cross-entropy against their own most likely tokens, for each sample or for all samples of a batch together.

A model that is never sure has a surest step all the same: there is always an answer, and it may be a poor one.
"""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Bool, Float, Int

from conjecture.model.looped import Looped
from conjecture.rows import Rows

BEYOND = 20
"""Steps that are looked at beyond those that the longest samples take (Fan et al. 2024 look at 20 to 30)."""


class Trial(eqx.Module):
    """What a looped model says after each step, from the first.

    Attributes:
        exact: whether the whole answer is right.
        tokens: which part of the answer's tokens is.
        doubt: mean cross-entropy, in nats, of what is asked for against its own most likely tokens.
    """

    exact: Bool[Array, "steps samples"]
    tokens: Float[Array, "steps samples"]
    doubt: Float[Array, "steps samples"]


def trial_of(model: Looped, rows: Rows, count: int) -> Trial:
    """The answers after each of so many steps, to rows of one sample each; runs inside jit."""
    embedded, begin = model.begin(rows)
    asked = rows.asked
    number = asked.sum(axis=1).clip(1)

    def further(stream: Array, _: None) -> tuple[Array, Trial]:
        stream = model.step(stream, embedded, rows)
        scores = jax.nn.log_softmax(model.read_out(stream))
        right = scores.argmax(axis=-1) == rows.targets
        doubt = -jnp.where(asked, scores.max(axis=-1), 0).sum(axis=1) / number
        return stream, Trial((right | ~asked).all(axis=1), (right & asked).sum(axis=1) / number, doubt)

    return lax.scan(further, begin, length=count)[1]


def surest(trial: Trial) -> Int[Array, " samples"]:
    """The step, from 1, at which there is least doubt of each sample."""
    return trial.doubt.argmin(axis=0) + 1


def surest_together(trial: Trial) -> Int[Array, " samples"]:
    """The step, from 1, at which there is least doubt of all samples on the average."""
    return jnp.full(trial.doubt.shape[1], trial.doubt.mean(axis=1).argmin() + 1)


def at_step(values: Array, steps: Int[Array, " samples"]) -> Array:
    """What a trial has for each sample at its step, from 1; at the first for a sample that takes none."""
    return values[(steps - 1).clip(0), jnp.arange(values.shape[1])]
