"""Sweeps: nothing is done twice, nothing finished is lost, and what can't be is said."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from conjecture.errors import LabError
from conjecture.sweeps.experiment import Experiment, usual_tests
from conjecture.sweeps.jobs import RunJob, jobs_of
from conjecture.sweeps.query import ask
from conjecture.sweeps.results import read, recipe_of, write_all, write_shards
from conjecture.sweeps.suites import SUITES, only, suite_named, tiny
from conjecture.sweeps.sweep import Watch, locked, sweep
from conjecture.tasks import task_named
from conjecture.training.checkpoint import Checkpoint
from conjecture.training.fitting import check_fits
from tests.conjecture.sweeps.small_suite import small_suite

PROGRAM = """
import sys
from pathlib import Path
import jax
from conjecture.training import checkpoint
from tests.conjecture.sweeps.small_suite import small_suite
from conjecture.sweeps.sweep import sweep
jax.config.update("jax_disable_most_optimizations", True)  # as in the tests of this folder
checkpoint.SECONDS = 0
print(sweep(small_suite(), Path(sys.argv[1])).done, flush=True)
"""


def results_of(folder: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """All that does not depend on the clock."""
    found = read(folder)
    return found.runs.sort("run").drop("seconds"), found.controls.sort("run")


def checkpoints_in(folder: Path) -> set[str]:
    """Unlike a glob, a walk goes on where a folder vanishes under it."""
    return {os.path.join(place, file) for place, _, files in os.walk(folder) for file in files if file.endswith(".checkpoint")}


class Seen(Watch):
    def __init__(self) -> None:
        self.jobs: list[str] = []
        self.aside: list[str] = []

    def job(self, job: object) -> None:
        self.jobs.append(job.name)  # pyright: ignore[reportAttributeAccessIssue]

    def set_aside(self, path: Path) -> None:
        self.aside.append(path.name)


def test_a_sweep_has_a_row_for_each_seed_and_each_program(undisturbed: Path) -> None:
    runs, controls = results_of(undisturbed)
    (experiment,) = small_suite().experiments
    assert runs["seed"].to_list() == [0, 1]
    assert recipe_of(runs["recipe"][0]) == experiment.recipe
    assert [(one["low"], one["high"]) for one in runs["scores"][0]] == list(experiment.tests)
    assert [one["compiled"] for one in controls["controls"][0]] == [1.0] * len(experiment.tests)
    assert [one["interpreter"] for one in controls["controls"][0]] == [1.0] * len(experiment.tests)
    assert not list(undisturbed.rglob("*.checkpoint"))


def test_nothing_is_done_twice(undisturbed: Path) -> None:
    watch = Seen()
    outcome = sweep(small_suite(), undisturbed, watch=watch)
    assert (outcome.done, outcome.before, outcome.left) == (0, 3, 0)
    assert watch.jobs == []


def test_a_killed_sweep_goes_on_and_ends_as_an_undisturbed_one(undisturbed: Path, tmp_path: Path) -> None:
    """Killed outright, twice, each time as soon as there is a new checkpoint."""
    kills = 0
    for _ in range(20):
        process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(tmp_path)], cwd=Path(__file__).parents[3])
        if kills < 2:
            known = checkpoints_in(tmp_path)
            while process.poll() is None and not checkpoints_in(tmp_path) - known:
                time.sleep(0.02)
            kills += process.poll() is None
            process.send_signal(signal.SIGKILL)
        if process.wait() == 0:
            break
    assert kills == 2
    for found, wanted in zip(results_of(tmp_path), results_of(undisturbed), strict=True):
        assert found.equals(wanted)


def test_a_corrupt_shard_is_set_aside_and_done_again(undisturbed: Path, tmp_path: Path) -> None:
    for shard in undisturbed.glob("*.parquet"):
        (tmp_path / shard.name).write_bytes(shard.read_bytes())
    broken = next(tmp_path.glob("*-0-*.parquet"))
    broken.write_bytes(broken.read_bytes()[:100])
    assert read(tmp_path).broken == (broken,)
    watch = Seen()
    assert sweep(small_suite(), tmp_path, watch=watch).done == 1
    assert broken.name in watch.aside
    assert broken.with_name(f"{broken.name}.broken").is_file()
    for found, wanted in zip(results_of(tmp_path), results_of(undisturbed), strict=True):
        assert found.equals(wanted)


def test_a_shard_that_holds_something_else_is_set_aside(undisturbed: Path, tmp_path: Path) -> None:
    for shard in undisturbed.glob("*.parquet"):
        (tmp_path / shard.name).write_bytes(shard.read_bytes())
    control, run = next(tmp_path.glob("*-control-*.parquet")), next(tmp_path.glob("*-1-*.parquet"))
    run.write_bytes(control.read_bytes())
    watch = Seen()
    assert sweep(small_suite(), tmp_path, minutes=0, watch=watch).left == 1
    assert watch.aside == [run.name]


@pytest.mark.parametrize("fault", ["no row", "another run", "another value", "a panic of the reader"])
def test_a_shard_that_reads_but_is_not_what_was_written(
    fault: str, undisturbed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for shard in undisturbed.glob("*.parquet"):
        (tmp_path / shard.name).write_bytes(shard.read_bytes())
    first, second = sorted(path for path in tmp_path.glob("*.parquet") if "control" not in path.name)
    match fault:
        case "no row":
            pl.read_parquet(first).clear().write_parquet(first)
        case "another run":
            first.write_bytes(second.read_bytes())
        case "another value":
            kept = pl.read_parquet_metadata(first)
            changed = pl.read_parquet(first).with_columns(accuracy=pl.col("accuracy") + 0.125)
            changed.write_parquet(first, metadata={name: kept[name] for name in kept if name != "ARROW:schema"})
        case _:
            reader = pl.read_parquet

            def panics(file: Path) -> pl.DataFrame:
                if file == first:
                    raise pl.exceptions.PanicException("no such type")
                return reader(file)

            monkeypatch.setattr(pl, "read_parquet", panics)
    assert read(tmp_path).broken == (first,)
    watch = Seen()
    assert sweep(small_suite(), tmp_path, minutes=0, watch=watch).left == 1
    assert watch.aside == [first.name]


def test_a_checkpoint_that_can_t_be_read_is_set_aside(undisturbed: Path, tmp_path: Path) -> None:
    for shard in undisturbed.glob("*.parquet"):
        (tmp_path / shard.name).write_bytes(shard.read_bytes())
    (job, *_) = (job for job in jobs_of(small_suite()) if isinstance(job, RunJob))
    (shard,) = job.shards(tmp_path)
    shard.unlink()
    one = job.experiment
    checkpoint = Checkpoint.at(tmp_path / "checkpoints" / shard.stem, task_named(one.task), one.recipe, list(one.runs))
    assert checkpoint.path is not None
    checkpoint.path.parent.mkdir(parents=True)
    checkpoint.path.write_text("{}\n")
    assert sweep(small_suite(), tmp_path).done == 1
    assert (tmp_path / "checkpoints" / f"{shard.stem}.broken" / checkpoint.path.name).is_file()
    assert results_of(tmp_path)[0].equals(results_of(undisturbed)[0])


def test_two_sweeps_do_not_work_in_one_folder(tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(LabError, match=f"another sweep works in {tmp_path}\n  hint: wait"):
        sweep(small_suite(), tmp_path)


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LabError, match="can't be used for results"):
        sweep(small_suite(), tmp_path / "file")


def test_a_full_disk_loses_no_finished_run(undisturbed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shards = sorted(undisturbed.glob("*.parquet"))
    for shard in shards[:-1]:
        (tmp_path / shard.name).write_bytes(shard.read_bytes())

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LabError, match="No space left on device"):
        sweep(small_suite(), tmp_path)
    assert sorted(path.name for path in tmp_path.glob("*.parquet")) == [shard.name for shard in shards[:-1]]


def test_a_full_disk_as_polars_tells_it(undisturbed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results = read(undisturbed)

    def full(self: object, *_: object, **options: object) -> None:
        raise pl.exceptions.ComputeError("No space left on device")

    monkeypatch.setattr(pl.DataFrame, "write_parquet", full)
    for wanted in (lambda: write_all(tmp_path / "all", results), lambda: ask(results, "select 1")):
        with pytest.raises(LabError, match="No space left on device"):
            wanted()
    assert list(tmp_path.iterdir()) == []


def test_no_run_begins_after_the_minutes_are_over(tmp_path: Path) -> None:
    assert sweep(small_suite(), tmp_path, minutes=0).left == 3


def test_collected_results_are_the_same(undisturbed: Path, tmp_path: Path) -> None:
    write_all(tmp_path / "tiny", read(undisturbed))
    again = read(tmp_path / "tiny")
    assert again.runs.equals(read(undisturbed).runs.sort("run"))
    assert again.controls.equals(read(undisturbed).controls)
    assert write_shards(tmp_path / "again", again) == 3
    assert write_shards(tmp_path / "again", again) == 0
    assert sweep(small_suite(), tmp_path / "again").before == 3
    write_all(tmp_path / "tiny", replace(again, controls=again.controls.clear()))
    assert len(read(tmp_path / "tiny").controls) == 0


@pytest.mark.parametrize("path", [".", "/", "some/.."])
def test_collected_results_need_a_name(path: str, undisturbed: Path) -> None:
    with pytest.raises(LabError, match="does not name the files"):
        write_all(Path(path), read(undisturbed))


def test_questions_in_sql(undisturbed: Path) -> None:
    results = read(undisturbed)
    found = ask(results, "select task, count(*) as tests, max(high) as longest from scores group by task")
    (experiment,) = small_suite().experiments
    assert found.rows() == [("binary-majority", 2 * len(experiment.tests), 18)]
    assert ask(results, "select count(*) from runs join controls using (task)").item() == 2
    with pytest.raises(LabError, match="DuckDB"):
        ask(results, "select nonsense from nowhere")
    for nothing in ("", ";", "-- a remark"):
        with pytest.raises(LabError, match="the question asks for no table"):
            ask(results, nothing)
    with pytest.raises(LabError, match="two columns are called run"):
        ask(results, "select r.run, s.run from runs r, scores s")
    late = "select case when range = 150 then 'late' end as word from range(200) where range <= 150 order by range"
    assert ask(results, late)["word"].drop_nulls().to_list() == ["late"]


def test_no_results_are_told(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="there are no results"):
        read(tmp_path)


def test_a_run_s_name_depends_on_all_that_its_result_does() -> None:
    (one,) = small_suite().experiments
    run = next(one.runs)
    others = [replace(one, samples=33), replace(one, tests=one.tests[:-1]), replace(one, recipe=replace(one.recipe, width=32))]
    assert len({experiment.run_name(run) for experiment in (one, *others)}) == 4
    assert replace(one, seeds=(0, 1, 2), controls=99).run_name(run) == one.run_name(run)


def test_the_usual_tests() -> None:
    assert usual_tests(1, 16, 48) == (
        (1, 16), (17, 32), (33, 48),
        (5, 5), (10, 10), (16, 16), (18, 18), (21, 21), (24, 24), (26, 26), (32, 32), (40, 40), (48, 48),
    )  # fmt: skip


@pytest.mark.parametrize("name", SUITES)
def test_every_suite_is_of_known_tasks_and_fits_them(name: str) -> None:
    suite = suite_named(name)
    jobs = list(jobs_of(suite))
    assert len({path for job in jobs for path in job.shards(Path())}) == len(jobs)  # on a CPU each has a file of its own
    for experiment in suite.experiments:
        task = task_named(experiment.task)
        check_fits(task, experiment.recipe)
        assert all(task.shortest <= low <= high <= experiment.recipe.longest for low, high in experiment.tests)


def test_unknown_suites_and_tasks_are_told() -> None:
    with pytest.raises(LabError, match="there is no suite 'huge'\n  hint: there are tiny"):
        suite_named("huge")
    with pytest.raises(LabError, match="has no task nonsense"):
        only(tiny(), ["nonsense"])
    with pytest.raises(LabError, match="there is no task 'modes'\n  hint: did you mean 'mode'"):
        task_named("modes")


def test_a_second_experiment_is_another_job() -> None:
    (one,) = small_suite().experiments
    assert isinstance(one, Experiment)
    assert one.control_name != replace(one, controls=3).control_name
