"""The tasks, one file each; every file has a ``TASK`` or several ``TASKS``."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from conjecture import own
from conjecture.errors import LabError
from conjecture.task_type import Task
from rasp.errors import did_you_mean


@cache
def all_tasks() -> dict[str, Task]:
    """Every task by name."""
    found: dict[str, Task] = {}
    for module in pkgutil.iter_modules(__path__):
        contents = vars(importlib.import_module(f"{__name__}.{module.name}"))
        for task in contents.get("TASKS", ()) or (contents["TASK"],):
            found[task.name] = task
    return dict(sorted(found.items()))


def task_table() -> tuple[Task, ...]:
    """Every task, in the order of names."""
    return tuple(all_tasks().values())


def task_named(name: str) -> Task:
    """One task; names that begin with "gen-" are those of generated ones, and a path to a Python file is its ``TASK``.

    Raises:
        LabError: there is none of this name.
    """
    if own.is_file(name):
        return own.load(name, "TASK", Task)
    if name.startswith("gen-"):
        from conjecture import generated  # which imports this package's neighbours

        return generated.task_named(name)
    known = all_tasks()
    if name in known:
        return known[name]
    raise LabError(f"there is no task '{name}'", hint=did_you_mean(name, known) or "`conjecture tasks` lists them")
