"""Sweeps: the jobs of a suite that are not done yet, one after the other or on a Ray cluster."""

from __future__ import annotations

import fcntl
import itertools
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from conjecture.errors import LabError
from conjecture.sweeps.jobs import Job, jobs_of
from conjecture.sweeps.mappings import make_room
from conjecture.sweeps.results import is_whole
from conjecture.sweeps.suite import Suite
from conjecture.training.train import Run
from rasp.paths import remedy

Engine: TypeAlias = Callable[[list[Job], Path, "Watch", float | None], None]
"""Does jobs and tells of each; begins none after so many minutes, if a number is given."""


class Watch:
    """Is told what a sweep does; prints nothing by itself."""

    def begins(self, jobs: list[Job], done: int) -> None:
        """So many jobs are done already, and these are left."""

    def job(self, job: Job) -> None:
        """A job begins."""

    def finished(self, job: Job) -> None:
        """Its results are written."""

    def set_aside(self, path: Path) -> None:
        """A file could not be read; it was renamed, and its run is done again."""

    def report(self, runs: Sequence[Run], step: int, losses: Sequence[float], accuracies: Sequence[float]) -> None:
        """Training goes on; what ``conjecture.training.train.Report`` is told. Jobs on a cluster don't tell."""


@dataclass(frozen=True)
class Outcome:
    """How a sweep ended: how many jobs it did, how many were done before, and how many are left."""

    done: int
    before: int
    left: int


def in_process(jobs: list[Job], folder: Path, watch: Watch, minutes: float | None) -> None:
    """One job after the other, here."""
    for job in while_time_is_left(jobs, minutes):
        watch.job(job)
        job.do(folder, watch.report)
        make_room()
        watch.finished(job)


def while_time_is_left(jobs: Iterable[Job], minutes: float | None) -> Iterator[Job]:
    """Jobs, as long as no more than so many minutes have passed."""
    began = time.monotonic()
    return itertools.takewhile(lambda _: minutes is None or time.monotonic() - began <= 60 * minutes, jobs)


def sweep(
    suite: Suite, folder: Path, *, engine: Engine = in_process, minutes: float | None = None, watch: Watch | None = None
) -> Outcome:
    """Do all jobs of a suite whose results are not in a folder.

    Args:
        folder: for the shards; made if it is not there. Nothing is done twice: a job whose shards are whole is done.
        engine: does the jobs.
        minutes: no job begins after so many; the same call goes on later.
        watch: is told of progress.

    Raises:
        LabError: another sweep works in the folder, or a file can't be written. What was finished is kept.
        Interrupted: Ctrl-C; the same call goes on where it stopped.
    """
    watch = watch or Watch()
    with locked(folder):
        jobs = list(jobs_of(suite))
        left = [job for job in jobs if not is_done(job, folder, watch)]
        watch.begins(left, len(jobs) - len(left))
        engine(left, folder, watch, minutes)
        still = sum(not is_done(job, folder, watch) for job in left)
        return Outcome(len(left) - still, len(jobs) - len(left), still)


def is_done(job: Job, folder: Path, watch: Watch) -> bool:
    """Whether all shards of a job are there; one that can't be read is renamed."""
    done = True
    for path in job.shards(folder):
        if not path.is_file():
            done = False
        elif not is_whole(path, job.schema):
            os.replace(path, path.with_name(f"{path.name}.broken"))
            watch.set_aside(path)
            done = False
    return done


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Within ``with``, no other sweep works in a folder.

    Raises:
        LabError: one does, or the folder can't be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / ".lock").open("w")
    except OSError as error:
        raise LabError(f"{folder} can't be used for results: {error.strerror or error}", hint=remedy(error)) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            hint = "wait for it, or name another folder with --folder"
            raise LabError(f"another sweep works in {folder}", hint=hint) from None
        yield
