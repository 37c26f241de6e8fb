"""Rows hold whole samples, at positions that the model has."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jax
import numpy as np
import pytest

from conjecture.model.build import context_of
from conjecture.recipe import Recipe
from conjecture.rows import single_rows, training_rows
from conjecture.task_type import Task
from tests.conjecture.small import BOTH_WAYS, COPY, END, SAME, SEP, SMALL

BOS = 5
"""The id after those of the five tokens."""


def rows_of(task: Task, recipe: Recipe, seed: int = 0) -> Any:
    context = context_of(task, recipe)
    return jax.device_get(jax.jit(lambda key: training_rows(task, recipe, context, key))(jax.random.key(seed)))


def copied(ids: np.ndarray, targets: np.ndarray, asked: np.ndarray) -> tuple[list[int], list[int]]:
    """The prompt and the wanted answer of one sample of the copying task, as codes."""
    codes = [SEP, END, 0, 1, 2]
    assert ids[0] == BOS
    prompt = [codes[token] for token in ids[1:] if token != BOS]
    return prompt[: prompt.index(SEP)], [codes[token] for token in targets[asked]]


@pytest.mark.parametrize("packing", ["single", "pairs"])
def test_each_sample_is_whole(packing: str) -> None:
    rows = rows_of(COPY, replace(SMALL, packing=packing))
    seen = 0
    for row in range(len(rows.ids)):
        for owner in set(rows.owner[row]) - {-1}:
            mine = rows.owner[row] == owner
            prompt, answer = copied(rows.ids[row][mine], rows.targets[row][mine], rows.asked[row][mine])
            assert answer == [*prompt, END]
            places = rows.places[row][mine]
            assert (np.diff(places) == 1).all()
            assert places[0] >= 0
            assert places[-1] < context_of(COPY, SMALL)
            assert rows.given[row][mine].sum() == len(prompt) + 2  # BOS and SEP too
            seen += 1
    assert seen == SMALL.batch
    assert not rows.asked[rows.owner < 0].any()


def test_the_two_samples_of_a_row_have_one_length_together() -> None:
    rows = rows_of(COPY, SMALL)
    lengths = [(rows.asked & (rows.owner == owner)).sum(axis=1) - 1 for owner in (0, 1)]
    assert (lengths[0] + lengths[1] == 5).all()
    assert len(set(lengths[0])) > 1


def test_all_positions_of_a_model_are_used() -> None:
    recipe = replace(SMALL, batch=512)
    rows = rows_of(COPY, recipe)
    assert set(rows.places[rows.owner >= 0]) == set(range(context_of(COPY, recipe)))


def test_a_long_context_is_filled_and_cut_anywhere() -> None:
    recipe = replace(SMALL, packing="context", context=32, batch=64)
    rows = rows_of(COPY, recipe)
    assert rows.ids.shape == (64, 32)
    assert (rows.owner == 0).all()  # samples see those before them
    assert (rows.places == np.arange(32)).all()
    assert {int(np.flatnonzero(row == BOS)[0]) for row in rows.ids} > {0, 1, 2}
    for ids, targets, asked in zip(rows.ids, rows.targets, rows.asked, strict=True):
        starts = [*np.flatnonzero(ids == BOS), 32]
        assert not asked[: starts[0]].any()  # an answer to a prompt that was cut off is not asked for
        for begin, end in zip(starts[:-2], starts[1:-1], strict=True):
            prompt, answer = copied(ids[begin:end], targets[begin:end], asked[begin:end])
            assert answer == [*prompt, END]


@pytest.mark.parametrize("task", [SAME, BOTH_WAYS])
def test_labels_are_asked_for_at_every_token(task: Task) -> None:
    rows = rows_of(task, SMALL)
    inside = (rows.owner >= 0) & (rows.ids != BOS)
    assert (rows.asked == inside).all()
    assert (rows.targets[inside] == rows.ids[inside]).all()


def test_a_test_sample_stands_at_the_first_positions() -> None:
    keys = jax.random.split(jax.random.key(0), 5)
    rows = jax.device_get(single_rows(COPY, 8, jax.vmap(lambda key: COPY.sample(key, jax.numpy.array(3), 8))(keys)))
    assert (rows.places[:, 0] == 0).all()
    assert ((rows.owner >= 0).sum(axis=1) == 8).all()  # BOS, 3 tokens, SEP, 3 tokens; the stop token is not read
    for row in range(5):
        prompt, answer = copied(rows.ids[row], rows.targets[row], rows.asked[row])
        assert len(prompt) == 3
        assert answer == [*prompt, END]
