"""The answer on results for which it is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from conjecture.report.against import cases
from conjecture.report.analysis import Verdict
from conjecture.report.answer import FALLBACK, answer, best_measure, groups_of
from conjecture.report.data import study_of
from tests.conjecture.report.synthetic import Made, results, with_reach


def told(tasks: Sequence[Made]) -> tuple[tuple[str, ...], tuple[Verdict, ...]]:
    """The paragraphs, and the verdicts about each group of tasks."""
    study = study_of([results(tasks)])
    chosen = study.chosen(study.kinds[0])
    groups = groups_of(chosen)
    paragraphs = answer(groups, cases(chosen, best_measure(groups) or FALLBACK))
    return paragraphs, tuple(group.verdict for group in groups)


def falling(n: int) -> float:
    """How far tasks reach if the conjecture is right."""
    return 1 + 2 * (12 - n) / 12 if n < 12 else 1.0


def noise(count: int, seed: int = 1) -> list[Made]:
    """Tasks whose reach has nothing to do with their length."""
    reach = np.random.default_rng(seed).choice([1.0, 1.25, 1.5, 2.0, 2.5, 3.0], count)
    return with_reach(count, lambda n: float(reach[n - 1]))


def test_yes() -> None:
    (paragraph,), verdicts = told(with_reach(14, falling))
    assert verdicts == (Verdict.YES,)
    assert paragraph.startswith("**Yes, in these results.** Of 28 models on 14 tasks, 28 fitted their training lengths.")
    assert "**bits, simplified**: Spearman −0.9" in paragraph
    assert "excludes 0; shorter programs tend to generalize further" in paragraph
    assert "p < 0.001, so it is no accident of trying many" in paragraph
    assert "less squared error than by their mean" in paragraph
    assert "None of 14 tasks contradicts it outright." in paragraph


def test_no_because_longer_programs_do_better() -> None:
    (paragraph,), verdicts = told(with_reach(14, lambda n: falling(13 - n)))
    assert verdicts == (Verdict.NO,)
    assert paragraph.startswith("**No: in these results longer programs generalize further.**")
    assert "against the conjecture" in paragraph
    assert "By bits, simplified," in paragraph
    assert "`task-01`" in paragraph  # short and failed
    assert "short and legal but failed beyond the training lengths" in paragraph
    assert "long but generalized to twice the training length" in paragraph


def test_no_because_a_strong_relation_is_ruled_out() -> None:
    (paragraph,), verdicts = told(noise(80))
    assert verdicts == (Verdict.NO,)
    assert paragraph.startswith("**No, not in these results.**")
    assert "so it may be an accident of trying many" in paragraph
    assert "no better than by their mean" in paragraph


def test_can_not_tell_from_noise_over_few_tasks() -> None:
    (paragraph,), verdicts = told(noise(8))
    assert verdicts == (Verdict.UNSURE,)
    assert paragraph.startswith("**These results can't tell.**")
    assert "so it may be an accident of trying many" in paragraph


def test_can_not_tell_from_too_few_tasks() -> None:
    (paragraph,), verdicts = told(with_reach(3, falling))
    assert verdicts == (Verdict.UNSURE,)
    assert "3 tasks of 3 families with such models and a known program are too few: 6 families are needed." in paragraph


def test_can_not_tell_if_all_tasks_do_as_well() -> None:
    (paragraph,), verdicts = told(with_reach(10, lambda _: 3.0))
    assert verdicts == (Verdict.UNSURE,)
    assert "All 10 tasks reach the same furthest length" in paragraph


def test_can_not_tell_if_all_programs_are_as_long() -> None:
    tasks = [replace(task, length=5) for task in with_reach(10, falling)]
    (paragraph,), verdicts = told(tasks)
    assert verdicts == (Verdict.UNSURE,)
    assert "No measure of length differs between the 10 tasks" in paragraph


def test_models_that_never_fitted_are_counted_otherwise() -> None:
    """Those that fitted say yes; among all models, the short programs fail as well."""
    tasks = with_reach(14, falling)
    spoiled = [
        replace(task, reach=(*task.reach, *[0.1] * 20), accuracies=(1.0, 1.0, *[0.5] * 20)) if task.length < 8 else task
        for task in tasks
    ]
    (paragraph,), verdicts = told(spoiled)
    assert verdicts == (Verdict.YES,)
    assert "With the models counted that never fitted, too (14 tasks)" in paragraph
    assert "the verdict is instead “" in paragraph


def test_tasks_without_any_model_that_fitted_are_left_out() -> None:
    tasks = [*with_reach(5, falling), *(replace(task, accuracies=(0.5, 0.98)) for task in with_reach(5, falling, "never"))]
    (paragraph,), _ = told(tasks)
    assert "Of 20 models on 10 tasks, 10 fitted their training lengths; 5 tasks" in paragraph


def test_hand_picked_and_generated_tasks_are_answered_apart_and_together() -> None:
    paragraphs, verdicts = told([*with_reach(14, falling), *with_reach(14, lambda n: falling(13 - n), "gen")])
    assert verdicts[:2] == (Verdict.YES, Verdict.NO)
    assert len(paragraphs) == 4
    together = verdicts[2].value
    assert paragraphs[0].startswith(f"**Hand-picked tasks: yes. Generated tasks: no. All tasks together: {together}.**")
    assert "on 14 hand-picked tasks" in paragraphs[1]
    assert "on 14 generated tasks" in paragraphs[2]
    assert "on 28 tasks" in paragraphs[3]


def test_generated_tasks_alone() -> None:
    paragraphs, _ = told(with_reach(7, falling, "gen"))
    assert len(paragraphs) == 1
    assert "on 7 generated tasks" in paragraphs[0]


def test_one_seed_is_enough_for_an_answer() -> None:
    _, verdicts = told([replace(task, reach=task.reach[:1]) for task in with_reach(14, falling)])
    assert verdicts == (Verdict.YES,)


def test_what_speaks_against_it() -> None:
    made = [
        Made("short-fails", 1, (1.0, 1.0)),
        Made("short-bidirectional-fails", 2, (1.0, 1.0), legal=None),
        Made("short-illegal-fails", 3, (1.0, 1.0), legal=False),
        Made("short-unfitted", 4, (1.0, 1.0), (0.9, 0.9)),
        Made("short-works", 5, (3.0, 3.0)),
        Made("short-works-too", 6, (3.0, 3.0)),
        Made("long-works", 10, (2.0, 2.0)),
        Made("long-illegal-works", 11, (3.0, 3.0), legal=False),
        Made("long-divided", 12, (1.0, 3.0)),
        Made("long-does-not-stop", 13, (1.5, 1.5), after=0.2, early=0.9),
        Made("long-fails", 14, (1.0, 1.0)),
    ]
    found = cases(study_of([results(made)]).entries, "simplified bits")
    names = {
        name: [entry.task for entry in getattr(found, name)]
        for name in (
            "short_failed", "directions_failed", "long_generalized", "illegal_generalized", "short_illegal", "stopping", "divided"
        )
    }  # fmt: skip
    assert names == {
        "short_failed": ["short-fails"],
        "directions_failed": ["short-bidirectional-fails"],
        "long_generalized": ["long-works", "long-illegal-works", "long-divided"],
        "illegal_generalized": ["long-illegal-works"],
        "short_illegal": ["short-illegal-fails"],
        "stopping": ["long-does-not-stop"],
        "divided": ["long-divided"],
    }
    assert len(found.judged) == 10
    assert [entry.task for entry in found.contradicting] == ["short-fails", "long-works", "long-illegal-works", "long-divided"]


def test_pairs_of_tasks_with_the_same_program() -> None:
    study = study_of([results([Made("one", 5, (3.0,)), Made("two", 5, (1.0,)), Made("three", 5, (3.0,))])])
    same = [replace(entry, facts=replace(entry.facts, file="same.raspl: next_token")) for entry in study.entries]
    pairs = cases(same, "simplified bits").same_program
    assert [(worse.task, better.task) for worse, better in pairs] == [("two", "one"), ("two", "three")]


def test_legality_alone_is_told() -> None:
    tasks = [replace(task, legal=number % 2 == 0) for number, task in enumerate(with_reach(10, lambda n: 3.0 if n % 2 else 1.0))]
    (paragraph,), _ = told(tasks)
    assert "Legality alone: a program that keeps to RASP-L" in paragraph
    assert "with probability 1 (1 to 1; one half would be chance)" in paragraph
    (paragraph,), _ = told(with_reach(10, falling))
    assert "Legality alone" not in paragraph
