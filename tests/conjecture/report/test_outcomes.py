"""What a model reaches, in figures, and which models count."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from conjecture.controls import measures_of
from conjecture.errors import LabError
from conjecture.evaluation.scores import Score
from conjecture.report.data import Kind, Seed, facts_of, study_of
from conjecture.report.outcomes import COLUMNS, FURTHEST, ORACLE, OUTCOMES, TWICE, mean, tidy, values
from conjecture.sweeps.results import CONTROL_SCHEMA, RUN_SCHEMA, Results
from conjecture.tasks import task_named
from tests.conjecture.report.synthetic import Made, control_row, elsewhere, frame, results, run_row


def seed_with(*exact: tuple[int, int, float]) -> Seed:
    """A model with scores at ranges of lengths."""
    scores = tuple(Score(low, high, 100, right, right, right, right, 0.0, 0.0, 1 - right) for low, high, right in exact)
    return Seed(0, 1.0, 100, 1.0, "cpu", scores)


@pytest.mark.parametrize(
    ("exact", "furthest"),
    [
        ({}, None),
        ({5: 1.0, 10: 1.0, 20: 1.0}, 20),
        ({5: 1.0, 10: 0.9, 20: 0.89}, 10),  # 90 % is enough
        ({5: 1.0, 10: 0.5, 20: 1.0}, 5),  # what is right beyond a failure does not count
        ({5: 0.5, 10: 1.0}, 0),
        ({20: 1.0, 5: 1.0, 10: 0.2}, 5),  # in whatever order they were tested
    ],
)
def test_the_furthest_length(exact: dict[int, float], furthest: int | None) -> None:
    assert seed_with(*((length, length, right) for length, right in exact.items())).furthest == furthest


def test_ranges_of_lengths_do_not_count_for_the_furthest_length() -> None:
    assert seed_with((1, 20, 0.2), (5, 5, 1.0), (21, 40, 1.0)).furthest == 5
    assert seed_with((1, 20, 1.0)).furthest is None


def test_outcomes_of_a_model() -> None:
    (entry,) = study_of([results([Made("some", 5, reach=(1.5,), accuracies=(0.995,), after=0.2, early=0.5)])]).entries
    (seed,) = entry.seeds
    assert {outcome.name: outcome.of(entry, seed) for outcome in OUTCOMES} == {
        "furthest length": 1.5,
        "exact match at +10": 1.0,
        "exact match at 2×": 0.2,
        "token accuracy at 2×": 0.6,
    }
    assert ORACLE.of(entry, seed) == pytest.approx(0.6)
    assert [column.of(entry, seed) for column in COLUMNS] == [0.995, 1.0, 1.0, 0.2, 0.2]


def test_only_seeds_that_fitted_count_if_so_wanted() -> None:
    some = Made("some", 5, reach=(3.0, 1.0, 1.5), accuracies=(1.0, 0.8, 0.99))
    study = study_of([results([some, Made("never", 6, (1.0,), (0.5,))])])
    never, some = study.entries
    assert [seed.number for seed in some.fitted] == [0, 2]
    assert values(some, FURTHEST, some.counted("all")) == (3.0, 0.0, 1.5)
    fitted, every = tidy(study.entries, "fitted"), tidy(study.entries, "all")
    assert fitted["task"].to_list() == ["some"]
    assert fitted[FURTHEST.name].to_list() == [2.25]
    assert every["task"].to_list() == ["never", "some"]
    assert not never.fitted


def test_missing_numbers_are_no_outcomes() -> None:
    row = run_row(Made("some", 5, reach=(3.0,)), 0)
    row["accuracy"] = None
    for score in row["scores"]:
        score["tokens"] = math.nan
        score["oracle"] = None
        if score["low"] == 40:
            score["exact"] = math.nan
    (entry,) = study_of([Results(frame([row], RUN_SCHEMA), frame([], CONTROL_SCHEMA))]).entries
    (seed,) = entry.seeds
    assert not seed.fitted
    assert TWICE.of(entry, seed) is None
    assert OUTCOMES[3].of(entry, seed) is None
    assert ORACLE.of(entry, seed) is None
    assert seed.furthest == 60


def test_no_runs() -> None:
    with pytest.raises(LabError, match="no runs") as refused:
        study_of([Results(frame([], RUN_SCHEMA), frame([control_row(Made("some", 3))], CONTROL_SCHEMA))])
    assert refused.value.hint is not None


def test_the_same_run_in_two_folders_counts_once() -> None:
    one = results([Made("some", 5)])
    (entry,) = study_of([one, replace(one, broken=(Path("x.parquet"),))]).entries
    assert len(entry.seeds) == 2


def test_of_two_runs_of_a_seed_the_one_that_was_tested_more_counts() -> None:
    row = run_row(Made("some", 5, reach=(3.0,)), 0)
    fewer = {**row, "run": "another", "scores": row["scores"][:2]}
    study = study_of([Results(frame([fewer, row], RUN_SCHEMA), frame([], CONTROL_SCHEMA))])
    assert len(study.entries[0].seeds[0].scores) == len(row["scores"])
    assert study.superseded == 1


def test_one_entry_of_a_task_is_chosen_without_a_look_at_longer_lengths() -> None:
    short = Made("some", 5, reach=(3.0, 3.0), accuracies=(1.0, 0.5))
    fits = elsewhere(replace(short, reach=(1.0, 1.0), accuracies=(1.0, 1.0)), learning_rate=3e-4)
    other = elsewhere(short, positions="none")
    study = study_of([results([short, fits, other, Made("more", 3)])])
    assert study.kinds == (Kind("learned", "decoder"), Kind("none", "decoder"))
    more, some = study.chosen(study.kinds[0])
    assert (more.task, some.task, some.recipe["learning_rate"]) == ("more", "some", 3e-4)
    assert [entry.task for entry in study.chosen(study.kinds[1])] == ["some"]


def test_seeds_in_another_order_have_the_same_mean() -> None:
    assert len({mean(order) for order in permutations((1.1, 1.4, 1.7))}) == 1


def test_facts_without_a_control() -> None:
    known, unknown = facts_of("binary-majority", []), facts_of("my-own", [])
    assert (known.measured, known.legal, known.measures["simplified heads"]) == ("for the report", True, 2)
    assert (unknown.measured, unknown.legal, unknown.measures) == ("not", None, {})


def test_of_several_controls_that_of_the_program_as_it_is_counts() -> None:
    now = json.dumps(measures_of(task_named("sort").program))
    row = control_row(Made("sort", 5))
    stale = {**row, "run": "0", "program": "stale"}
    other = {**row, "run": "1", "measures": now, "suite": "other", "program": "other"}
    right = {**row, "run": "2", "measures": now, "suite": "small", "program": "right"}
    for rows in permutations([stale, other, right]):
        assert facts_of("sort", rows, "small").file == "right"
    assert facts_of("sort", [stale, other], "small").file == "other"


def test_facts_with_a_control_that_says_little() -> None:
    row = {**control_row(Made("some", 5)), "measures": None, "compiled": json.dumps({"compiled layers": None}), "controls": None}
    assert facts_of("some", [row]).measures == {}
