"""Exact match, token accuracy, and errors by kind, at given lengths."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import equinox as eqx
import jax
import jax.numpy as jnp
from jax import random
from jaxtyping import Array, Bool, Float, Int

from conjecture.evaluation.generation import generated
from conjecture.evaluation.stopping import BEYOND, at_step, surest, surest_together, trial_of
from conjecture.model.forward import Model, outputs_on
from conjecture.model.looped import Looped
from conjecture.rows import Rows, single_rows
from conjecture.task_type import Key, Task


@dataclass(frozen=True)
class Score:
    """How a model does on samples of some lengths. All but the first three are fractions of samples.

    A looped model stops at a step of its own choice (``conjecture/evaluation/stopping.py``): ``exact`` is what it answers where
    it is surest of each sample, ``batch`` where it is surest of all samples of the test together, ``oracle`` what it would at
    the step that the task names, and ``early`` and ``late`` are wrong answers before and after that.

    Attributes:
        low, high: the lengths.
        samples: how many were tried.
        exact: every token of the answer right, greedily generated, the stop with it; or every label right.
        tokens: mean part of the answer's tokens that are right in place.
        batch: exact, if all samples end at one step of a loop; the same as exact if there is none to choose.
        oracle: exact if it were told when to stop: the stop token is left out of what can be said, and the length is given.
        early: right so far, but stopped before its end.
        late: all right, but did not stop.
        content: a wrong token.
    """

    low: int
    high: int
    samples: int
    exact: float
    tokens: float
    batch: float
    oracle: float
    early: float
    late: float
    content: float


class Marks(eqx.Module):
    """The marks of each sample."""

    exact: Bool[Array, " samples"]
    tokens: Float[Array, " samples"]
    batch: Bool[Array, " samples"]
    oracle: Bool[Array, " samples"]
    early: Bool[Array, " samples"]
    late: Bool[Array, " samples"]


def samples_of(task: Task, longest: int, key: Key, low: Array | int, high: Array | int, count: int) -> Rows:
    """Test samples, each of a random length between two."""
    lengths, keys = random.split(key)
    drawn = random.randint(lengths, (count,), low, jnp.asarray(high) + 1)
    return single_rows(task, longest, jax.vmap(lambda key, n: task.sample(key, n, longest))(random.split(keys, count), drawn))


@lru_cache(maxsize=64)
def examiner(task: Task, longest: int, count: int) -> Callable[[Model, Key, Array | int, Array | int], Marks]:
    """Marks a model on so many fresh samples of lengths between two; compiled once for all lengths."""

    @jax.jit
    def examine(model: Model, key: Key, low: Array | int, high: Array | int) -> Marks:
        rows = samples_of(task, longest, key, low, high, count)
        return marks_of(task, longest, model, rows)

    return examine


def looped_marks(task: Task, longest: int, model: Looped, rows: Rows) -> Marks:
    """The marks of a looped model that stops itself; runs inside jit."""
    assert task.steps is not None
    trial = trial_of(model, rows, task.steps(longest) + BEYOND)
    told = rows.steps[:, 0]
    own, together = surest(trial), surest_together(trial)
    exact = at_step(trial.exact, own)
    early, late = (~exact & (own < told)), (~exact & (own > told))
    batch, oracle = (at_step(trial.exact, step) for step in (together, told))
    return Marks(exact, at_step(trial.tokens, own), batch, oracle, early, late)


def marks_of(task: Task, longest: int, model: Model, rows: Rows) -> Marks:
    """The marks of a model on samples; runs inside jit."""
    if isinstance(model, Looped) and model.times is None:
        return looped_marks(task, longest, model, rows)
    outputs = outputs_on(model, rows)
    right = outputs.argmax(axis=-1) == rows.targets
    if task.form == "label":
        exact = _all(right, rows.asked)
        none = jnp.zeros_like(exact)
        return Marks(exact, _part(right, rows.asked), exact, exact, none, none)
    assert task.stop is not None
    stop = task.outputs(longest).codes.index(task.stop)
    content = rows.asked & (rows.targets != stop)
    told = outputs.at[..., stop].set(-jnp.inf).argmax(axis=-1) == rows.targets
    answers, wanted, asked = generated(model, rows), *_answers(rows)
    same = answers == wanted
    is_content = asked & (wanted != stop)
    exact = _all(same, asked)
    right_before = jnp.cumprod(same | ~asked, axis=1).astype(bool)
    right_before = jnp.concatenate([jnp.ones_like(right_before[:, :1]), right_before[:, :-1]], axis=1)
    early = ((answers == stop) & is_content & right_before).any(axis=1)
    return Marks(exact, _part(same, asked), exact, _all(told, content), early, ~exact & _all(same, is_content))


def correct(task: Task, model: Model, rows: Rows) -> Bool[Array, " samples"]:
    """Which samples a model gets right, answer and stop; runs inside jit.

    Every token is asked for after the right ones before it. That greedy generation gives the whole answer means the same.
    """
    return _all(outputs_on(model, rows).argmax(axis=-1) == rows.targets, rows.asked)


def score(examine: Callable[..., Marks], model: Model, key: Key, low: int, high: int) -> Score:
    """The score of a model on samples of lengths between two."""
    marks = jax.device_get(examine(model, random.fold_in(key, high), low, high))
    means = {name: float(getattr(marks, name).mean()) for name in ("exact", "tokens", "batch", "oracle", "early", "late")}
    wrong = float((~(marks.exact | marks.early | marks.late)).mean())
    return Score(low, high, len(marks.exact), **means, content=wrong)


def _answers(rows: Rows) -> tuple[Int[Array, "samples room"], Bool[Array, "samples room"]]:
    """The wanted answers from their first token on, and where they are."""
    first = rows.asked.argmax(axis=1)
    places = (first[:, None] + jnp.arange(rows.ids.shape[1])).clip(max=rows.ids.shape[1] - 1)
    within = jnp.arange(rows.ids.shape[1]) < rows.asked.sum(axis=1)[:, None]
    return jnp.take_along_axis(rows.targets, places, axis=1), within


def _all(right: Array, asked: Array) -> Array:
    return (right | ~asked).all(axis=1)


def _part(right: Array, asked: Array) -> Array:
    return (right & asked).sum(axis=1) / asked.sum(axis=1).clip(1)
