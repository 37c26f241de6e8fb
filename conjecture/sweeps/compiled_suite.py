"""Training that begins from compiled weights: do they stay right, and how much noise do they bear?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from conjecture.recipe import Recipe
from conjecture.sweeps.experiment import Experiment
from conjecture.sweeps.suite import Suite, experiment

TASKS = ("binary-majority", "copy-unique", "hist")
NOISE = (0.0, 1e-8, 1e-7, 1e-6)
RATES = (1e-9, 1e-7, 1e-5, 1e-3)


def compiled() -> Suite:
    """Each task with each noise, not trained at all and at each learning rate."""
    return Suite("compiled", "training from compiled weights, with and without noise, for two cores", tuple(_experiments()))


def _experiments() -> Iterator[Experiment]:
    usual = Recipe(
        lengths=(1, 8),
        longest=24,
        batch=32,
        packing="single",
        steps=500,
        schedule="constant",
        weight_decay=0.0,
        check_every=250,
        checks=256,
        stop_at=2.0,
        start="compiled",
    )
    for task in TASKS:
        for noise in NOISE:
            recipe = replace(usual, noise=noise)
            untrained = experiment(task, replace(recipe, steps=0), seeds=2)
            yield untrained
            yield replace(untrained, recipe=recipe, learning_rates=RATES)
