"""The jobs of a suite: each makes some shards, and can be done anywhere."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, TypeAlias

from conjecture.controls import control_row
from conjecture.sweeps.experiment import Experiment
from conjecture.sweeps.results import CONTROL_SCHEMA, RUN_SCHEMA, run_row, write_row
from conjecture.sweeps.suite import Suite
from conjecture.tasks import task_named
from conjecture.training.checkpoint import BrokenCheckpoint
from conjecture.training.train import Report, Trained, train, trains_together


@dataclass(frozen=True)
class RunJob:
    """Training of some runs together.

    Attributes:
        experiment: with the runs' seeds and learning rates.
    """

    suite: str
    experiment: Experiment
    schema: ClassVar = RUN_SCHEMA

    @property
    def name(self) -> str:
        seeds = ", ".join(map(str, self.experiment.seeds))
        return f"{self.experiment.task}, seed{'s' * (len(self.experiment.seeds) > 1)} {seeds}"

    def shards(self, folder: Path) -> list[Path]:
        """The files it makes, one for each run."""
        return [folder / f"{self.experiment.run_name(run)}.parquet" for run in self.experiment.runs]

    def do(self, folder: Path, report: Report | None = None) -> None:
        """Train and test, or go on with it, and write the shards."""
        began = time.monotonic()
        one = self.experiment
        checkpoints = folder / "checkpoints" / self.shards(folder)[0].stem  # no other job's
        try:
            trained = self._train(checkpoints, report)
        except BrokenCheckpoint:
            broken = checkpoints.with_name(f"{checkpoints.name}.broken")
            shutil.rmtree(broken, ignore_errors=True)
            checkpoints.rename(broken)
            trained = self._train(checkpoints, report)
        seconds = (time.monotonic() - began) / len(trained)
        rows = [run_row(self.suite, one, model, seconds) for model in trained]
        for path, row in zip(self.shards(folder), rows, strict=True):
            write_row(path, row, self.schema)
        shutil.rmtree(checkpoints, ignore_errors=True)

    def _train(self, checkpoints: Path, report: Report | None) -> list[Trained]:
        one = self.experiment
        return train(
            task_named(one.task),
            one.recipe,
            seeds=one.seeds,
            learning_rates=one.learning_rates,
            checkpoint=checkpoints,
            report=report,
        )


@dataclass(frozen=True)
class ControlJob:
    """What the program of a task does at the same lengths, how long it is, and what chance gives."""

    suite: str
    experiment: Experiment
    schema: ClassVar = CONTROL_SCHEMA

    @property
    def name(self) -> str:
        return f"{self.experiment.task}, program"

    def shards(self, folder: Path) -> list[Path]:
        """The file it makes."""
        return [folder / f"{self.experiment.control_name}.parquet"]

    def do(self, folder: Path, report: Report | None = None) -> None:
        """Run the program and its compiled transformer, and write the shard."""
        (path,) = self.shards(folder)
        write_row(path, control_row(self.suite, self.experiment), self.schema)


Job: TypeAlias = RunJob | ControlJob


def jobs_of(suite: Suite, *, together: bool | None = None) -> Iterator[Job]:
    """All jobs: the programs first, then the first seed of every task, then the second.

    Args:
        together: whether all seeds of a task are one job, as is faster on a GPU; as suits the device if it is not given.
    """
    yield from {experiment.control_name: ControlJob(suite.name, experiment) for experiment in suite.experiments}.values()
    if trains_together(together):
        yield from (RunJob(suite.name, experiment) for experiment in suite.experiments)
        return
    seeds = sorted({seed for experiment in suite.experiments for seed in experiment.seeds})
    for seed in seeds:
        for experiment in suite.experiments:
            if seed in experiment.seeds:
                for rate in experiment.learning_rates:
                    yield RunJob(suite.name, replace(experiment, seeds=(seed,), learning_rates=(rate,)))
