"""Training: it learns, it is the same however it is cut, and it says what can't be."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path

import jax
import numpy as np
import pytest

from conjecture.alphabet import Alphabet
from conjecture.errors import LabError
from conjecture.recipe import Recipe
from conjecture.sample import Sample
from conjecture.task_type import Task
from conjecture.training import checkpoint as checkpoints
from conjecture.training.interrupt import Interrupted
from conjecture.training.train import Trained, train
from tests.conjecture.small import BOTH_WAYS, COPY, SAME, SMALL


def same(one: Trained, other: Trained) -> bool:
    leaves = zip(jax.tree.leaves(one.model), jax.tree.leaves(other.model), strict=True)
    return one.checks == other.checks and all(np.array_equal(left, right) for left, right in leaves)


@pytest.fixture(scope="module")
def undisturbed() -> list[Trained]:
    return train(COPY, SMALL, seeds=2)


def test_a_label_that_is_the_token_is_learned_at_once() -> None:
    recipe = replace(SMALL, steps=400, check_every=100, learning_rate=1e-2, checks=64)
    (trained,) = train(SAME, recipe)
    assert trained.accuracy == 1
    assert trained.steps < 400  # it stops when everything is right
    assert trained.score(4).exact == 1


def test_seeds_differ_and_a_seed_is_always_the_same(undisturbed: list[Trained]) -> None:
    again = train(COPY, SMALL, seeds=[1])
    assert same(again[0], undisturbed[1])
    assert not same(undisturbed[0], undisturbed[1])
    assert [check.step for check in undisturbed[0].checks] == [10, 20]


def test_runs_that_train_together_are_those_that_train_alone(undisturbed: list[Trained]) -> None:
    together = train(COPY, SMALL, seeds=2, together=True)
    for one, other in zip(together, undisturbed, strict=True):
        assert one.run == other.run
        for left, right in zip(jax.tree.leaves(one.model), jax.tree.leaves(other.model), strict=True):
            assert np.allclose(left, right, atol=1e-4)


def test_a_run_that_has_ended_stays_while_others_go_on() -> None:
    """With a learning rate of nearly nothing one run never gets better; the other one ends early."""
    recipe = replace(SMALL, steps=300, check_every=100, checks=64)
    fast, slow = train(SAME, recipe, learning_rates=(2e-2, 1e-9), together=True)
    assert fast.accuracy == 1
    assert fast.steps < slow.steps == 300
    (alone,) = train(SAME, recipe, learning_rates=(2e-2,))
    assert fast.steps == alone.steps


@pytest.mark.parametrize("together", [False, True])
def test_going_on_gives_the_same_bits(undisturbed: list[Trained], tmp_path: Path, together: bool) -> None:
    wanted = train(COPY, SMALL, seeds=2, together=True) if together else undisturbed

    def stop(runs: object, step: int, losses: object, accuracies: object) -> None:
        if step == 10:
            os.kill(os.getpid(), signal.SIGINT)

    for _ in range(1 if together else 2):  # each of two runs is interrupted once
        with pytest.raises(Interrupted, match="at step 10; the same command goes on from there"):
            train(COPY, SMALL, seeds=2, checkpoint=tmp_path, report=stop, together=together)
    found = train(COPY, SMALL, seeds=2, checkpoint=tmp_path, report=stop, together=together)
    assert all(same(one, other) for one, other in zip(found, wanted, strict=True))


def test_without_a_checkpoint_an_interruption_says_so() -> None:
    with pytest.raises(Interrupted, match="there is no checkpoint"):
        train(COPY, SMALL, report=lambda *_: os.kill(os.getpid(), signal.SIGTERM))


def test_checkpoints_are_saved_now_and_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "SECONDS", 0)
    train(COPY, SMALL, checkpoint=tmp_path)
    (path,) = tmp_path.iterdir()
    path.write_bytes(b"not a checkpoint\n")
    with pytest.raises(LabError, match=r"can't be read\n  hint: remove it"):
        train(COPY, SMALL, checkpoint=tmp_path)


def test_a_full_disk_is_told_and_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "SECONDS", 0)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LabError, match="No space left on device\n  hint: what was finished before is kept"):
        train(COPY, SMALL, checkpoint=tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "recipe",
    [
        replace(SMALL, architecture="encoder-decoder", packing="single", schedule="inverse-sqrt", warmup=5, dropout=0.1,
                label_smoothing=0.1),
        pytest.param(replace(SMALL, positions="rotary", schedule="cosine", warmup=3, packing="context", context=64),
                     marks=pytest.mark.slow),
        pytest.param(replace(SMALL, positions="sinusoidal", schedule="constant", activation="relu", precision="bfloat16"),
                     marks=pytest.mark.slow),
    ],
    ids=["encoder-decoder", "rotary, context", "sinusoidal, bfloat16"],
)  # fmt: skip
def test_every_kind_of_recipe_makes_the_loss_smaller(recipe: Recipe) -> None:
    (trained,) = train(COPY, replace(recipe, steps=60, check_every=20, learning_rate=1e-2))
    assert trained.checks[-1].loss < trained.checks[0].loss
    assert np.isfinite(trained.score(3, samples=8).tokens)
    if recipe.positions == "sinusoidal":  # these are no weights
        (unchanged,) = train(COPY, replace(recipe, steps=0))
        assert np.array_equal(trained.model.positions, unchanged.model.positions)


def test_labels_may_look_both_ways() -> None:
    (trained,) = train(BOTH_WAYS, SMALL)
    assert trained.checks[-1].loss < trained.checks[0].loss


@pytest.mark.parametrize(
    ("recipe", "complaint"),
    [
        (replace(SMALL, packing="context", context=12), "a context of 12 tokens is too short for small-copy at length 8"),
        (replace(SMALL, lengths=(0, 0)), "small-copy has no sample shorter than 1"),
    ],
)
def test_a_recipe_that_does_not_fit_the_task_is_refused(recipe: Recipe, complaint: str) -> None:
    with pytest.raises(LabError, match=complaint):
        train(COPY, recipe)


def cut(key: jax.Array, length: jax.Array, longest: int) -> Sample:
    """Samples of the small task without the last of their room."""
    return jax.tree.map(lambda array: array[:-1] if array.ndim else array, COPY.sample(key, length, longest))


@pytest.mark.parametrize(
    ("task", "complaint"),
    [
        (replace(COPY, stop=7), "the stop token of small-copy, 7, is none of its tokens"),
        (replace(COPY, stop=None), "the stop token of small-copy, None, is none of its tokens"),
        (replace(COPY, stop=-1), "an answer of small-copy at length 1 ends in -2, not in the stop -1"),
        (replace(COPY, alphabet=lambda _: Alphabet.of((-1, -2, 0, 1))), "has a token 2 that is not in its alphabet"),
        (replace(SAME, labels=lambda _: Alphabet.of((0, 1))), "has a token 2 that is not in its labels"),
        (replace(COPY, sample=cut), r"samples of small-copy up to a length of \d+ have room \d+, not \d+"),
    ],
)
def test_samples_that_are_not_what_the_task_says_are_refused(task: Task, complaint: str) -> None:
    with pytest.raises(LabError, match=complaint):
        train(task, SMALL)


def test_models_that_do_not_suit_a_task_are_refused() -> None:
    with pytest.raises(LabError, match="small-both-ways asks for models that look both ways, and ALiBi looks back"):
        train(BOTH_WAYS, replace(SMALL, positions="alibi"))
    with pytest.raises(LabError, match="an encoder-decoder continues a prompt; small-same asks for labels"):
        train(SAME, replace(SMALL, architecture="encoder-decoder", packing="single"))


def test_a_model_is_not_tested_at_lengths_it_has_no_room_for(undisturbed: list[Trained]) -> None:
    with pytest.raises(LabError, match="lengths 9 to 9 are not within 1 to 8"):
        undisturbed[0].score(9)
