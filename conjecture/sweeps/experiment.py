"""One task with one recipe, several seeds, and the lengths at which it is tested."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TypeAlias

import rasp
from conjecture.files import digest
from conjecture.recipe import Recipe
from conjecture.tasks import task_named
from conjecture.training.train import Run

Lengths: TypeAlias = tuple[int, int]


@dataclass(frozen=True)
class Experiment:
    """What a sweep does for one task.

    Attributes:
        task: its name, or a Python file with it.
        recipe: the model and its training.
        seeds: of the runs.
        learning_rates: each is tried with all seeds.
        tests: lengths at which models are tested, as ranges.
        samples: in each test.
        controls: samples in each test of the program itself and of its compiled transformer.
    """

    task: str
    recipe: Recipe
    seeds: tuple[int, ...]
    learning_rates: tuple[float, ...]
    tests: tuple[Lengths, ...]
    samples: int = 256
    controls: int = 16

    @property
    def runs(self) -> Iterator[Run]:
        """Each learning rate with each seed."""
        return (Run(seed, rate) for rate in self.learning_rates for seed in self.seeds)

    def run_name(self, run: Run) -> str:
        """The name of a run's file: the task, the seed, and a digest of all that the result depends on."""
        about = {**asdict(self), "recipe": self.recipe.about(), "run": asdict(run)}
        del about["seeds"], about["learning_rates"], about["controls"]
        return f"{self._title}-{run.seed}-{digest(about)}"

    @property
    def control_name(self) -> str:
        """The name of the file of what the program itself does; another one if the program is changed."""
        about = {"task": self.task, "longest": self.recipe.longest, "tests": self.tests, "controls": self.controls}
        about["program"] = rasp.unparse(task_named(self.task).program.module().program)
        return f"{self._title}-control-{digest(about)}"

    @property
    def _title(self) -> str:
        return task_named(self.task).name


def usual_tests(shortest: int, trained: int, longest: int) -> tuple[Lengths, ...]:
    """The usual tests of a model trained to a length: all training lengths together, single lengths within and beyond them,
    among them ten more, 1.5, 2 and 3 times as many, and the whole ranges up to twice and three times (Huang et al. 2024)."""
    single = [trained // 3, 2 * trained // 3, trained, trained + 2, trained + 5, trained + 10]
    single += [multiple * trained // 4 for multiple in (6, 8, 10, 12)]
    lengths = sorted({length for length in single if shortest <= length <= longest})
    ranges = [(shortest, trained), (trained + 1, 2 * trained), (2 * trained + 1, 3 * trained)]
    return (*((low, high) for low, high in ranges if high <= longest), *((length, length) for length in lengths))
