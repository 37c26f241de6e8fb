"""What a look at a model shows while it is trained."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from conjecture.recipe import Recipe
from conjecture.task_type import Task
from conjecture.training.train import Trained, train

T = TypeVar("T")


def during(task: Task, recipe: Recipe, look: Callable[[Trained], T], *, seed: int = 0) -> tuple[Trained, list[tuple[int, T]]]:
    """Train a model and look at it before the first step and at each check.

    Args:
        look: what is seen of a model; its ``checks`` tell loss and accuracy.

    Returns:
        The trained model, and the step and the sight of each look.

    Raises:
        LabError: as ``conjecture.train`` raises it.
    """
    seen: list[tuple[int, T]] = []
    (trained,) = train(task, recipe, seeds=[seed], watch=lambda models: seen.extend((one.steps, look(one)) for one in models))
    return trained, seen
