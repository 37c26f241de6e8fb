"""Sweeps: the jobs of a suite that are not done yet, one after the other or on a Ray cluster."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from conjecture.errors import LabError
from conjecture.sweeps.jobs import ControlJob, Job, jobs_of
from conjecture.sweeps.results import CONTROL_SCHEMA, RUN_SCHEMA, is_whole
from conjecture.sweeps.suites import Suite

Engine: TypeAlias = Callable[[list[Job], Path, "Watch"], None]
"""Does jobs and tells of each."""


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


@dataclass(frozen=True)
class Outcome:
    """How a sweep ended: how many jobs it did, how many were done before, and how many are left."""

    done: int
    before: int
    left: int


def sweep(
    suite: Suite, folder: Path, *, engine: Engine | None = None, minutes: float | None = None, watch: Watch | None = None
) -> Outcome:
    """Do all jobs of a suite whose results are not in a folder.

    Args:
        folder: for the shards; made if it is not there. Nothing is done twice: a job whose shards are whole is done.
        engine: does the jobs; in this process if it is not given.
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
        if engine is not None:
            engine(left, folder, watch)
        else:
            in_process(left, folder, watch, minutes)
        still = sum(not is_done(job, folder, watch) for job in left)
        return Outcome(len(left) - still, len(jobs) - len(left), still)


def in_process(jobs: list[Job], folder: Path, watch: Watch, minutes: float | None = None) -> None:
    """One job after the other, here."""
    began = time.monotonic()
    for job in jobs:
        if minutes is not None and time.monotonic() - began > 60 * minutes:
            return
        watch.job(job)
        job.do(folder, getattr(watch, "report", None))
        watch.finished(job)


def is_done(job: Job, folder: Path, watch: Watch) -> bool:
    """Whether all shards of a job are there; one that can't be read is renamed."""
    done = True
    for path in job.shards(folder):
        if not path.is_file():
            done = False
        elif not is_whole(path, CONTROL_SCHEMA if isinstance(job, ControlJob) else RUN_SCHEMA):
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
        raise LabError(f"{folder} can't be used for results: {error.strerror or error}") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            hint = "wait for it, or name another folder with --folder"
            raise LabError(f"another sweep works in {folder}", hint=hint) from None
        yield
