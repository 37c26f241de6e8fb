"""Every measure of program length against an outcome, over some tasks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property

import numpy as np
import polars as pl

from conjecture.report import statistics
from conjecture.report.statistics import Interval, Numbers

BOOTSTRAPS = 2000
SHUFFLES = 4999
FEW = 6
"""Fewer families of tasks than these say nothing about a correlation."""

ENOUGH = 12
"""Families from which on a strong correlation can be ruled out: intervals of fewer are not to be trusted so far."""

COMMON = 0.9
"""The part of tasks that must have a measure, for it to compete for the best one."""

STRONG = 0.5
"""A correlation that the conjecture is taken to mean at the least."""

RARE = 0.05
"""The p-value below which a correlation is no accident."""


class Verdict(Enum):
    """Does program length predict the outcome, as the conjecture says?"""

    YES = "yes"
    NO = "no"
    UNSURE = "can't tell"


@dataclass(frozen=True)
class Relation:
    """A measure and an outcome.

    Attributes:
        tasks: that have both.
        tied: how many of them share their value of the measure with another.
        best: how often, over bootstrap samples, no measure has a stronger Spearman correlation; NaN if it does not compete.
        skill: how much better than the mean of the others it predicts a task that was left out; see ``statistics.skill``.
        closer: how many of these predictions are closer than the mean.
        error: their mean absolute error.
    """

    measure: str
    tasks: int
    spearman: Interval
    kendall: Interval
    tied: int
    best: float
    skill: float
    closer: int
    error: float

    @property
    def competes(self) -> bool:
        """Whether enough tasks have it."""
        return not math.isnan(self.best)


@dataclass(frozen=True)
class Legality:
    """Whether a program keeps to RASP-L, as a predictor.

    Attributes:
        legal, illegal: how many tasks.
        means: of the outcome, of the two.
        biserial: the point-biserial correlation with the outcome.
        auc: how often a legal one does better than an illegal one.
        partial: Spearman's correlation of the strongest measure and the outcome, given legality.
    """

    legal: int
    illegal: int
    means: tuple[float, float]
    biserial: Interval
    auc: Interval
    partial: float


@dataclass(frozen=True)
class Findings:
    """What all measures say about one outcome.

    Attributes:
        tasks: how many there are.
        families: how many families they are of; these are what is drawn in bootstrap samples and shuffled.
        tied: how many of them share their outcome with another.
        varies: whether there is anything to predict.
        relations: of every measure.
        p: how often the strongest correlation would be as strong if outcomes were shuffled among families.
        chosen: the skill of predictions by the measure that is best without the task in question.
        error: mean absolute error of predicting the mean of the other tasks.
        legality: None if tasks are all alike in it.
    """

    outcome: str
    tasks: int
    families: int
    tied: int
    varies: bool
    relations: tuple[Relation, ...]
    p: float
    chosen: float
    error: float
    legality: Legality | None

    @cached_property
    def strongest(self) -> Relation | None:
        """The relation with the largest absolute Spearman correlation, of those that compete."""
        return max(self._competing, key=lambda relation: round(abs(relation.spearman.value), 9), default=None)

    @cached_property
    def equals(self) -> tuple[str, ...]:
        """The measures as strong as the strongest."""
        top = self.strongest
        return tuple(one.measure for one in self._competing if top and _same(one.spearman.value, top.spearman.value))

    @property
    def _competing(self) -> list[Relation]:
        return [one for one in self.relations if one.competes and one.spearman.known]

    @property
    def measures(self) -> int:
        """How many measures compete."""
        return sum(one.competes for one in self.relations)

    @cached_property
    def opposed(self) -> tuple[Relation, ...]:
        """Those that compete and go the other way than the strongest, with intervals that exclude 0."""
        top = self.strongest
        others = [
            one for one in self._competing if one.spearman.excludes_zero and top and one.spearman.value * top.spearman.value < 0
        ]
        return tuple(sorted(others, key=lambda one: -abs(one.spearman.value)))

    @property
    def verdict(self) -> Verdict:
        """*Yes*, if the strongest correlation is negative, its interval excludes 0, and shuffled outcomes rarely give such a one.
        *No*, if it is positive in the same way and no measure goes the other way, or if the intervals of all measures exclude a
        correlation of -0.5 or below. Otherwise nothing can be told."""
        top = self.strongest
        if top is None or self.families < FEW or not self.varies:
            return Verdict.UNSURE
        if top.spearman.excludes_zero and self.p < RARE:
            return Verdict.YES if top.spearman.value < 0 else Verdict.UNSURE if self.opposed else Verdict.NO
        if self.families >= ENOUGH and all(one.spearman.low > -STRONG for one in self._competing):
            return Verdict.NO
        return Verdict.UNSURE


def _same(first: float, second: float) -> bool:
    return abs(first - second) < 1e-9


def findings(tasks: pl.DataFrame, outcome: str, measures: Sequence[str], *, predict: bool = True) -> Findings:
    """Set measures against an outcome.

    Args:
        tasks: as ``outcomes.tidy`` gives them.
        predict: whether tasks are predicted from each other.
    """
    tasks = tasks.filter(pl.col(outcome).is_not_null()).sort("task")
    y, x = tasks[outcome].to_numpy(), tasks.select(pl.col(measures).fill_null(np.nan)).to_numpy().T
    have = np.isfinite(x)
    families = _families(tasks)
    draws = _draws(families)
    samples = np.array([statistics.bootstrap_spearman(one[has], y[has], draws[:, has]) for one, has in zip(x, have, strict=True)])
    competing = [number for number, has in enumerate(have) if len(y) >= FEW and has.mean() >= COMMON]
    shares = dict(zip(competing, statistics.share_of_best(samples[competing]), strict=True)) if competing else {}
    relations = tuple(
        replace(_relation(measure, x[i], y, draws, samples[i], predict), best=float(shares.get(i, math.nan)))
        for i, measure in enumerate(measures)
    )
    found = Findings(
        outcome=outcome,
        tasks=len(y),
        families=len(np.unique(families)),
        tied=statistics.tied(y),
        varies=not statistics.is_constant(y),
        relations=relations,
        p=statistics.permutation_p(x[competing], y, tasks["generated"].to_numpy(), families, SHUFFLES) if competing else math.nan,
        chosen=_chosen(x[[number for number in competing if have[number].all()]], y) if predict else math.nan,
        error=float(np.abs(statistics.leave_one_out_mean(y) - y).mean()) if len(y) > 1 else math.nan,
        legality=None,
    )
    if found.strongest is None:
        return found
    return replace(found, legality=_legality(tasks, y, x[list(measures).index(found.strongest.measure)]))


def _families(tasks: pl.DataFrame) -> Numbers:
    """The number of each task's family."""
    return np.unique(tasks["family"].to_numpy(), return_inverse=True)[1]


def _draws(families: Numbers) -> Numbers:
    """How often each task is in each bootstrap sample: as often as its family."""
    return statistics.resamples(len(np.unique(families)), BOOTSTRAPS)[:, np.unique(families, return_inverse=True)[1]]


def _relation(measure: str, x: Numbers, y: Numbers, draws: Numbers, samples: Numbers, predict: bool) -> Relation:
    has = np.isfinite(x)
    x, y, draws = x[has], y[has], draws[:, has]
    nothing = Interval(math.nan, math.nan, math.nan)
    relation = Relation(measure, len(y), nothing, nothing, statistics.tied(x), math.nan, math.nan, 0, math.nan)
    if len(y) < FEW:
        return relation
    rho = statistics.interval(statistics.spearman(x, y), samples)
    tau = statistics.interval(statistics.kendall(x, y), statistics.bootstrap_kendall(x, y, draws))
    relation = replace(relation, spearman=rho, kendall=tau)
    if not predict:
        return relation
    predicted = statistics.leave_one_out(x, y)
    errors, without = np.abs(predicted - y), np.abs(statistics.leave_one_out_mean(y) - y)
    closer = int((errors < without - 1e-9).sum())
    return replace(relation, skill=statistics.skill(predicted, y), closer=closer, error=float(errors.mean()))


def _chosen(x: Numbers, y: Numbers) -> float:
    return statistics.skill(statistics.leave_one_out_chosen(x, y), y) if len(x) else math.nan


def _legality(tasks: pl.DataFrame, y: Numbers, strongest: Numbers) -> Legality | None:
    judged = tasks["legal"].is_not_null().to_numpy() & np.isfinite(strongest)
    legal, y, strongest = tasks["legal"].fill_null(False).to_numpy()[judged], y[judged], strongest[judged]
    if not legal.any() or legal.all():
        return None
    draws = _draws(_families(tasks)[judged])
    biserial, area = (
        statistics.interval(float(figure(y, legal)[0]), figure(y, legal, draws))
        for figure in (statistics.point_biserial, statistics.auc)
    )
    means = float(y[legal].mean()), float(y[~legal].mean())
    partial = statistics.partial_spearman(strongest, y, legal.astype(float))
    return Legality(int(legal.sum()), int((~legal).sum()), means, biserial, area, partial)
