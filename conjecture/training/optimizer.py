"""AdamW with a schedule; the learning rate itself is a number at run time, so that several can train together."""

from __future__ import annotations

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import optax
from jax import Array

from conjecture.model.forward import Model
from conjecture.model.looped import Looped
from conjecture.recipe import Recipe


def optimizer_of(recipe: Recipe) -> optax.GradientTransformation:
    """Updates for a learning rate of 1 (Loshchilov and Hutter 2019)."""
    first, second = recipe.betas
    steps = optax.chain(
        optax.clip_by_global_norm(recipe.clip),
        optax.scale_by_adam(first, second, recipe.epsilon),
        optax.add_decayed_weights(recipe.weight_decay, mask=_decays),
        optax.scale_by_learning_rate(schedule_of(recipe)),
    )
    return steps if recipe.positions == "learned" else optax.chain(_positions_stay(), steps, _positions_stay())


def _positions_stay() -> optax.GradientTransformation:
    """Positions that are no weights have no part in a gradient's norm, and do not decay."""

    def positions(tree: Any) -> Any:
        return (tree.block if isinstance(tree, Looped) else tree).positions

    def without(updates: Any, state: Any, params: Any = None) -> tuple[Any, Any]:
        return eqx.tree_at(positions, updates, replace_fn=jnp.zeros_like), state

    return optax.GradientTransformation(lambda params: optax.EmptyState(), without)


def schedule_of(recipe: Recipe) -> optax.Schedule:
    """The learning rate at each step as a part of the highest. It falls after the warm-up, and not before the end of a curriculum
    (Fan et al. 2024)."""
    steps, warmup = max(1, recipe.steps), recipe.warmup
    begin = max(warmup, recipe.curriculum_end)
    match recipe.schedule:
        case "constant":
            falling = optax.constant_schedule(1.0)
        case "linear":
            falling = optax.linear_schedule(1.0, 0.0, max(1, steps - begin))
        case "cosine":
            falling = optax.cosine_decay_schedule(1.0, max(1, steps - begin))
        case "inverse-sqrt":
            begin, falling = warmup, _inverse_sqrt(max(1, warmup))
    after = falling if begin == warmup else optax.join_schedules([optax.constant_schedule(1.0), falling], [begin - warmup])
    if warmup == 0:
        return after
    return optax.join_schedules([optax.linear_schedule(0.0, 1.0, warmup), after], [warmup])


def _inverse_sqrt(warmup: int) -> optax.Schedule:
    """Vaswani et al. 2017, section 5.3, with 1 at the end of the warm-up, from which it counts."""
    return lambda count: jnp.sqrt(warmup / (count + warmup))


def _decays(weights: Any) -> Any:
    """Which weights decay: all but biases and norms."""

    def decays(path: tuple[Any, ...], _: Any) -> bool:
        name = path[-1].name if path else ""
        return not (name.endswith("bias") or name in ("scale", "shift"))

    return jax.tree_util.tree_map_with_path(decays, weights)


def updated(model: Model, updates: Any, rate: Array) -> Model:
    """A model after a step."""
    return jax.tree.map(lambda weight, update: weight + rate * update, model, updates)
