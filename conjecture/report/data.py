"""Results as the report needs them: an entry for each task with each recipe."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias

from conjecture.controls import is_legal, measures_of
from conjecture.errors import LabError
from conjecture.evaluation.scores import Score
from conjecture.sweeps.results import Results
from conjecture.tasks import task_named
from rasp.errors import RaspError

FITTED = 0.99
"""Exact match on training lengths, at the last check, from which a model counts as fitted."""

THRESHOLD = 0.9
"""Exact match that a length must reach to count as generalized to."""

Counting: TypeAlias = Literal["fitted", "all"]
"""Whether only seeds that fitted their training lengths count."""


@dataclass(frozen=True)
class Seed:
    """A trained model.

    Attributes:
        number: the seed.
        accuracy: exact match on training lengths at the last check.
        scores: of its tests.
    """

    number: int
    accuracy: float
    steps: int
    seconds: float
    device: str
    scores: tuple[Score, ...]

    @property
    def fitted(self) -> bool:
        """Whether it was trained to completion."""
        return self.accuracy >= FITTED

    @cached_property
    def single(self) -> tuple[Score, ...]:
        """The tests at single lengths, shortest first."""
        return tuple(sorted((score for score in self.scores if score.low == score.high), key=lambda score: score.low))

    def over(self, low: int, high: int) -> Score | None:
        """The test at a range of lengths."""
        return next((score for score in self.scores if (score.low, score.high) == (low, high)), None)

    @cached_property
    def furthest(self) -> int | None:
        """The greatest length tested alone such that it and all shorter ones tested alone are 90 % right; 0 if there is none."""
        reached = 0
        for score in self.single:
            if score.exact < THRESHOLD:
                break
            reached = score.low
        return reached if self.single else None


@dataclass(frozen=True)
class Facts:
    """What is known of a task's program.

    Attributes:
        measures: its length in every measure, and the size of the compiled transformer; empty if it isn't known.
        legal: whether it keeps to RASP-L; None if it looks in both directions, or if it isn't known.
        file: where it is.
        refusal: why it can't be compiled.
        tests: how the program, its compiled transformer, chance and a shortcut do, as in the columns of a control.
        measured: whether the results say all this, or it was found while the report was made, or not at all.
    """

    measures: Mapping[str, float]
    legal: bool | None
    file: str
    refusal: str | None = None
    tests: tuple[Mapping[str, Any], ...] = ()
    measured: Literal["in the sweep", "for the report", "not"] = "in the sweep"


class Kind(NamedTuple):
    """What kind of model it is.

    Attributes:
        positions, architecture: as in its recipe.
        loop: "none", "injected" or "plain".
        steps: of the loop; None if there is none, or as many as the task says.
    """

    positions: str
    architecture: str
    loop: str = "none"
    steps: int | None = None


@dataclass(frozen=True)
class Entry:
    """A task with one recipe, and its models.

    Attributes:
        family: of the task; the task itself if it is alone.
        recipe: as JSON has it, with the learning rate of the models.
    """

    task: str
    family: str
    suite: str
    recipe: Mapping[str, Any]
    trained: tuple[int, int]
    parameters: int
    seeds: tuple[Seed, ...]
    facts: Facts

    @property
    def generated(self) -> bool:
        """Whether the task was drawn by chance."""
        return self.task.startswith("gen-")

    @property
    def kind(self) -> Kind:
        """The kind of its models."""
        positions, architecture = (str(self.recipe.get(name, "unknown")) for name in ("positions", "architecture"))
        return Kind(positions, architecture, str(self.recipe.get("loop", "none")), self.recipe.get("loop_steps"))

    def counted(self, counting: Counting) -> tuple[Seed, ...]:
        """The seeds that count."""
        return self.seeds if counting == "all" else self.fitted

    @cached_property
    def fitted(self) -> tuple[Seed, ...]:
        """The seeds that fitted the training lengths."""
        return tuple(seed for seed in self.seeds if seed.fitted)

    @property
    def tested_as_trained(self) -> bool:
        """Whether all tests are at training lengths."""
        ends = [score.high for seed in self.seeds for score in seed.scores]
        return bool(ends) and max(ends) <= self.trained[1]

    @cached_property
    def tested(self) -> int:
        """The greatest length tested alone."""
        return max((score.high for seed in self.seeds for score in seed.single), default=0)


@dataclass(frozen=True)
class Study:
    """All that is reported on.

    Attributes:
        entries: sorted by task.
        broken: files that can't be read.
        superseded: runs left out because the same seed with the same recipe was tested more.
        waiting: tasks with a control but no run.
    """

    entries: tuple[Entry, ...]
    broken: tuple[Path, ...]
    superseded: int
    waiting: tuple[str, ...]

    @cached_property
    def asked(self) -> Study:
        """Of what one can ask whether program length predicts length generalization: models that were trained from scratch, and
        were not tested on training lengths alone."""
        able = (entry for entry in self.entries if entry.recipe.get("start") != "compiled" and not entry.tested_as_trained)
        return replace(self, entries=tuple(able))

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """The one with most tasks first; among equals the one with most runs."""
        tasks, runs = defaultdict(set), defaultdict(int)
        for entry in self.entries:
            tasks[entry.kind].add(entry.task)
            runs[entry.kind] += len(entry.seeds)
        return tuple(sorted(tasks, key=lambda kind: (-len(tasks[kind]), -runs[kind], str(kind))))

    def chosen(self, kind: Kind) -> tuple[Entry, ...]:
        """One entry for each task: the one of whose seeds the most fitted; among equals the one with the longest training
        lengths, then the best on them, then the one with the fewest parameters. Longer lengths have no say."""
        found: dict[str, Entry] = {}
        for entry in sorted((entry for entry in self.entries if entry.kind == kind), key=_preference):
            found.setdefault(entry.task, entry)
        return tuple(found[task] for task in sorted(found))


def _preference(entry: Entry) -> tuple[Any, ...]:
    accuracies = [seed.accuracy for seed in entry.seeds if math.isfinite(seed.accuracy)]
    share = len(entry.fitted) / len(entry.seeds)
    return (
        -share,
        -entry.trained[1],
        -sum(accuracies) / max(1, len(accuracies)),
        entry.parameters,
        entry.suite,
        str(entry.recipe),
    )


def study_of(results: Sequence[Results]) -> Study:
    """Everything in some results.

    Raises:
        LabError: there are no runs.
    """
    rows = [row for one in results for row in one.runs.iter_rows(named=True)]
    controls = [row for one in results for row in one.controls.iter_rows(named=True)]
    broken = tuple(path for one in results for path in one.broken)
    if not rows:
        raise LabError("there are no runs to report on", hint="`conjecture sweep` makes them")
    groups: dict[tuple[str, ...], dict[int, list[tuple[str, dict[str, Any]]]]] = defaultdict(lambda: defaultdict(list))
    for name, row in {str(row["run"]): row for row in rows}.items():
        recipe = {**json.loads(row["recipe"] or "{}"), "learning_rate": row["learning_rate"]}
        recipe |= {name: row[name] for name in ("positions", "architecture")}
        groups[row["suite"], row["task"], json.dumps(recipe, sort_keys=True)][row["seed"]].append((name, row))
    entries, superseded = [], 0
    for (suite, task, recipe), seeds in groups.items():
        kept = {number: min(runs, key=lambda run: (-_tests(run[1]), run[0]))[1] for number, runs in seeds.items()}
        superseded += sum(len(runs) - 1 for runs in seeds.values())
        one = next(iter(kept.values()))
        trained = one["train_low"], one["train_high"]
        models = tuple(_seed(kept[number]) for number in sorted(kept))
        facts = facts_of(task, (row for row in controls if row["task"] == task), suite, one["scores"] or ())
        entries.append(Entry(task, family_of(task), suite, json.loads(recipe), trained, one["parameters"], models, facts))
    waiting = tuple(sorted({row["task"] for row in controls} - {task for _, task, _ in groups}))
    return Study(tuple(sorted(entries, key=lambda entry: (entry.task, _preference(entry)))), broken, superseded, waiting)


def _tests(row: Mapping[str, Any]) -> int:
    return sum(score["samples"] or 0 for score in row["scores"] or () if score)


def _seed(row: Mapping[str, Any]) -> Seed:
    scores = (_score(score) for score in row["scores"] or ())
    accuracy, seconds = (math.nan if row[name] is None else float(row[name]) for name in ("accuracy", "seconds"))
    known = tuple(score for score in scores if score is not None)
    return Seed(row["seed"], accuracy, row["steps"] or 0, seconds, row["device"] or "unknown", known)


def _score(row: Mapping[str, Any] | None) -> Score | None:
    """A score; none if what matters of it is missing."""
    if row is None or row["exact"] is None or math.isnan(row["exact"]) or row["low"] is None or row["high"] is None:
        return None
    known: dict[str, Any] = {one.name: math.nan if row[one.name] is None else row[one.name] for one in fields(Score)}
    return Score(**known | {"samples": row["samples"] or 0})


def family_of(task: str) -> str:
    """The family of a task; a task that isn't known is alone."""
    try:
        return task_named(task).family or task
    except LabError:
        return task


def facts_of(task: str, controls: Iterable[Mapping[str, Any]], suite: str = "", tests: Iterable[Any] = ()) -> Facts:
    """What the controls of a task say of its program, or what can be found out now if there are none.

    Of several controls, that counts which is of the program as it is now, of the same suite, and of most of the tests of the
    models: a program that was changed leaves its control behind, and another suite has its for other lengths.
    """
    rows = list(controls)
    if not rows:
        return _facts_now(task)
    wanted = {(test["low"], test["high"]) for test in tests if test}

    def preference(row: Mapping[str, Any]) -> tuple[Any, ...]:
        tested = {(test["low"], test["high"]) for test in row["controls"] or ()}
        return (
            _measures(row["measures"]) != _facts_now(task).measures,
            row["suite"] != suite,
            -len(wanted & tested),
            -len(tested),
            row["run"],
        )

    row = min(rows, key=preference) if len(rows) > 1 else rows[0]
    measures = _measures(row["measures"]) | _measures(row["compiled"])
    return Facts(measures, row["legal"], row["program"] or "unknown", row["refusal"], tuple(row["controls"] or ()))


def _measures(text: str | None) -> dict[str, float]:
    """The finite numbers of a JSON object."""
    known = json.loads(text or "{}").items()
    return {name: float(value) for name, value in known if isinstance(value, int | float) and math.isfinite(value)}


@cache
def _facts_now(task: str) -> Facts:
    try:
        known = task_named(task)
        legal = is_legal(known) if known.causal else None
        where = f"{known.program.file}: {known.program.name}"
        return Facts(measures_of(known.program), legal, where, measured="for the report")
    except (LabError, RaspError):
        return Facts({}, None, "unknown", measured="not")
