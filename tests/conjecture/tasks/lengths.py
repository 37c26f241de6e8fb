"""The lengths at which tasks are tried: up to a training length, and four times as long."""

from __future__ import annotations

from conjecture.task_type import Task
from conjecture.tasks import all_tasks

TASKS = list(all_tasks())


def trained(task: Task) -> int:
    """A usual training length."""
    if task.name.startswith("addition"):
        return 8
    return 12 if task.form == "label" else 15


def longest(task: Task) -> int:
    """Four times that."""
    return 4 * trained(task)
