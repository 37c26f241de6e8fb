"""What the command prints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl
from rich import box
from rich.table import Table

import rasp
from conjecture.sweeps.suite import Suite
from conjecture.task_type import Task
from conjecture.training.train import Trained


def table(*columns: str) -> Table:
    """A table of plain text; columns after the first are numbers or short texts."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def task_table(tasks: Iterable[Task]) -> Table:
    """The tasks, a line each."""
    made = table("task", "what is asked", "form", "program", "source")
    for task in tasks:
        made.add_row(task.name, task.summary, task.form, f"{task.program.file}", task.source)
    return made


def about_task(task: Task) -> str:
    """All about one task."""
    lines = [f"{task.name}: {task.summary}", f"source: {task.source}", f"program: {task.program.name} of {task.program.file}", ""]
    lines += [rasp.measure(task.program.sop(), program=task.program.module().program).table(), ""]
    for figure in task.published:
        low, high = figure.tested
        trained = f"trained on {figure.trained[0]}-{figure.trained[1]}"
        lines.append(f"{figure.source}: {figure.percent:g} % at {low}-{high}, {trained} ({figure.setting})")
    return "\n".join(lines)


def score_table(trained: Sequence[Trained], lengths: Sequence[int], samples: int) -> Table:
    """How trained models do at lengths."""
    made = table("seed", "steps", "in range", *(f"at {length}" for length in lengths), "stopping errors")
    for model in trained:
        scores = [model.score(length, samples=samples) for length in lengths]
        stopping = max((score.early + score.late for score in scores), default=0.0)
        exact = (f"{score.exact:.0%}" for score in scores)
        made.add_row(str(model.run.seed), f"{model.steps:,}", f"{model.accuracy:.0%}", *exact, f"at most {stopping:.0%}")
    return made


def suite_table(suites: Iterable[Suite]) -> Table:
    """The suites, a line each."""
    made = table("suite", "what it is for", "tasks", "runs")
    for suite in suites:
        runs = sum(len(list(one.runs)) for one in suite.experiments)
        made.add_row(suite.name, suite.summary, str(len({one.task for one in suite.experiments})), str(runs))
    return made


def frame_table(frame: pl.DataFrame) -> Table:
    """Any answer to a question."""
    made = table(*frame.columns)
    for row in frame.iter_rows():
        made.add_row(*(f"{value:.4g}" if isinstance(value, float) else str(value) for value in row))
    return made
