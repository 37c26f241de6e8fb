"""Steps of training, compiled once for a task and a recipe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
from jax import Array, lax, random

from conjecture.evaluation.scores import correct, samples_of
from conjecture.model.build import context_of, new_model
from conjecture.model.forward import Model
from conjecture.recipe import Recipe
from conjecture.rows import training_rows
from conjecture.task_type import Task
from conjecture.training.loss import loss_of
from conjecture.training.optimizer import optimizer_of, updated

PIECE = 100
"""Steps in one call; between two calls training can be stopped and saved."""


class State(eqx.Module):
    """A model in training.

    Attributes:
        moments: what the optimizer remembers.
        step: how many steps were made.
    """

    model: Model
    moments: Any
    step: Array


@dataclass(frozen=True)
class Steps:
    """What training does with one model, jitted.

    Attributes:
        begin: the state before the first step, from a seed.
        advance: the state after so many more steps, and the mean loss in them; from a state, a seed, a learning rate and the
            number of steps, which is no constant: nothing is compiled anew for a shorter piece.
        check: the part of samples of training lengths that a state gets right; from a state and a seed.
    """

    begin: Callable[[Array], State]
    advance: Callable[[State, Array, Array, Array | int], tuple[State, Array]]
    check: Callable[[State, Array], Array]


def steps_of(task: Task, recipe: Recipe) -> Steps:
    """The functions for a task and a recipe, compiled once. What is random depends on seed and step alone.

    When training is checked and ends, and at which rate it learns, is said from outside; recipes that differ in that share them.
    """
    return _steps_of(task, replace(recipe, learning_rate=1.0, check_every=1, stop_at=1.0, patience=1))


@lru_cache(maxsize=64)
def _steps_of(task: Task, recipe: Recipe) -> Steps:
    optimizer = optimizer_of(recipe)
    context = context_of(task, recipe)
    low, high = max(recipe.lengths[0], task.shortest), recipe.lengths[1]

    def begin(seed: Array) -> State:
        model = new_model(task, recipe, key=random.fold_in(random.key(seed), 0))
        return State(model, optimizer.init(model), jnp.array(0))  # pyright: ignore[reportArgumentType]

    def once(state: State, seed: Array, rate: Array) -> tuple[State, Array]:
        key = random.fold_in(random.fold_in(random.key(seed), 1), state.step)
        data, drops = random.split(key)
        rows = training_rows(task, recipe, context, data, state.step)
        loss, gradients = jax.value_and_grad(lambda model: loss_of(model, rows, recipe, drops))(state.model)
        weights: Any = state.model
        updates, moments = optimizer.update(gradients, state.moments, weights)
        return State(updated(state.model, updates, rate), moments, state.step + 1), loss

    def advance(state: State, seed: Array, rate: Array, count: Array | int) -> tuple[State, Array]:
        def further(_: Array, before: tuple[State, Array]) -> tuple[State, Array]:
            state, loss = once(before[0], seed, rate)
            return state, before[1] + loss

        state, total = lax.fori_loop(0, count, further, (state, jnp.zeros(())))
        return state, total / count

    def check(state: State, seed: Array) -> Array:
        key = random.fold_in(random.fold_in(random.key(seed), 2), state.step)
        rows = samples_of(task, recipe.longest, key, low, high, recipe.checks)
        return correct(task, state.model, rows).mean()

    return Steps(
        # It runs once. XLA's usual third level takes seconds more to make it fast, for the same numbers.
        jax.jit(begin, compiler_options={"xla_backend_optimization_level": 1}),
        jax.jit(advance, donate_argnums=0),
        jax.jit(check),
    )
