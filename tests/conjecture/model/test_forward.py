"""A sample's outputs are its own, whatever stands beside it and however they are computed."""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from conjecture.model.build import context_of, sinusoids
from conjecture.model.forward import Model
from conjecture.model.layers import turned
from conjecture.recipe import Recipe
from conjecture.rows import Rows
from conjecture.task_type import Task
from tests.conjecture.jitted import new_decoder, new_model, outputs_on, training_rows
from tests.conjecture.small import BOTH_WAYS, COPY, SAME, SMALL

RECIPES = {
    "learned": SMALL,
    "none": replace(SMALL, positions="none"),
    "sinusoidal": replace(SMALL, positions="sinusoidal"),
    "rotary": replace(SMALL, positions="rotary", activation="relu"),
    "alibi": replace(SMALL, positions="alibi"),
}


def made(task: Task, recipe: Recipe) -> tuple[Model, Rows]:
    context = context_of(task, recipe)
    model = new_model(task, replace(recipe, init=0.5), key=jax.random.key(1))
    return model, training_rows(task, recipe, context, jax.random.key(2))


@pytest.mark.parametrize("task", [COPY, SAME, BOTH_WAYS], ids=lambda task: task.name)
@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_a_sample_does_not_see_the_other_one_of_its_row(task: Task, recipe: Recipe) -> None:
    model, rows = made(task, recipe)
    second = rows.owner == 1
    changed = replace(rows, ids=jnp.where(second, 0, rows.ids))
    before, after = outputs_on(model, rows), outputs_on(model, changed)
    first = np.asarray(rows.owner == 0)
    assert np.allclose(before[first], after[first], atol=1e-5)
    assert not np.allclose(before[np.asarray(second)], after[np.asarray(second)], atol=1e-2)


@pytest.mark.parametrize("recipe", [RECIPES[name] for name in ("none", "rotary", "alibi")], ids=["none", "rotary", "alibi"])
def test_only_distances_matter_without_absolute_positions(recipe: Recipe) -> None:
    model, rows = made(COPY, recipe)
    moved = replace(rows, places=rows.places + 3)
    inside = np.asarray(rows.owner >= 0)
    assert np.allclose(outputs_on(model, rows)[inside], outputs_on(model, moved)[inside], atol=1e-4)


def test_rotary_positions_tell_distances_apart() -> None:
    model, rows = made(COPY, RECIPES["rotary"])
    stretched = replace(rows, places=2 * rows.places)
    inside = np.asarray(rows.owner >= 0)
    assert not np.allclose(outputs_on(model, rows)[inside], outputs_on(model, stretched)[inside], atol=1e-2)


def test_alibi_lowers_scores_by_the_distance() -> None:
    """With eight heads the slopes are 1/2, 1/4, … 1/256 (Press et al. 2022, section 3)."""
    model = new_decoder(COPY, replace(SMALL, positions="alibi", heads=8, width=16, init=0.0), key=jax.random.key(0))
    maps = np.asarray(model.passage(jnp.array([0, 1, 0]), jnp.array(3)).maps[0])
    for head in range(8):
        wanted = np.exp(-(2.0 ** -(head + 1)) * np.array([3, 2, 1, 0]))
        assert np.allclose(maps[head, 3], wanted / wanted.sum(), atol=1e-6)


def test_alibi_tells_late_positions_apart_in_bfloat16() -> None:
    model = new_decoder(COPY, replace(SMALL, positions="alibi"), key=jax.random.key(0))
    keys = model.layers[0].attention.placed_keys(jnp.zeros((2, 4, 8), jnp.bfloat16), jnp.arange(598, 602))
    assert keys[0, :, -1].tolist() == [598, 599, 600, 601]


def test_turning_keeps_lengths_and_scores_depend_on_distances() -> None:
    vectors = jax.random.normal(jax.random.key(0), (2, 5, 6))
    places = jnp.arange(5)
    assert np.allclose(jnp.linalg.norm(turned(vectors, places), axis=-1), jnp.linalg.norm(vectors, axis=-1), atol=1e-5)
    one, other = turned(vectors, places), turned(vectors, places + 11)
    assert np.allclose(one @ one.mT, other @ other.mT, atol=1e-4)


def test_sinusoids_are_those_of_the_paper() -> None:
    found = sinusoids(4, 6)
    assert np.allclose(
        found[3],
        [
            np.sin(3),
            np.cos(3),
            *(f(3 / 10_000 ** (2 / 6)) for f in (np.sin, np.cos)),
            *(f(3 / 10_000 ** (4 / 6)) for f in (np.sin, np.cos)),
        ],
    )


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_running_it_is_the_same_as_training_it(recipe: Recipe) -> None:
    """``Transformer.run`` and ``step``, which generation uses, agree with the outputs on rows."""
    model = new_decoder(COPY, replace(recipe, init=0.5), key=jax.random.key(1))
    ids = jnp.array([2, 3, 4, 0, 2, 3])
    row = Rows(
        jnp.append(jnp.array([5]), ids)[None], jnp.zeros((1, 7), int), jnp.zeros((1, 7), bool), jnp.arange(7)[None],
        jnp.zeros((1, 7), int), jnp.ones((1, 7), bool), jnp.zeros((1, 7), int),
    )  # fmt: skip
    wanted = outputs_on(model, row)[0, 1:]
    outputs, _ = model.run(ids, jnp.array(6))
    assert np.allclose(outputs, wanted, atol=1e-4)
    _, begun = model.run(ids.at[3:].set(0), jnp.array(3))
    for place in range(3, 6):
        output, begun = model.step(ids[place], jnp.array(place + 1), begun)
        assert np.allclose(output, wanted[place], atol=1e-4)


def test_dropout_needs_a_key_and_changes_the_outputs() -> None:
    model, rows = made(COPY, SMALL)
    plain = outputs_on(model, rows)
    assert np.array_equal(plain, outputs_on(model, rows, dropout=0.5))
    dropped = outputs_on(model, rows, dropout=0.5, key=jax.random.key(0))
    assert not np.allclose(plain, dropped)
    assert np.array_equal(dropped, outputs_on(model, rows, dropout=0.5, key=jax.random.key(0)))


class TestEncoderDecoder:
    recipe = replace(SMALL, architecture="encoder-decoder", packing="single")

    def test_the_answer_sees_all_of_the_prompt_and_of_itself_what_is_before(self) -> None:
        model, rows = made(COPY, self.recipe)
        outputs = np.asarray(outputs_on(model, rows))
        asked = np.asarray(rows.asked)
        for row in range(len(asked)):
            first = int(asked[row].argmax())
            last = int(asked[row].nonzero()[0][-1])
            later = np.asarray(outputs_on(model, replace(rows, ids=rows.ids.at[row, last].add(1))))
            assert np.allclose(later[row, first:last], outputs[row, first:last], atol=1e-5)
            prompt = np.asarray(outputs_on(model, replace(rows, ids=rows.ids.at[row, 1].add(1))))
            assert not np.allclose(prompt[row, first : last + 1], outputs[row, first : last + 1], atol=1e-4)

    def test_padding_makes_no_difference(self) -> None:
        model, rows = made(COPY, self.recipe)
        changed = replace(rows, ids=jnp.where(rows.owner < 0, 0, rows.ids))
        asked = np.asarray(rows.asked)
        assert np.allclose(outputs_on(model, rows)[asked], outputs_on(model, changed)[asked], atol=1e-5)
