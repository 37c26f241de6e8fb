"""Rank statistics over few tasks: correlations, intervals, permutations, and predictions of a task from the others.

Every array holds a number for each task. NaN stands for what can't be told: of a constant, or of fewer than two tasks.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
from scipy import optimize, stats

Numbers: TypeAlias = np.ndarray

LEVEL = 0.95
"""Of all intervals."""


@dataclass(frozen=True)
class Interval:
    """An estimate, and the ends of its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def known(self) -> bool:
        """Whether there is an estimate with an interval."""
        return bool(np.isfinite([self.value, self.low, self.high]).all())

    @property
    def excludes_zero(self) -> bool:
        """Whether all of the interval lies on one side of 0."""
        return self.known and (self.low > 0 or self.high < 0)


def is_constant(values: Numbers) -> bool:
    """Whether there is nothing to rank."""
    return len(values) < 2 or bool((values == values[0]).all())


def spearman(x: Numbers, y: Numbers) -> float:
    """Spearman's rank correlation."""
    return np.nan if is_constant(x) or is_constant(y) else _first(stats.spearmanr(x, y))


def kendall(x: Numbers, y: Numbers) -> float:
    """Kendall's rank correlation, tau-b."""
    return np.nan if is_constant(x) or is_constant(y) else _first(stats.kendalltau(x, y))


def _first(result: Any) -> float:
    return float(result[0])


def partial_spearman(x: Numbers, y: Numbers, given: Numbers) -> float:
    """Spearman's correlation of x and y with the linear effect of the ranks of a third removed from the ranks of both."""
    xy, xz, yz = spearman(x, y), spearman(x, given), spearman(y, given)
    rest = (1 - xz**2) * (1 - yz**2)
    return float((xy - xz * yz) / np.sqrt(rest)) if rest > 1e-12 else np.nan


def tied(values: Numbers) -> int:
    """How many tasks share their value with another."""
    _, counts = np.unique(values, return_counts=True)
    return int(counts[counts > 1].sum())


@lru_cache(maxsize=8)
def resamples(families: int, count: int, seed: int = 0) -> Numbers:
    """How often each family of tasks is drawn in each bootstrap sample: [count, families]."""
    if not families:
        return np.zeros((count, 0))
    return np.random.default_rng(seed).multinomial(families, np.full(families, 1 / families), size=count).astype(float)


def signs(values: Numbers) -> Numbers:
    """The order of each pair: [tasks, tasks], 1 where the first is greater, -1 where the second is, 0 for ties."""
    return np.sign(values[:, None] - values[None, :])


def bootstrap_spearman(x: Numbers, y: Numbers, draws: Numbers) -> Numbers:
    """Spearman's correlation in each bootstrap sample.

    The rank of a task less the mean rank is half of how many are below it less how many are above it, so that a product with
    the orders of pairs ranks all samples at once.
    """
    ranks_x, ranks_y = draws @ signs(x).T / 2, draws @ signs(y).T / 2
    products = [(draws * first * second).sum(axis=1) for first, second in ((ranks_x, ranks_y), (ranks_x,) * 2, (ranks_y,) * 2)]
    return _ratio(products[0], products[1] * products[2])


def bootstrap_kendall(x: Numbers, y: Numbers, draws: Numbers) -> Numbers:
    """Kendall's tau-b in each bootstrap sample."""
    order_x, order_y = signs(x), signs(y)
    products = [((draws @ order) * draws).sum(axis=1) for order in (order_x * order_y, np.abs(order_x), np.abs(order_y))]
    return _ratio(products[0], products[1] * products[2])


def _ratio(above: Numbers, below_squared: Numbers) -> Numbers:
    below = np.sqrt(np.maximum(below_squared, 0))
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 1e-9)


def interval(value: float, samples: Numbers) -> Interval:
    """The percentile interval; samples in which nothing could be ranked are left out."""
    known = samples[np.isfinite(samples)]
    if not len(known) or not np.isfinite(value):
        return Interval(value, np.nan, np.nan)
    low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(value, float(low), float(high))


def share_of_best(samples: Numbers) -> Numbers:
    """How often each measure is the strongest, by absolute correlation; measures that tie share.

    Args:
        samples: [measures, bootstrap samples].
    """
    strength = np.nan_to_num(np.abs(samples), nan=-1.0)
    best = strength >= strength.max(axis=0) - 1e-9
    return (best / best.sum(axis=0)).mean(axis=1)


def permutation_p(measures: Numbers, outcome: Numbers, groups: Numbers, families: Numbers, count: int, seed: int = 0) -> float:
    """How often the strongest of several measures is as strong as in fact when outcomes are shuffled among families of tasks.

    Args:
        measures: [measures, tasks]; NaN where a task has none.
        groups: outcomes are shuffled within them only.
        families: of the tasks, numbered from 0; see ``shuffles``.
        count: of shuffles.

    Returns:
        A p-value for the largest absolute Spearman correlation: that of trying all of these measures.
    """
    generator = np.random.default_rng(seed)
    order = np.tile(np.arange(len(outcome)), (count, 1))
    for group in np.unique(groups):
        members = np.flatnonzero(groups == group)
        order[:, members] = members[shuffles(families[members], count, generator)]
    shuffled = np.concatenate([outcome[None], outcome[order]])
    strongest = np.full(count + 1, -1.0)
    have = np.isfinite(measures)
    for has in np.unique(have, axis=0):
        if has.sum() > 1:
            alike = measures[(have == has).all(axis=1)][:, has]
            strongest = np.fmax(strongest, _strongest(alike, shuffled[:, has]))
    if strongest[0] < 0:
        return np.nan
    return float((1 + (strongest[1:] >= strongest[0] - 1e-9).sum()) / (1 + count))


def shuffles(families: Numbers, count: int, generator: np.random.Generator) -> Numbers:
    """From which task each task has its outcome, in each of some shuffles: [count, tasks].

    Each family has the outcomes of one family, in random order: as many as it needs, all of them before one comes again. So the
    outcomes of a family stay together, as they must if tasks of a family do alike whatever their programs. If each task is of a
    family of its own, this is an ordinary shuffle.
    """
    names = np.unique(families)
    members = [np.flatnonzero(families == name) for name in names]
    order = np.empty((count, len(families)), int)
    chosen = generator.permuted(np.tile(np.arange(len(names)), (count, 1)), axis=1)
    for place, receiving in enumerate(members):
        for number, giving in enumerate(members):
            rows = np.flatnonzero(chosen[:, place] == number)
            given = generator.permuted(np.tile(giving, (len(rows), 1)), axis=1)
            order[np.ix_(rows, receiving)] = given[:, np.arange(len(receiving)) % len(giving)]
    return order


def _strongest(measures: Numbers, rows: Numbers) -> Numbers:
    """The largest absolute Spearman correlation of each row with a measure; -1 if nothing can be ranked."""
    return np.nan_to_num(np.abs(_rank_correlations(measures, rows)), nan=-1.0).max(axis=1)


def _rank_correlations(measures: Numbers, rows: Numbers) -> Numbers:
    """Spearman's correlation of each row with each measure."""
    first, others = (stats.rankdata(values, axis=1) for values in (measures, rows))
    first, others = (ranks - ranks.mean(axis=1, keepdims=True) for ranks in (first, others))
    return _ratio(others @ first.T, (others**2).sum(axis=1)[:, None] * (first**2).sum(axis=1))


def decreasing(x: Numbers, y: Numbers, at: float) -> float:
    """The decreasing function of x nearest to y in squares, at a place: linear between the points, constant beyond them."""
    places, inverse, counts = np.unique(x, return_inverse=True, return_counts=True)
    means = np.bincount(inverse, weights=y) / counts
    fitted = optimize.isotonic_regression(means, weights=counts, increasing=False).x
    return float(np.interp(at, places, fitted))


def leave_one_out(x: Numbers, y: Numbers) -> Numbers:
    """Each task's outcome as the decreasing function that fits the others gives it."""
    return np.array([decreasing(np.delete(x, i), np.delete(y, i), x[i]) for i in range(len(x))])


def leave_one_out_mean(y: Numbers) -> Numbers:
    """Each task's outcome as the mean of the others: what is predicted if nothing is known of a task."""
    return (y.sum() - y) / (len(y) - 1)


def leave_one_out_chosen(measures: Numbers, y: Numbers) -> Numbers:
    """As ``leave_one_out``, by the measure with the most negative correlation among the others, chosen anew for each task.

    Args:
        measures: [measures, tasks], without NaN.
    """

    def predicted(i: int) -> float:
        others, rest = np.delete(measures, i, axis=1), np.delete(y, i)
        best = int(np.argmin(np.nan_to_num(_rank_correlations(others, rest[None])[0], nan=1.0)))
        return decreasing(others[best], rest, measures[best, i])

    return np.array([predicted(i) for i in range(len(y))])


def skill(predicted: Numbers, y: Numbers) -> float:
    """The part of the squared error of predicting the mean that a prediction saves: 1 is perfect, 0 no better than the mean."""
    error, nothing = ((predicted - y) ** 2).sum(), ((leave_one_out_mean(y) - y) ** 2).sum()
    return float(1 - error / nothing) if nothing > 0 else np.nan


def auc(y: Numbers, flag: Numbers, draws: Numbers | None = None) -> Numbers:
    """How often a task with the flag has a greater outcome than one without, in each bootstrap sample; ties count one half."""
    draws = np.ones((1, len(y))) if draws is None else draws
    yes, no = draws[:, flag], draws[:, ~flag]
    greater = ((yes @ signs(y)[np.ix_(flag, ~flag)]) * no).sum(axis=1)
    pairs = yes.sum(axis=1) * no.sum(axis=1)
    return np.divide(greater, pairs, out=np.full_like(pairs, np.nan), where=pairs > 0) / 2 + 0.5


def point_biserial(y: Numbers, flag: Numbers, draws: Numbers | None = None) -> Numbers:
    """Pearson's correlation of an outcome and a flag, in each bootstrap sample."""
    draws = np.ones((1, len(y))) if draws is None else draws
    weights = draws / draws.sum(axis=1, keepdims=True)
    first, second = (values - (weights @ values)[:, None] for values in (flag.astype(float), y))
    products = [(weights * one * other).sum(axis=1) for one, other in ((first, second), (first, first), (second, second))]
    return _ratio(products[0], products[1] * products[2])
