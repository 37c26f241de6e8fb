"""The lab for the RASP-Generalization Conjecture (Zhou et al. 2023).

Tasks with the programs that solve them; transformers trained from scratch on them; how far these generalize beyond their training
lengths; and reports that set this against the length of the programs.

    >>> import conjecture
    >>> (trained,) = conjecture.train(conjecture.task("binary-majority"), conjecture.Recipe(steps=2000))
    >>> trained.score(30).exact
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rasp.lazy import import_when_used

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

import_when_used(
    __name__,
    {
        "Alphabet": "conjecture.alphabet:Alphabet",
        "Interrupted": "conjecture.training.interrupt:Interrupted",
        "LabError": "conjecture.errors:LabError",
        "Program": "conjecture.task_type:Program",
        "Published": "conjecture.task_type:Published",
        "Recipe": "conjecture.recipe:Recipe",
        "Sample": "conjecture.sample:Sample",
        "Score": "conjecture.evaluation.scores:Score",
        "Task": "conjecture.task_type:Task",
        "Trained": "conjecture.training.train:Trained",
        "answered": "conjecture.sample:answered",
        "continuation": "conjecture.sample:continuation",
        "labelled": "conjecture.sample:labelled",
        "task": "conjecture.tasks:task_named",
        "tasks": "conjecture.tasks:task_table",
        "train": "conjecture.training.train:train",
    },
    part="the lab",
    extra="lab",
)
