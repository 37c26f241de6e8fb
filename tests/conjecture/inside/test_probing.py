"""Linear probes of a program's values in a model's stream."""

from __future__ import annotations

import jax
import pytest

from conjecture.errors import LabError
from conjecture.inside import probe
from conjecture.model.build import new_model
from conjecture.recipe import Recipe
from conjecture.tasks import task_named
from conjecture.training.train import Run, Trained, train

RECIPE = Recipe(
    lengths=(1, 8), longest=12, layers=1, heads=2, width=32, steps=800, check_every=400, checks=64, learning_rate=3e-3
)


def begun(task: str, recipe: Recipe) -> Trained:
    """A model with the weights that training begins with."""
    key = jax.random.fold_in(jax.random.key(0), 0)
    return Trained(task_named(task), recipe, Run(0, 1e-3), new_model(task_named(task), recipe, key=key), ())


def test_without_training_nothing_is_gained() -> None:
    found = probe(begun("binary-majority", RECIPE), samples=64)
    assert found
    for one in found:
        assert one.trained == one.untrained
        assert one.gain <= 0
        assert len(one.trained) == 3
        assert 0 < one.frequent < 1


def test_a_function_of_the_token_is_read_off_the_embedding() -> None:
    found = {one.sop: one for one in probe(begun("binary-majority", RECIPE), samples=64)}
    assert found["( tokens_int == -1 )"].trained[0] == 1
    assert not found["( tokens_int == -1 )"].attends


def test_training_brings_in_what_the_program_counts() -> None:
    (trained,) = train(task_named("hist"), RECIPE)
    (count,) = probe(trained, samples=128)
    assert count.attends
    assert count.gain > 0.1
    assert count.trained[-1] > count.trained[0]


def test_looped_models_are_not_probed() -> None:
    recipe = Recipe(lengths=(1, 6), longest=8, layers=1, heads=2, width=16, loop="injected")
    with pytest.raises(LabError, match="a decoder without loops"):
        probe(begun("looped-parity", recipe))
