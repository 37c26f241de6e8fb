"""Whether a recipe fits a task, said before anything is compiled."""

from __future__ import annotations

from conjecture.errors import LabError
from conjecture.recipe import Recipe
from conjecture.task_type import Task


def check_fits(task: Task, recipe: Recipe) -> None:
    """Nothing, if samples of all lengths fit the model.

    Raises:
        LabError: they don't, with the reason.
    """
    low, high = recipe.lengths
    if high < task.shortest:
        raise LabError(
            f"{task.name} has no sample shorter than {task.shortest}; the training lengths are {low} to {high}",
            hint=f"train to a length of at least {task.shortest}",
        )
    if recipe.packing == "context" and recipe.context <= task.room(recipe.longest):
        raise LabError(
            f"a context of {recipe.context} tokens is too short for {task.name} at length {recipe.longest}",
            hint=f"set context to {task.room(recipe.longest) + 1} or more, or longest to less",
        )
    if recipe.packing == "context" and not (task.causal and task.form == "continue"):
        raise LabError(f'packing="context" is for tasks that continue a prompt; {task.name} is not', hint='set packing="pairs"')
    if recipe.architecture == "encoder-decoder" and task.form != "continue":
        raise LabError(f"an encoder-decoder continues a prompt; {task.name} asks for labels", hint='set architecture="decoder"')
