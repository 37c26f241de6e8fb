"""Tasks from random RASP-L programs: the conjecture tested beyond hand-picked examples (docs/lab/generated.md)."""

from conjecture.generated.tasks import generated_tasks, task_named

__all__ = ["generated_tasks", "task_named"]
