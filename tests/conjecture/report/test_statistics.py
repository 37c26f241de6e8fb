"""Rank statistics against small cases worked out by hand, SciPy, and brute force."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from scipy import stats

from conjecture.report import statistics
from conjecture.report.statistics import Interval, Numbers

X = np.array([3.0, 1, 4, 1, 5, 9, 2, 6])
Y = np.array([2.0, 7, 1, 8, 2, 1, 8, 3])


def array(*values: float) -> Numbers:
    return np.array(values, dtype=float)


def test_correlations_with_ties_by_hand() -> None:
    # Ranks 1.5 1.5 3 4 and 1 2 3.5 3.5: 4 / sqrt(4.5 · 4.5). Of six pairs one is tied in each: 4 / sqrt(5 · 5).
    x, y = array(1, 1, 2, 3), array(1, 2, 3, 3)
    assert statistics.spearman(x, y) == pytest.approx(4 / 4.5)
    assert statistics.kendall(x, y) == pytest.approx(0.8)


@pytest.mark.parametrize("correlation", [statistics.spearman, statistics.kendall])
def test_correlations_of_nothing(correlation) -> None:
    assert correlation(array(1, 2, 3), array(6, 5, 4)) == pytest.approx(-1)
    assert np.isnan(correlation(array(1, 1, 1), array(1, 2, 3)))
    assert np.isnan(correlation(array(1), array(2)))
    assert np.isnan(correlation(array(), array()))


def test_bootstrap_samples_are_ranked_as_scipy_ranks_them() -> None:
    draws = statistics.resamples(len(X), 50)
    spearman, kendall = statistics.bootstrap_spearman(X, Y, draws), statistics.bootstrap_kendall(X, Y, draws)
    for draw, rho, tau in zip(draws, spearman, kendall, strict=True):
        drawn = np.repeat(np.arange(len(X)), draw.astype(int))
        assert rho == pytest.approx(stats.spearmanr(X[drawn], Y[drawn])[0])
        assert tau == pytest.approx(stats.kendalltau(X[drawn], Y[drawn])[0])


def test_bootstrap_samples_of_one_task_have_no_correlation() -> None:
    draws = array(2, 0)[None]
    assert np.isnan(statistics.bootstrap_spearman(array(1, 2), array(1, 2), draws)).all()
    assert np.isnan(statistics.bootstrap_kendall(array(1, 2), array(1, 2), draws)).all()


def test_resamples_draw_as_many_as_there_are_and_always_the_same() -> None:
    draws = statistics.resamples(7, 100)
    assert draws.shape == (100, 7)
    assert (draws.sum(axis=1) == 7).all()
    assert draws.mean() == pytest.approx(1)
    statistics.resamples.cache_clear()
    np.testing.assert_array_equal(draws, statistics.resamples(7, 100))
    assert statistics.resamples(0, 3).shape == (3, 0)


def test_interval_leaves_out_what_is_unknown() -> None:
    found = statistics.interval(50.0, np.append(np.arange(101.0), np.nan))
    assert (found.value, found.low, found.high) == pytest.approx((50, 2.5, 97.5))
    assert found.excludes_zero
    assert not Interval(0.1, -0.1, 0.3).excludes_zero
    assert not statistics.interval(np.nan, np.arange(10.0)).known
    assert not statistics.interval(0.5, np.full(3, np.nan)).excludes_zero


def test_tied_counts_tasks_that_share_a_value() -> None:
    assert statistics.tied(array(1, 1, 2, 3, 3, 3)) == 5
    assert statistics.tied(array(1, 2, 3)) == 0


def test_the_best_share_what_they_tie_for() -> None:
    samples = np.array([[-0.9, 0.1, 0.5, np.nan], [0.9, 0.2, -0.6, 0.1], [0.1, 0.3, np.nan, np.nan]])
    np.testing.assert_allclose(statistics.share_of_best(samples), [0.5 / 4, 2.5 / 4, 1 / 4])


def test_permutation_p_is_near_that_of_all_permutations() -> None:
    x, other, y = array(1, 2, 3, 4, 5), array(2, 1, 2, 5, 5), array(1, 1, 3, 2, 5)

    def strength(outcome: Numbers) -> float:
        return max(abs(statistics.spearman(one, outcome)) for one in (x, other))

    exact = np.mean([strength(y[list(order)]) >= strength(y) - 1e-9 for order in permutations(range(5))])
    found = statistics.permutation_p(np.array([x, other]), y, np.zeros(5), np.arange(5), 4999)
    assert found == pytest.approx(exact, abs=0.02)


def test_more_measures_make_a_correlation_less_of_a_surprise() -> None:
    generator = np.random.default_rng(1)
    y = np.arange(12.0)
    x = y + generator.normal(size=12) * 4
    one = statistics.permutation_p(x[None], y, np.zeros(12), np.arange(12), 2000)
    many = statistics.permutation_p(np.vstack([x, generator.normal(size=(20, 12)) * 0.001]), y, np.zeros(12), np.arange(12), 2000)
    assert one < many


def test_permutations_stay_within_groups() -> None:
    """Two groups that differ in both length and outcome correlate, but nothing is left within them."""
    x, y = array(1, 1, 1, 2, 2, 2), array(5, 5, 5, 3, 3, 3)
    assert statistics.permutation_p(x[None], y, array(0, 0, 0, 1, 1, 1), np.arange(6), 500) == 1
    assert statistics.permutation_p(x[None], y, np.zeros(6), np.arange(6), 500) < 0.2


def test_families_give_their_outcomes_together() -> None:
    families = np.array([0, 0, 0, 1, 1, 2])
    order = statistics.shuffles(families, 3000, np.random.default_rng(0))
    first, second, third = order[:, :3], order[:, 3:5], order[:, 5:]
    for row in (first, second, third):
        assert (families[row] == families[row][:, :1]).all()  # each from one family
    givers = families[[0, 3, 5]][np.argsort(families[order[:, [0, 3, 5]]], axis=1)]
    assert len({tuple(giver) for giver in givers}) == 6  # every arrangement of families
    own = first[families[first[:, 0]] == 0]
    assert {tuple(sorted(row)) for row in own} == {(0, 1, 2)}  # as many as there are, all of them
    assert len({tuple(row) for row in own}) == 6  # in any order
    few = first[families[first[:, 0]] == 1]
    assert all(sorted(np.bincount(row - 3, minlength=2)) == [1, 2] for row in few)  # none comes again before all have come


def test_permutations_of_measures_that_some_tasks_lack() -> None:
    x = array(1, 2, 3, 4, 5, np.nan)
    assert 0 < statistics.permutation_p(x[None], array(5, 4, 3, 2, 1, 9), np.zeros(6), np.arange(6), 2000) < 0.05
    assert np.isnan(statistics.permutation_p(np.ones((1, 6)), array(5, 4, 3, 2, 1, 9), np.zeros(6), np.arange(6), 10))


def test_the_decreasing_function_by_hand() -> None:
    # 4, 2, 3, 1: the middle two break the order and become their mean.
    x, y = array(1, 2, 3, 4), array(4, 2, 3, 1)
    assert [statistics.decreasing(x, y, at) for at in (0, 1, 1.5, 2, 3, 9)] == pytest.approx([4, 4, 3.25, 2.5, 2.5, 1])
    assert statistics.decreasing(array(1, 1, 2), array(3, 5, 0), 1) == pytest.approx(4)  # equal lengths: their mean
    assert statistics.decreasing(array(1, 2, 3), array(1, 2, 3), 3) == pytest.approx(2)  # increasing: the mean of all


def test_tasks_left_out() -> None:
    y = array(1, 2, 6)
    np.testing.assert_allclose(statistics.leave_one_out_mean(y), [4, 3.5, 1.5])
    np.testing.assert_allclose(statistics.leave_one_out(array(3, 2, 1), y), [2, 3.5, 2])
    assert statistics.skill(y, y) == 1
    assert statistics.skill(statistics.leave_one_out_mean(y), y) == 0
    assert np.isnan(statistics.skill(array(1, 1), array(1, 1)))


def test_the_chosen_measure_is_the_most_negative_one() -> None:
    y = array(9, 8, 6, 5, 3, 1)
    good, bad = -y, y
    np.testing.assert_allclose(statistics.leave_one_out_chosen(np.array([bad, good]), y), statistics.leave_one_out(good, y))


def test_a_flag_as_predictor() -> None:
    flag = np.array([True, False, True, False, True, True, False, False])
    area = stats.mannwhitneyu(Y[flag], Y[~flag]).statistic / 16
    assert statistics.auc(Y, flag) == pytest.approx(area)
    assert statistics.point_biserial(Y, flag) == pytest.approx(stats.pointbiserialr(flag, Y)[0])
    draws = statistics.resamples(8, 20)
    areas, correlations = statistics.auc(Y, flag, draws), statistics.point_biserial(Y, flag, draws)
    for draw, area, correlation in zip(draws, areas, correlations, strict=True):
        drawn = np.repeat(np.arange(8), draw.astype(int))
        assert statistics.auc(Y[drawn], flag[drawn]) == pytest.approx(area)
        assert statistics.point_biserial(Y[drawn], flag[drawn]) == pytest.approx(correlation, nan_ok=True)
    assert np.isnan(statistics.auc(Y, np.ones(8, bool)))


def test_partial_correlation_is_that_of_the_residuals_of_ranks() -> None:
    given = array(1, 0, 0, 1, 1, 0, 1, 0)
    ranks = [stats.rankdata(values) for values in (X, Y, given)]

    def residual(values: Numbers) -> Numbers:
        slope, intercept = np.polyfit(ranks[2], values, 1)
        return values - slope * ranks[2] - intercept

    expected = np.corrcoef(residual(ranks[0]), residual(ranks[1]))[0, 1]
    assert statistics.partial_spearman(X, Y, given) == pytest.approx(expected)
    assert np.isnan(statistics.partial_spearman(X, Y, X))
