"""Steps of the optimizer, and the learning rate over time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from conjecture.model.build import new_model
from conjecture.recipe import Schedule
from conjecture.training.optimizer import optimizer_of, schedule_of
from tests.conjecture.small import COPY, SMALL


@pytest.mark.parametrize("positions", ["none", "sinusoidal", "rotary"])
def test_positions_that_are_no_weights_have_no_part_in_a_step(positions: str) -> None:
    """Nor in the norm by which a gradient is clipped."""
    recipe = replace(SMALL, positions=positions)
    model: Any = new_model(COPY, recipe, key=jax.random.key(0))
    optimizer = optimizer_of(recipe)
    gradients = jax.tree.map(jnp.ones_like, model)
    large = eqx.tree_at(lambda tree: tree.positions, gradients, replace_fn=lambda array: 1e6 * array)
    small: Any
    moved: Any
    small, moved = (optimizer.update(given, optimizer.init(model), model)[0] for given in (gradients, large))
    for one, other in zip(jax.tree.leaves(small), jax.tree.leaves(moved), strict=True):
        assert np.array_equal(one, other)
    assert not small.positions.any()
    assert small.tokens.any()


def test_learned_positions_are_weights() -> None:
    model: Any = new_model(COPY, SMALL, key=jax.random.key(0))
    optimizer = optimizer_of(SMALL)
    updates: Any = optimizer.update(jax.tree.map(jnp.ones_like, model), optimizer.init(model), model)[0]
    assert updates.positions.all()


@pytest.mark.parametrize(
    ("schedule", "rates"),
    [
        ("constant", {0: 0.0, 5: 0.5, 10: 1.0, 60: 1.0, 110: 1.0}),
        ("linear", {5: 0.5, 10: 1.0, 60: 0.5, 110: 0.0}),
        ("cosine", {5: 0.5, 10: 1.0, 60: 0.5, 110: 0.0}),
        ("inverse-sqrt", {5: 0.5, 10: 1.0, 40: 0.5, 90: 1 / 3}),
    ],
)
def test_the_learning_rate_over_time(schedule: Schedule, rates: dict[int, float]) -> None:
    """After ten steps of warm-up; of inverse-sqrt it is sqrt(10 / step), as in Vaswani et al. 2017."""
    rate = schedule_of(replace(SMALL, steps=110, warmup=10, schedule=schedule))
    found: dict[int, Any] = {step: rate(step) for step in rates}
    assert {step: float(value) for step, value in found.items()} == pytest.approx(rates, abs=1e-6)


@pytest.mark.parametrize("schedule", ["linear", "cosine"])
def test_the_learning_rate_stays_while_lengths_grow(schedule: Schedule) -> None:
    """From 2 to 7, a length every ten steps: all are there from step 50 on."""
    rate = schedule_of(replace(SMALL, lengths=(1, 7), longest=9, steps=110, warmup=10, schedule=schedule, curriculum=10))
    found = np.array([rate(step) for step in (5, 10, 30, 50, 80, 110)], float).tolist()
    assert found == pytest.approx([0.5, 1, 1, 1, 0.5, 0], abs=1e-6)
