"""What the command can do; each is a function whose arguments are the options, and imports what it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import tyro

from conjecture.errors import LabError
from conjecture.recipe import Recipe

if TYPE_CHECKING:
    from rich.console import Console

    from conjecture.task_type import Task

Flat = tyro.conf.OmitArgPrefixes


def run(arguments: Sequence[str]) -> None:
    """Do what the arguments say.

    Raises:
        SystemExit: with 2 for bad usage, 0 after help.
    """
    tyro.extras.subcommand_cli_from_dict(
        dict(COMMANDS),
        prog="conjecture",
        description="The lab for the RASP-Generalization Conjecture: does program length predict length generalization?",
        args=list(arguments),
    )


@cache
def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False, markup=False)  # names and answers may hold brackets


def tasks(name: Annotated[str | None, tyro.conf.Positional] = None, /) -> None:
    """List the tasks, or tell about one.

    Args:
        name: of a task.
    """
    from conjecture.cli import tables
    from conjecture.tasks import all_tasks, task_named

    if name is None:
        _console().print(tables.task_table(all_tasks().values()))
    else:
        _console().print(tables.about_task(task_named(name)), soft_wrap=True)


def train(
    task: Annotated[str, tyro.conf.Positional],
    /,
    recipe: Annotated[Recipe, Flat] = Recipe(),  # noqa: B008 - frozen
    seeds: int = 1,
    tests: tuple[int, ...] | None = None,
    samples: int = 256,
    checkpoint: Path | None = None,
) -> None:
    """Train transformers for a task from scratch, and test them at longer lengths.

    Args:
        task: its name, or a Python file with a TASK.
        recipe: the model and its training.
        seeds: how many models to train.
        tests: lengths to test at.
        samples: in each test.
        checkpoint: a folder to keep what is needed to go on after an interruption.
    """
    from conjecture.cli import tables
    from conjecture.cli.progress import Bar
    from conjecture.tasks import task_named
    from conjecture.training.train import train as train_models

    chosen = task_named(task)
    lengths = test_lengths(chosen, recipe, tests)
    with Bar(_console(), recipe.steps) as bar:
        trained = train_models(chosen, recipe, seeds=seeds, checkpoint=checkpoint, report=bar.report)
    _console().print(tables.score_table(trained, lengths, samples))


def test_lengths(task: Task, recipe: Recipe, asked: Sequence[int] | None) -> list[int]:
    """The lengths asked for; without any, some within and beyond training that the model has room for.

    Raises:
        LabError: the model has no room for one that was asked for.
    """
    high = recipe.lengths[1]
    usual = sorted({high // 2, high, high + 10, 3 * high // 2, 2 * high, 3 * high})
    fitting = [length for length in asked or usual if task.shortest <= length <= recipe.longest]
    if asked and fitting != list(asked):
        raise LabError(f"the model is for lengths {task.shortest} to {recipe.longest}", hint="raise --longest")
    return fitting


def suites() -> None:
    """List the suites that `sweep` knows."""
    from conjecture.cli import tables
    from conjecture.sweeps.suites import SUITES, suite_named

    _console().print(tables.suite_table([suite_named(name) for name in SUITES]))


def sweep(
    suite: Annotated[str, tyro.conf.Positional],
    /,
    folder: Path | None = None,
    tasks: tuple[str, ...] = (),
    minutes: float | None = None,
    engine: Literal["process", "ray"] = "process",
    address: str | None = None,
    workers: int | None = None,
    gpus: float = 0,
) -> None:
    """Do the runs of a suite that are not done yet; the same command goes on after an interruption.

    Args:
        suite: its name, which `conjecture suites` lists, or a Python file with a SUITE.
        folder: where the results are; results/SUITE if it is not given.
        tasks: only these.
        minutes: begin no run after so many.
        engine: this process, or a Ray cluster.
        address: of the Ray cluster; a local one is started if it is not given.
        workers: of a local Ray cluster; one for each core if it is not given.
        gpus: of the Ray cluster for each run; less than one lets runs share a GPU.
    """
    from conjecture.cli.progress import SweepBar
    from conjecture.sweeps.ray_engine import RayEngine
    from conjecture.sweeps.suites import only, suite_named
    from conjecture.sweeps.sweep import in_process
    from conjecture.sweeps.sweep import sweep as run_sweep

    if engine == "process" and (address or workers or gpus):
        raise LabError("an address, workers and GPUs are of a cluster", hint="add --engine ray")
    chosen = suite_named(suite)
    chosen = only(chosen, tasks) if tasks else chosen
    where = folder or Path("results") / chosen.name
    does = RayEngine(address, workers, gpus) if engine == "ray" else in_process
    with SweepBar(_console()) as bar:
        outcome = run_sweep(chosen, where, engine=does, minutes=minutes, watch=bar)
    _console().print(f"{outcome.done} jobs done, {outcome.before} done before, {outcome.left} left; results in {where}")


def collect(folder: Annotated[Path, tyro.conf.Positional], /, to: Path) -> None:
    """Put the results of a folder into two files, NAME.runs.parquet and NAME.controls.parquet.

    Args:
        folder: of a sweep.
        to: folder and NAME.
    """
    from conjecture.sweeps.results import read, write_all

    results = read(folder)
    write_all(to, results)
    _console().print(f"{len(results.runs)} runs and {len(results.controls)} programs in {to}.*.parquet")
    if results.broken:
        _console().print(f"left out, as they can't be read: {', '.join(path.name for path in results.broken)}")


def spread(results: Annotated[Path, tyro.conf.Positional], /, to: Path) -> None:
    """Put collected results back into a folder, so that a sweep there goes on from them.

    Args:
        results: what `collect` wrote, without .runs.parquet.
        to: the folder of the sweep.
    """
    from conjecture.sweeps.results import read, write_shards

    _console().print(f"{write_shards(to, read(results))} results put into {to}")


def query(results: Annotated[Path, tyro.conf.Positional], sql: Annotated[str, tyro.conf.Positional], /) -> None:
    """Ask results a question in SQL (DuckDB): tables `runs`, `controls`, and `scores` with a row for each test of each run.

    Args:
        results: a folder of a sweep, or what `collect` wrote, without .runs.parquet.
        sql: the question.
    """
    from conjecture.cli import tables
    from conjecture.sweeps.query import ask
    from conjecture.sweeps.results import read

    _console().print(tables.frame_table(ask(read(results), sql)))


def report(
    results: Annotated[tuple[Path, ...], tyro.conf.Positional],
    /,
    to: Path = Path("report"),
    title: str | None = None,
    forms: tuple[Literal["pdf", "png"], ...] = (),
) -> None:
    """Write a report: report.html, self-contained, and report.md with its figures.

    Args:
        results: folders of sweeps, or what `collect` wrote, without .runs.parquet.
        to: the folder for it.
        title: of the page.
        forms: in which the figures are written besides SVG.
    """
    from conjecture.report import write_report
    from conjecture.sweeps.results import read

    for path in write_report([read(one) for one in results], to, title=title, forms=forms):
        _console().print(f"wrote {path}")


def interpolator(seeds: int = 3, results: Path | None = None) -> None:
    """The counterexample of the min-degree interpolator: boolean AND with five frozen bits.

    Args:
        seeds: how many transformers to train in each setting.
        results: a JSON file to write.
    """
    from conjecture.interpolation_experiment import run as interpolation_experiment

    print(interpolation_experiment(seeds, results))


COMMANDS: Mapping[str, Callable[..., None]] = {
    "tasks": tasks,
    "train": train,
    "suites": suites,
    "sweep": sweep,
    "collect": collect,
    "spread": spread,
    "query": query,
    "report": report,
    "interpolator": interpolator,
}
