"""Looped transformers and what they are compared with (Fan et al. 2024).

For each question there are six methods: the whole answer at once, by a loop of as many steps as the task says, with the
embedding added at every step; the same without that; the same with a fixed number of steps; and next-token prediction by a deep
transformer, by one that waits at pause tokens before it answers, and by a loop of a fixed number of steps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from conjecture.recipe import Recipe
from conjecture.sweeps.experiment import Experiment
from conjecture.sweeps.suite import Suite, experiment


@dataclass(frozen=True)
class Case:
    """A question at some size.

    Attributes:
        block: layers of the loop's block.
        heads: of each layer.
        curriculum: steps of training for each new length.
        trained, tested: the longest lengths.
    """

    question: str
    block: int
    heads: int
    curriculum: int
    trained: int
    tested: int


PUBLISHED = (
    Case("parity", 1, 64, 500, 20, 40),
    Case("copy", 2, 8, 1000, 19, 30),
    Case("addition", 3, 8, 1600, 19, 30),
    Case("binary-sum", 2, 16, 500, 19, 24),
    Case("multiplication", 4, 8, 500, 11, 15),
    Case("unique-set", 3, 8, 1000, 19, 30),
)

FIXED = 20
"""Steps of a loop whose number is fixed, and depth of the deep transformer in blocks (Fan et al. 2024)."""


def methods(
    case: Case, usual: Recipe, *, deep: int, seeds: int, samples: int, controls: int, other_seeds: int | None = None
) -> Iterator[Experiment]:
    """All methods for one question.

    Args:
        usual: what all of them share.
        deep: layers of the transformers without a loop.
        other_seeds: of all methods but the loop with injection, if these have others.
    """
    block = replace(
        usual,
        lengths=(1, case.trained),
        longest=case.tested,
        layers=case.block,
        heads=case.heads,
        curriculum=case.curriculum,
        loop="injected",
    )
    without = replace(block, loop="none", layers=deep)
    for number, (task, recipe) in enumerate(
        (
            (f"looped-{case.question}", block),
            (f"ntp-{case.question}", without),
            (f"looped-{case.question}", replace(block, loop="plain")),
            (f"looped-{case.question}", replace(block, loop_steps=FIXED)),
            (f"ntp-pause-{case.question}", without),
            (f"ntp-{case.question}", replace(block, loop_steps=FIXED)),
        )
    ):
        count = seeds if number == 0 or other_seeds is None else other_seeds
        yield experiment(task, recipe, seeds=count, samples=samples, controls=controls)


def fan2024() -> Suite:
    """All questions and methods at the published sizes."""
    usual = Recipe(
        width=256,
        positions="none",
        batch=64,
        steps=100_000,
        learning_rate=1e-4,
        weight_decay=0.01,
        clip=1.0,
        schedule="cosine",
        check_every=5000,
        checks=1000,
        stop_at=2.0,
    )
    experiments = (
        one for case in PUBLISHED for one in methods(case, usual, deep=FIXED * case.block, seeds=5, samples=6400, controls=4)
    )
    return Suite(
        "fan2024", "looped transformers and their baselines at the sizes of Fan et al. 2024, for a GPU", tuple(experiments)
    )


def loops() -> Suite:
    """Three of the questions at sizes for two cores, each as wide and as slow as it needs to fit its training lengths."""
    wide = Recipe(
        width=64,
        positions="none",
        init=0.06,
        batch=64,
        steps=12_000,
        learning_rate=1e-3,
        warmup=100,
        schedule="cosine",
        check_every=1000,
        checks=256,
        stop_at=2.0,
    )
    narrow = replace(wide, width=32, batch=32, steps=8000)
    slow = replace(wide, batch=32, steps=16_000)
    cases = (
        (Case("parity", 1, 16, 500, 20, 40), wide, 3),
        (Case("copy", 2, 8, 500, 12, 24), narrow, 1),
        (Case("addition", 2, 8, 1000, 10, 20), slow, 1),
    )
    experiments = (
        one
        for case, usual, seeds in cases
        for one in methods(case, usual, deep=6, seeds=seeds, other_seeds=1, samples=512, controls=8)
    )
    return Suite("loops", "looped transformers and their baselines on three questions, for two cores", tuple(experiments))
