"""Linear probes of a program's values in a model's stream."""

from __future__ import annotations

from dataclasses import replace

import jax
import numpy as np
import pytest

from conjecture.errors import LabError
from conjecture.inside import open_up, probe
from conjecture.inside.computed import computed, streams
from conjecture.recipe import Recipe
from conjecture.tasks import task_named
from conjecture.training.train import Run, Trained, train
from tests.conjecture.jitted import new_model

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


@pytest.mark.slow
def test_training_brings_in_what_the_program_counts() -> None:
    (trained,) = train(task_named("hist"), RECIPE)
    (count,) = probe(trained, samples=128)
    assert count.attends
    assert count.gain > 0.1
    assert count.trained[-1] > count.trained[0]


LOOPED = Recipe(lengths=(1, 6), longest=8, layers=1, heads=2, width=16, loop="injected")


def test_the_values_of_a_loop_are_those_after_as_many_steps() -> None:
    values = computed(begun("looped-parity", LOOPED), 16, seed=0)
    seen = values.sops.index(values.states[0])
    expected = []
    for tokens, steps in zip(values.inputs, values.steps, strict=True):
        bits = [max(token, 0) for token in tokens]  # pyright: ignore
        assert steps == len(bits) - 1
        for step in range(1, steps + 1):
            expected += [sum(bits[max(0, place - step) : place]) % 2 for place in range(len(bits))]  # pyright: ignore
    assert values.columns[seen] == expected
    assert values.places.sum() == len(expected)


def test_the_streams_of_a_loop_are_those_after_as_many_steps() -> None:
    model = begun("looped-parity", LOOPED)
    values = computed(model, 4, seed=0)
    found = streams(model, model.model, values)  # pyright: ignore
    assert found.shape == (2, len(values.columns[0]), 16)
    begin = 0
    for tokens, steps in zip(values.inputs, values.steps, strict=True):
        opened = open_up(model, tokens).streams[1:, 1:]
        for step in range(steps):
            end = begin + len(tokens)
            assert np.allclose(found[:, begin:end], opened[2 * step : 2 * step + 2], atol=1e-4)
            begin = end


def test_a_loop_is_probed_step_by_step() -> None:
    found = probe(begun("looped-parity", LOOPED), samples=32)
    assert [one.state for one in found] == [None, None, 1, None, 0]
    for one in found:
        assert one.trained == one.untrained
        assert len(one.trained) == 2
        assert 1 < len(one.by_step) <= 6


def test_what_has_no_steps_to_compare() -> None:
    with pytest.raises(LabError, match="a loop of 4 steps, whatever the program does"):
        probe(begun("looped-parity", replace(LOOPED, loop_steps=4)))
    with pytest.raises(LabError, match="an encoder-decoder has two streams"):
        probe(begun("reverse", replace(LOOPED, loop="none", architecture="encoder-decoder", packing="single")))
