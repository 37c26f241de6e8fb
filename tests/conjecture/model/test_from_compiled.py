"""Training that begins from compiled weights."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conjecture.errors import LabError
from conjecture.recipe import Recipe
from conjecture.task_type import Program
from conjecture.tasks import task_named
from conjecture.training.train import train

RECIPE = Recipe(lengths=(1, 8), longest=24, steps=0, packing="single", start="compiled")


@pytest.mark.parametrize(
    "task",
    [
        "hist",
        "count",
        "dyck-1",
        *(pytest.param(task, marks=pytest.mark.slow) for task in ("binary-majority", "copy-unique", "sort", "addition-binary")),
    ],
)
def test_before_training_it_does_what_the_program_does(task: str) -> None:
    (model,) = train(task_named(task), RECIPE)
    assert [model.score(length, samples=16).exact for length in (task_named(task).shortest, 8, 24)] == [1, 1, 1]


@pytest.mark.slow
def test_steps_are_made_from_there() -> None:
    """At a rate that moves nothing; any that does spoils them (docs/lab/inside.md)."""
    recipe = replace(RECIPE, steps=5, check_every=5, checks=16, learning_rate=1e-30, batch=8, packing="pairs")
    (model,) = train(task_named("binary-majority"), recipe)
    assert model.accuracy == 1
    (broken,) = train(task_named("binary-majority"), replace(recipe, noise=0.5))
    assert broken.accuracy < 1


def test_what_can_not_begin_so() -> None:
    for changes, message in (
        ({"positions": "none"}, "learned positions and no loop"),
        ({"packing": "context"}, "one sample"),
        ({"noise": -1.0}, "noise is -1.0"),
        ({"start": "random", "noise": 0.1}, "noise is for compiled weights"),
    ):
        with pytest.raises(LabError, match=message):
            replace(RECIPE, **changes)
    with pytest.raises(LabError, match="the program of looped-parity has a loop"):
        train(task_named("looped-parity"), RECIPE)
    backwards = replace(task_named("parity"), program=Program("reverse.rasp", "reverse"))
    with pytest.raises(LabError, match="the program of parity does not compile"):
        train(backwards, RECIPE)
