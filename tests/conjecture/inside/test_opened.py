"""Looking inside: what is seen is what the model computes."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import compiler
from compiler.passage import passage
from conjecture.errors import LabError
from conjecture.inside import open_up
from conjecture.model.looped import Looped
from conjecture.recipe import Recipe
from conjecture.tasks import task_named
from conjecture.training.train import Run, Trained
from tests.conjecture.jitted import new_model, outputs_on, samples_of
from tests.looped import LOOPED

RECIPE = Recipe(lengths=(1, 6), longest=8, layers=2, heads=2, width=16, init=0.5)


def untrained(task: str, recipe: Recipe) -> Trained:
    model = new_model(task_named(task), recipe, key=jax.random.key(0))
    return Trained(task_named(task), recipe, Run(0, 1e-3), model, ())


def test_a_learned_model() -> None:
    trained = untrained("copy-repeat", RECIPE)
    tokens = [-1, 0, 1, 1, -2, 0]
    seen = open_up(trained, tokens)
    assert seen.tokens == ("BOS", "-1", "0", "1", "1", "-2", "0")
    assert seen.layers == ("layer 1", "layer 2")
    assert [found.shape for found in seen.maps] == [(2, 7, 7)] * 2
    assert np.allclose([found.sum(axis=-1) for found in seen.maps], 1, atol=1e-5)
    assert all(not np.triu(head, 1).any() for found in seen.maps for head in found)
    assert seen.streams.shape == (5, 7, 16)
    assert seen.norms.shape == (5, 7)
    assert seen.times[:3] == ("embedding", "layer 1, attention", "layer 1, MLP")
    alphabet = trained.task.alphabet(8)
    assert not isinstance(trained.model, Looped)
    ids = jnp.array([alphabet.codes.index(token) for token in tokens])
    assert np.allclose(seen.streams, trained.model.passage(ids, jnp.array(6)).streams, atol=1e-4)  # pyright: ignore


def test_a_looped_model_step_by_step() -> None:
    recipe = Recipe(lengths=(1, 6), longest=8, layers=2, heads=2, width=16, init=0.5, positions="none", loop="injected")
    trained = untrained("looped-parity", recipe)
    rows = samples_of(trained.task, 8, jax.random.key(0), 4, 4, 1)
    alphabet = trained.task.alphabet(8)
    tokens = [alphabet.codes[index] for index in np.asarray(rows.ids)[0, 1:6].tolist()]
    seen = open_up(trained, tokens)
    assert seen.layers == tuple(f"layer {layer} in step {step}" for step in (1, 2, 3, 4) for layer in (1, 2))
    assert np.allclose(seen.outputs, outputs_on(trained.model, rows)[0, :6], atol=1e-4)
    block, places = trained.model.block, jnp.arange(6)  # pyright: ignore
    for step in range(4):
        before = jnp.asarray(seen.streams[4 * step + 2])
        (second,) = passage(block.layers[1:], before, block.mask(places, 6, jnp.array(5)), places).maps
        assert np.allclose(seen.maps[2 * step + 1], second, atol=1e-4)


def test_a_compiled_model() -> None:
    parity = LOOPED[0]
    model = compiler.compile(parity.program, vocab=parity.vocab, max_length=8, causal=True)
    seen = open_up(model, [1, 0, 1, -1])
    assert seen.layers == ("layer 1 in step 1", "layer 1 in step 2", "layer 1 in step 3")
    assert seen.outputs[1:, 0].tolist() == model([1, 0, 1, -1])
    assert np.array_equal(seen.maps[0], compiler.inspect(model).attention([1, 0, 1, -1]).layers[0])


def test_what_can_not_be_opened() -> None:
    trained = untrained("copy-repeat", RECIPE)
    with pytest.raises(LabError, match="7 is no token of copy-repeat"):
        open_up(trained, [-1, 7])
    with pytest.raises(LabError, match="an input of 0 tokens"):
        open_up(trained, [])
    both = untrained("copy-repeat", Recipe(lengths=(1, 6), longest=8, architecture="encoder-decoder", packing="single"))
    with pytest.raises(LabError, match="two streams"):
        open_up(both, [-1, 0])
