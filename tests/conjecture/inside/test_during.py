"""What is seen in training: the models at each check, and the reach of heads along chains."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from conjecture.errors import LabError
from conjecture.inside import during, open_up, reach
from conjecture.inside.retrieval import chains
from conjecture.recipe import Recipe
from conjecture.tasks import task_named

RECIPE = Recipe(lengths=(2, 2), longest=2, layers=2, heads=3, width=12, batch=8, steps=20, check_every=10, checks=16, stop_at=2.0)
TASK = task_named("retrieval-curriculum")


@pytest.mark.slow
def test_each_check_is_seen() -> None:
    trained, seen = during(TASK, RECIPE, lambda model: (model.steps, open_up(model, [100, -1, 7]).norms), seed=1)
    assert [step for step, _ in seen] == [0, 10, 20]
    assert [step for step, (same, _) in seen if step == same] == [0, 10, 20]
    assert np.allclose(seen[-1][1][1], open_up(trained, [100, -1, 7]).norms)
    assert not np.allclose(seen[0][1][1], seen[1][1][1])


def test_training_is_the_same_when_it_is_watched() -> None:
    from conjecture.training.train import train

    (alone,) = train(TASK, RECIPE, seeds=[1])
    watched, _ = during(TASK, RECIPE, reach, seed=1)
    assert alone.checks == watched.checks


def test_chains() -> None:
    # 100 = 7, 101 = 100, 102 = 3, 103 = 101; 103?
    tokens = [100, -1, 7, 101, -1, 100, 102, -1, 3, 103, -1, 101, -2, 103]
    assert chains(tokens) == [(2, ()), (5, (2,)), (8, ()), (11, (5, 2)), (13, (11, 5, 2))]


def test_reach() -> None:
    _, seen = during(TASK, replace(RECIPE, steps=0), lambda model: reach(model, samples=16))
    ((_, found),) = seen
    assert found.weights.shape == (2, 2, 3)
    assert found.question.shape == (2, 2, 3)
    assert found.right.shape == (3,)
    assert np.array_equal(found.strongest, found.weights.max(axis=(1, 2)))
    # At the start attention is about even: over what stands before and the position itself.
    assert 0.04 < found.weights.min() <= found.weights.max() < 0.1


def test_what_has_no_chains() -> None:
    _, seen = during(TASK, replace(RECIPE, steps=0), lambda model: model)
    trained = seen[0][1]
    with pytest.raises(LabError, match="copy-repeat has no chains"):
        reach(replace(trained, task=task_named("copy-repeat")))
    with pytest.raises(LabError, match="a decoder without loops"):
        during(TASK, replace(RECIPE, steps=0, loop="injected", loop_steps=2), reach)
