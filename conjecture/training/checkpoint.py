"""What is needed to go on with a training as if it had not been interrupted."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import equinox as eqx

from conjecture.errors import LabError
from conjecture.files import digest, write_whole
from conjecture.recipe import Recipe
from conjecture.task_type import Task
from conjecture.training.steps import State

SECONDS = 15.0
"""Between two checkpoints, at least."""

AGAIN = "remove it to train from the beginning"


class BrokenCheckpoint(LabError):
    """A checkpoint can't be gone on from."""


@dataclass
class Checkpoint:
    """The file of some runs.

    Attributes:
        path: None if nothing is to be kept.
        about: what the runs are, so that no other ones go on from here.
    """

    path: Path | None
    about: dict[str, Any]
    saved: float

    @staticmethod
    def at(folder: Path | None, task: Task, recipe: Recipe, runs: Sequence[Any]) -> Checkpoint:
        """The checkpoint of runs in a folder."""
        about = {"task": task.name, "recipe": recipe.about(), "runs": [asdict(run) for run in runs]}
        path = None if folder is None else folder / f"{task.name}-{digest(about)}.checkpoint"
        return Checkpoint(path, json.loads(json.dumps(about)), time.monotonic())

    def save_now_and_then(self, state: State, progress: Callable[[], dict[str, Any]]) -> None:
        """Save if the last time is long ago."""
        if self.path is not None and time.monotonic() - self.saved >= SECONDS:
            self.save(state, progress())

    def save(self, state: State, progress: dict[str, Any]) -> None:
        """Replace the file.

        Raises:
            LabError: it can't be written.
        """
        if self.path is None:
            return

        def write(path: Path) -> None:
            with path.open("wb") as file:
                file.write(json.dumps({"about": self.about, "progress": progress}).encode() + b"\n")
                eqx.tree_serialise_leaves(file, state)

        write_whole(self.path, write)
        self.saved = time.monotonic()

    def load(self, like: State) -> tuple[State, dict[str, Any]] | None:
        """The state and the progress saved; None if nothing is.

        Raises:
            BrokenCheckpoint: the file can't be read, or is of other runs.
        """
        if self.path is None or not self.path.is_file():
            return None
        try:
            with self.path.open("rb") as file:
                head = json.loads(file.readline())
                about, progress = head["about"], head["progress"]
                state = eqx.tree_deserialise_leaves(file, like)
        except (OSError, ValueError, RuntimeError, EOFError, KeyError, TypeError) as error:
            raise BrokenCheckpoint(f"the checkpoint {self.path} can't be read", hint=AGAIN) from error
        if about != self.about:
            raise BrokenCheckpoint(f"the checkpoint {self.path} is of other runs", hint=AGAIN)
        return state, progress
