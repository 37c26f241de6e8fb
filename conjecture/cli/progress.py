"""Progress on the terminal."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from conjecture.sweeps.jobs import Job
from conjecture.sweeps.sweep import Watch
from conjecture.training.train import Run


class Bar:
    """One bar for the steps of the runs that train now, with their loss and their accuracy on training lengths."""

    def __init__(self, console: Console, steps: int) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[seen]}"),
            TimeRemainingColumn(),
            console=console,
        )
        self._steps = steps
        self._bars: dict[tuple[Run, ...], TaskID] = {}

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def report(self, runs: Sequence[Run], step: int, losses: Sequence[float], accuracies: Sequence[float]) -> None:
        """Show the runs at a step."""
        key = tuple(runs)
        if key not in self._bars:
            seeds = ", ".join(str(run.seed) for run in runs)
            self._bars[key] = self._progress.add_task(f"seed {seeds}", total=self._steps, seen="")
        seen = f"step {step:,}  loss {_mean(losses):.3f}  right {_mean(accuracies):.0%}"
        self._progress.update(self._bars[key], completed=step, seen=seen)


class SweepBar(Watch):
    """One bar for the jobs of a sweep, and a line for each that is finished."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed}/{task.total}"),
            TextColumn("{task.fields[seen]}"),
            console=console,
        )
        self._bar = self._progress.add_task("jobs", seen="")
        self._began = time.monotonic()

    def __enter__(self) -> SweepBar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def begins(self, jobs: list[Job], done: int) -> None:
        self._progress.update(self._bar, total=len(jobs) + done, completed=done)

    def job(self, job: Job) -> None:
        self._began = time.monotonic()
        self._progress.update(self._bar, description=job.name, seen="")

    def finished(self, job: Job) -> None:
        self._progress.advance(self._bar)
        self._console.print(f"{job.name}: {time.monotonic() - self._began:.0f} s")

    def set_aside(self, path: Path) -> None:
        self._console.print(f"{path} could not be read: renamed to {path.name}.broken, and done again")

    def report(self, runs: Sequence[Run], step: int, losses: Sequence[float], accuracies: Sequence[float]) -> None:
        """Show the runs at a step."""
        seen = f"step {step:,}  loss {_mean(losses):.3f}  right {_mean(accuracies):.0%}"
        self._progress.update(self._bar, seen=seen)


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / max(1, len(numbers))
