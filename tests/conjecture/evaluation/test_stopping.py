"""Where a looped model stops when nobody tells it."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from conjecture.evaluation.scores import looped_marks
from conjecture.evaluation.stopping import BEYOND, Trial, at_step, surest, surest_together, trial_of
from conjecture.model.looped import Looped
from conjecture.recipe import Recipe
from conjecture.tasks import task_named
from tests.conjecture.jitted import new_model, outputs_on, samples_of

PARITY = task_named("looped-parity")
RECIPE = Recipe(lengths=(1, 6), longest=8, layers=1, heads=2, width=16, positions="none", init=0.5, loop="injected")


def trial() -> Trial:
    """Three steps of two samples: the first is surest at its third step, the second at its first, both together at the second."""
    doubt = jnp.array([[0.9, 0.1], [0.3, 0.2], [0.2, 0.8]])
    exact = jnp.array([[False, True], [False, False], [True, True]])
    return Trial(exact, jnp.zeros((3, 2)), doubt)


def test_the_surest_step() -> None:
    assert surest(trial()).tolist() == [3, 1]
    assert surest_together(trial()).tolist() == [2, 2]
    assert at_step(trial().exact, surest(trial())).tolist() == [True, True]


def test_a_trial_says_what_the_model_says_after_each_step() -> None:
    model = new_model(PARITY, RECIPE, key=jax.random.key(0))
    assert isinstance(model, Looped)
    rows = samples_of(PARITY, 8, jax.random.key(1), 1, 6, 6)
    found = trial_of(model, rows, 5)
    for step in range(1, 6):
        outputs = outputs_on(Looped(model.block, step, True, 0), rows)
        right = (outputs.argmax(axis=-1) == rows.targets) | ~rows.asked
        assert np.array_equal(found.exact[step - 1], right.all(axis=1))
        sure = -jax.nn.log_softmax(outputs).max(axis=-1)
        assert np.allclose(found.doubt[step - 1], (sure * rows.asked).sum(axis=1) / rows.asked.sum(axis=1), atol=1e-4)


def test_marks_tell_the_models_own_step_from_the_one_it_is_told() -> None:
    model = new_model(PARITY, RECIPE, key=jax.random.key(0))
    assert isinstance(model, Looped)
    rows = samples_of(PARITY, 8, jax.random.key(1), 1, 6, 64)
    marks = looped_marks(PARITY, 8, model, rows)
    made = trial_of(model, rows, 8 + BEYOND)
    told = rows.steps[:, 0]
    assert np.array_equal(marks.oracle, at_step(made.exact, told))
    own = surest(made)
    assert np.array_equal(marks.exact, at_step(made.exact, own))
    assert np.array_equal(marks.batch, at_step(made.exact, surest_together(made)))
    assert np.array_equal(marks.early, ~marks.exact & (own < told))
    assert np.array_equal(marks.late, ~marks.exact & (own > told))
