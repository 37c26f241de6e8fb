"""The lab for the RASP-Generalization Conjecture (Zhou et al. 2023).

Tasks with the programs that solve them; transformers trained from scratch on them; how far these generalize beyond their training
lengths; and reports that set this against the length of the programs.

    >>> import conjecture
    >>> (trained,) = conjecture.train(conjecture.task("binary-majority"), conjecture.Recipe(steps=2000))
    >>> trained.score(30).exact
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from rasp.extras import needed_for

if TYPE_CHECKING:
    from conjecture.alphabet import Alphabet
    from conjecture.errors import LabError
    from conjecture.evaluation.scores import Score
    from conjecture.recipe import Recipe
    from conjecture.sample import Sample, answered, continuation, labelled
    from conjecture.task_type import Program, Published, Task
    from conjecture.tasks import task_named as task
    from conjecture.training.interrupt import Interrupted
    from conjecture.training.train import Trained, train

__all__ = [
    "Alphabet",
    "Interrupted",
    "LabError",
    "Program",
    "Published",
    "Recipe",
    "Sample",
    "Score",
    "Task",
    "Trained",
    "answered",
    "continuation",
    "labelled",
    "task",
    "train",
]

_HOME = {
    "Alphabet": ("conjecture.alphabet", "Alphabet"),
    "Interrupted": ("conjecture.training.interrupt", "Interrupted"),
    "LabError": ("conjecture.errors", "LabError"),
    "Program": ("conjecture.task_type", "Program"),
    "Published": ("conjecture.task_type", "Published"),
    "Recipe": ("conjecture.recipe", "Recipe"),
    "Sample": ("conjecture.sample", "Sample"),
    "Score": ("conjecture.evaluation.scores", "Score"),
    "Task": ("conjecture.task_type", "Task"),
    "Trained": ("conjecture.training.train", "Trained"),
    "answered": ("conjecture.sample", "answered"),
    "continuation": ("conjecture.sample", "continuation"),
    "labelled": ("conjecture.sample", "labelled"),
    "task": ("conjecture.tasks", "task_named"),
    "train": ("conjecture.training.train", "train"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'conjecture' has no attribute '{name}'", name=name, obj=sys.modules[__name__])
    module, attribute = _HOME[name]
    with needed_for("the lab", "lab"):
        value = getattr(importlib.import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "tasks"])


class _Package(ModuleType):
    """Keeps ``conjecture.tasks`` a function, although a package of this name holds the tasks.

    The import system sets a package's attribute whenever one of its modules is imported; here that does nothing.
    """

    @property
    def tasks(self) -> Any:
        with needed_for("the lab", "lab"):
            return importlib.import_module("conjecture.tasks").task_table

    @tasks.setter
    def tasks(self, package: ModuleType) -> None:
        pass


sys.modules[__name__].__class__ = _Package
