"""Findings about frames of tasks."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from conjecture.report import statistics
from conjecture.report.analysis import Findings, Verdict, findings


def tasks(outcome: list[float | None], **measures: list[float | None]) -> pl.DataFrame:
    """A frame of so many tasks, every other one legal."""
    count = len(outcome)
    names = [f"task-{number:02}" for number in range(count)]
    about = {"task": names, "family": names, "generated": [False] * count}
    legal = [number % 2 == 0 for number in range(count)]
    numbers = {"outcome": outcome, **measures}
    return pl.DataFrame(about | {"legal": legal} | numbers, schema_overrides=dict.fromkeys(numbers, pl.Float64))


def found(outcome: list[float | None], **measures: list[float | None]) -> Findings:
    return findings(tasks(outcome, **measures), "outcome", list(measures))


FALLING: list[float | None] = [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]
RISING: list[float | None] = [float(number) for number in range(12)]
ROUGHLY: list[float | None] = [2, 1, 0, 4, 3, 6, 5, 9, 8, 7, 11, 10]


def test_each_measure_is_set_against_the_outcome() -> None:
    one = found(FALLING, exact=RISING, rough=ROUGHLY)
    exact, rough = one.relations
    assert (exact.spearman.value, exact.kendall.value) == pytest.approx((-1, -1))
    assert (exact.tied, exact.tasks) == (0, 12)
    assert rough.spearman.value == pytest.approx(statistics.spearman(np.array(ROUGHLY, float), np.array(FALLING, float)))
    assert rough.spearman.low <= rough.spearman.value <= rough.spearman.high < 0
    assert exact.best > 0.9
    assert exact.best + rough.best == pytest.approx(1)
    assert exact.skill > rough.skill > 0
    assert (one.strongest, one.equals, one.verdict) == (exact, ("exact",), Verdict.YES)


def test_measures_that_order_tasks_alike_are_named_together() -> None:
    one = found(FALLING, first=RISING, second=[2 * (number or 0) for number in RISING])
    assert one.equals == ("first", "second")
    assert [relation.best for relation in one.relations] == [0.5, 0.5]


def test_a_measure_that_few_tasks_have_does_not_compete() -> None:
    some: list[float | None] = [*RISING[:8], *[None] * 4]
    one = found(FALLING, some=some, rough=ROUGHLY)
    assert (one.relations[0].tasks, one.relations[0].spearman.value) == (8, pytest.approx(-1))
    assert not one.relations[0].competes
    assert one.strongest == one.relations[1]
    assert one.measures == 1


def test_a_measure_that_most_tasks_have_competes() -> None:
    one = found(FALLING, most=[*RISING[:11], None], rough=ROUGHLY)
    assert one.strongest == one.relations[0]
    assert not math.isnan(one.chosen)


def test_measures_that_disagree_can_not_refute() -> None:
    assert found(RISING, up=RISING).verdict is Verdict.NO
    one = found(RISING, up=RISING, down=[-(number or 0) for number in ROUGHLY])
    assert [relation.measure for relation in one.opposed] == ["down"]
    assert one.verdict is Verdict.UNSURE


def test_few_tasks_rule_nothing_out() -> None:
    outcome: list[float | None] = [3, 1, 2, 2.5, 1.5, 3.5]
    length: list[float | None] = [2, 1, 3, 2, 2, 3]
    few, many = found(outcome, length=length), found(outcome * 6, length=length * 6)
    assert [few.verdict, many.verdict] == [Verdict.UNSURE, Verdict.NO]


def test_tasks_of_a_family_are_no_independent_evidence() -> None:
    """Twelve tasks in four families that do alike: the order of four can be an accident, that of twelve could not."""
    families = [(number // 3, number % 3) for number in range(12)]
    alone = tasks([10 * family + one for family, one in families], length=[one - 10 * family for family, one in families])
    together = alone.with_columns(pl.Series("family", [f"family-{number // 3}" for number in range(12)]))
    one, other = (findings(frame, "outcome", ["length"]) for frame in (alone, together))
    assert (one.families, one.p < 0.01, one.verdict) == (12, True, Verdict.YES)
    assert (other.families, other.p > 0.05, other.verdict) == (4, True, Verdict.UNSURE)


def test_legality_alone() -> None:
    legal = found([5, 1, 6, 2, 7, 1, 5, 2, 6, 3, 7, 2], length=ROUGHLY).legality
    assert legal is not None
    assert (legal.legal, legal.illegal, legal.means) == (6, 6, (6.0, pytest.approx(11 / 6)))
    assert legal.auc.value == legal.auc.low == 1
    assert legal.biserial.value > 0.9


@pytest.mark.parametrize("outcome", [[], [1.0], [1.0, 2.0, 3.0], [None] * 8, [2.0] * 8])
def test_nothing_to_say(outcome: list[float | None]) -> None:
    one = found(outcome, length=[float(number) for number in range(len(outcome))], other=[None] * len(outcome))
    assert one.strongest is None
    assert one.verdict is Verdict.UNSURE
    assert one.legality is None
