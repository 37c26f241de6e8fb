"""Results of sweeps that never were, in the schemas of real ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from conjecture.files import digest
from conjecture.recipe import Recipe
from conjecture.sweeps.experiment import usual_tests as usual_tests
from conjecture.sweeps.results import CONTROL_SCHEMA, RUN_SCHEMA, Results

RECIPE = Recipe(lengths=(1, 20), longest=60, layers=2, heads=2, width=32, steps=1000)


@dataclass(frozen=True)
class Made:
    """A task and how its models do.

    Attributes:
        length: of its program; every measure is made from it.
        reach: the length up to which models are right, in training lengths, for each seed.
        accuracies: on training lengths, for each seed.
        after: exact match beyond the reach.
        early: the part of wrong answers that stop early.
        legal: whether the program is RASP-L.
        control: whether there is a control.
        compiled: exact match of the compiled transformer; None if it was refused.
    """

    name: str
    length: float
    reach: tuple[float, ...] = (3.0, 3.0)
    accuracies: tuple[float, ...] = ()
    after: float = 0.25
    early: float = 0.0
    legal: bool | None = True
    control: bool = True
    compiled: float | None = 1.0
    recipe: Recipe = RECIPE
    suite: str = "made-up"


def results(tasks: Sequence[Made]) -> Results:
    """Runs and controls of all tasks."""
    runs = [run_row(task, seed) for task in tasks for seed in range(len(task.reach))]
    controls = [control_row(task) for task in tasks if task.control]
    return Results(frame(runs, RUN_SCHEMA), frame(controls, CONTROL_SCHEMA))


def frame(rows: Sequence[Mapping[str, Any]], schema: Mapping[str, Any]) -> pl.DataFrame:
    """Rows in a schema."""
    return pl.DataFrame(list(rows), schema=dict(schema), orient="row")


def run_row(task: Made, seed: int) -> dict[str, Any]:
    """The row of a run."""
    recipe, reach = task.recipe, task.reach[seed] * task.recipe.lengths[1]
    accuracy = task.accuracies[seed] if task.accuracies else 1.0

    def score(low: int, high: int) -> dict[str, Any]:
        exact = accuracy if high <= recipe.lengths[1] else 1.0 if high <= reach else task.after
        early = (1 - exact) * task.early
        return {
            "low": low,
            "high": high,
            "samples": 256,
            "exact": exact,
            "tokens": (1 + exact) / 2,
            "batch": exact,
            "oracle": exact + early,
            "early": early,
            "late": 0.0,
            "content": 1 - exact - early,
        }

    return {
        "suite": task.suite,
        "run": f"{task.suite}-{task.name}-{seed}-{digest(recipe.about())}",
        "task": task.name,
        "seed": seed,
        "learning_rate": recipe.learning_rate,
        **{name: getattr(recipe, name) for name in ("positions", "architecture", "layers", "heads", "width")},
        "parameters": 1000 * recipe.width,
        "train_low": recipe.lengths[0],
        "train_high": recipe.lengths[1],
        "recipe": json.dumps(recipe.about()),
        "steps": recipe.steps,
        "accuracy": accuracy,
        "seconds": 30.0,
        "device": "cpu",
        "checks": [{"step": recipe.steps, "loss": 0.01, "accuracy": accuracy}],
        "scores": [score(low, high) for low, high in lengths(recipe)],
    }


def lengths(recipe: Recipe) -> tuple[tuple[int, int], ...]:
    """The usual tests."""
    return usual_tests(max(1, recipe.lengths[0]), recipe.lengths[1], recipe.longest)


MEASURES: Mapping[str, Callable[[float], float]] = {
    "simplified bits": lambda length: 10 * length,
    "simplified heads": lambda length: length // 4,
    "text tokens": lambda length: (length * 7) % 11 + length / 2,
}
"""The first goes with the length, the second has ties, the third goes with it loosely."""


def control_row(task: Made) -> dict[str, Any]:
    """The row of a control."""
    compiled = {} if task.compiled is None else {"compiled layers": 1 + task.length // 8}
    return {
        "suite": task.suite,
        "run": f"{task.suite}-{task.name}-control",
        "task": task.name,
        "measures": json.dumps({name: measure(task.length) for name, measure in MEASURES.items()}),
        "compiled": json.dumps(compiled),
        "refusal": "`x` could be | too wide" if task.compiled is None else None,
        "legal": task.legal,
        "program": f"{task.name}.raspl: next_token",
        "controls": [
            {"low": low, "high": high, "interpreter": 1.0, "compiled": task.compiled, "chance": 0.01, "shortcut": None}
            for low, high in lengths(task.recipe)
        ],
    }


def with_reach(count: int, reach: Callable[[int], float], prefix: str = "task") -> list[Made]:
    """Tasks of lengths 1, 2, … with two seeds that reach almost as far."""
    return [Made(f"{prefix}-{n:02}", n, (reach(n), reach(n))) for n in range(1, count + 1)]


def elsewhere(task: Made, **changes: Any) -> Made:
    """The same task with another recipe."""
    return replace(task, recipe=replace(task.recipe, **changes))
