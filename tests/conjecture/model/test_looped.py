"""Looped models: a block run as often as each sample says."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from conjecture.errors import LabError
from conjecture.model.forward import Model
from conjecture.model.looped import Looped
from conjecture.recipe import Recipe
from conjecture.rows import Rows, longest_at
from conjecture.tasks import task_named
from conjecture.training.train import train
from tests.conjecture.jitted import new_model, outputs_on, samples_of, training_rows

PARITY = task_named("looped-parity")
SMALL = Recipe(lengths=(1, 6), longest=12, layers=2, heads=2, width=16, positions="none", init=0.5, steps=4, loop="injected")


def made(recipe: Recipe) -> tuple[Looped, Rows]:
    model: Model = new_model(PARITY, recipe, key=jax.random.key(0))
    assert isinstance(model, Looped)
    return model, samples_of(PARITY, recipe.longest, jax.random.key(1), 1, recipe.lengths[1], 8)


@pytest.mark.parametrize("loop", ["injected", pytest.param("plain", marks=pytest.mark.slow)])
@pytest.mark.parametrize("times", [None, 3])
def test_each_sample_has_its_own_number_of_steps(times: int | None, loop: Literal["injected", "plain"]) -> None:
    model, rows = made(replace(SMALL, loop=loop, loop_steps=times))
    found = outputs_on(model, rows)
    for number in range(8):
        row = jax.tree.map(lambda array, number=number: array[number : number + 1], rows)
        embedded, stream = model.begin(row)
        for _ in range(times or int(row.steps[0, 0])):
            stream = model.step(stream, embedded, row)
        assert np.allclose(model.read_out(stream)[0], found[number], atol=1e-4)


def test_injection_adds_the_embedding_before_every_step() -> None:
    model, rows = made(SMALL)
    embedded, stream = model.begin(rows)
    assert not stream.any()
    bare = Looped(model.block, model.times, False, model.most)
    twice = model.step(model.step(stream, embedded, rows), embedded, rows)
    assert np.allclose(twice, bare.step(bare.step(embedded, embedded, rows) + embedded, embedded, rows), atol=1e-5)


def test_samples_in_one_row_have_their_own_numbers() -> None:
    rows = training_rows(PARITY, replace(SMALL, packing="pairs", batch=8), 13, jax.random.key(0))
    lengths = [[int((row_owner == one).sum()) - 2 for one in (0, 1)] for row_owner in np.asarray(rows.owner)]
    for owner, steps, wanted in zip(np.asarray(rows.owner), np.asarray(rows.steps), lengths, strict=True):
        assert [set(steps[owner == one].tolist()) for one in (0, 1)] == [{length} for length in wanted]
        assert set(steps[owner < 0].tolist()) <= {0}


def test_a_curriculum() -> None:
    recipe = replace(SMALL, curriculum=10)
    assert [int(longest_at(PARITY, recipe, step)) for step in (0, 9, 10, 39, 40, 1000)] == [2, 2, 3, 5, 6, 6]
    assert longest_at(PARITY, SMALL, 0) == 6
    for packing in ("single", "pairs"):
        early = training_rows(PARITY, replace(recipe, packing=packing), 13, jax.random.key(0), jnp.array(0))
        assert int(early.steps.max()) == 2


def test_it_trains_and_goes_on() -> None:
    (trained,) = train(PARITY, replace(SMALL, steps=3, checks=16, curriculum=2))
    assert isinstance(trained.model, Looped)
    assert trained.steps == 3


def test_what_is_no_loop() -> None:
    with pytest.raises(LabError, match="loop_steps is 0"):
        replace(SMALL, loop_steps=0)
    with pytest.raises(LabError, match="loop_steps is given and no loop"):
        replace(SMALL, loop="none", loop_steps=2)
    with pytest.raises(LabError, match="an encoder-decoder has no loop"):
        replace(SMALL, architecture="encoder-decoder", packing="single")
    with pytest.raises(LabError, match="copy-repeat does not say how many steps a loop takes"):
        train(task_named("copy-repeat"), SMALL)
    with pytest.raises(LabError, match="curriculum is -1"):
        replace(SMALL, curriculum=-1)


@pytest.mark.slow
def test_a_weight_tied_model_continues_a_prompt() -> None:
    recipe = replace(SMALL, loop_steps=2, steps=2, checks=16, positions="learned")
    (trained,) = train(task_named("copy-repeat"), recipe)
    assert 0 <= trained.score(4, samples=8).exact <= 1
