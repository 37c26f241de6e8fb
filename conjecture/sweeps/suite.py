"""What a suite is."""

from __future__ import annotations

from dataclasses import dataclass

from conjecture.recipe import Recipe
from conjecture.sweeps.experiment import Experiment, usual_tests
from conjecture.tasks import task_named


@dataclass(frozen=True)
class Suite:
    """A name, what it is for, and its experiments."""

    name: str
    summary: str
    experiments: tuple[Experiment, ...]


def experiment(task: str, recipe: Recipe, *, seeds: int, samples: int = 256, controls: int = 16) -> Experiment:
    """A task with the usual tests."""
    shortest = max(1, recipe.lengths[0], task_named(task).shortest)
    tests = usual_tests(shortest, recipe.lengths[1], recipe.longest)
    return Experiment(task, recipe, tuple(range(seeds)), (recipe.learning_rate,), tests, samples, controls)
