"""Retrieval through chains: which depth suffices for how many hops, with and without shorter chains in the same signal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from conjecture.recipe import Recipe
from conjecture.sweeps.experiment import Experiment
from conjecture.sweeps.suite import Suite

PLAIN = ("retrieval-curriculum", "retrieval")
CONDITIONAL = ("retrieval-conditional-curriculum", "retrieval-conditional")


def grid(
    tasks: Sequence[str], hops: Sequence[int], depths: Sequence[int], usual: Recipe, *, seeds: int, samples: int
) -> Iterator[Experiment]:
    """Each task at each number of hops by each depth. Models are tested on as many hops as they are trained on."""
    for length in hops:
        for depth in depths:
            recipe = replace(usual, lengths=(length, length), longest=length, layers=depth)
            for task in tasks:
                yield Experiment(task, recipe, tuple(range(seeds)), (recipe.learning_rate,), ((length, length),), samples)


def musat2024() -> Suite:
    """The published steps and batch; the paper gives no width, learning rate or layout, these are choices."""
    usual = Recipe(
        heads=4,
        width=128,
        init=0.07,
        batch=128,
        packing="single",
        steps=24_000,
        learning_rate=1e-3,
        warmup=500,
        check_every=1000,
        checks=1000,
    )
    experiments = grid((*PLAIN, *CONDITIONAL), range(1, 7), (1, 2, 3, 4, 5, 6, 8, 12), usual, seeds=3, samples=2000)
    return Suite("musat2024", "retrieval over 1 to 6 hops by models of 1 to 12 layers, for a GPU", tuple(experiments))


def retrieval() -> Suite:
    """A part of that grid for two cores."""
    usual = Recipe(
        heads=4,
        width=64,
        init=0.1,
        batch=64,
        packing="single",
        steps=6000,
        learning_rate=1e-3,
        warmup=200,
        check_every=500,
        checks=512,
        stop_at=0.995,
    )
    experiments = grid(PLAIN, (1, 2, 3), (1, 2, 3, 4), usual, seeds=1, samples=1000)
    return Suite("retrieval", "retrieval over 1 to 3 hops by models of 1 to 4 layers, for two cores", tuple(experiments))
