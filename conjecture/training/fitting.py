"""Whether a recipe fits a task, said before anything is compiled."""

from __future__ import annotations

import jax
import numpy as np

from conjecture.alphabet import Alphabet
from conjecture.drawing import drawer
from conjecture.errors import LabError
from conjecture.recipe import Recipe
from conjecture.task_type import Task

SAMPLES = 3
"""Of each length that is looked at."""

_OWN = "docs/lab/tasks.md says what a task must hold to"


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
    if recipe.positions == "alibi" and not task.causal:
        raise LabError(f"{task.name} asks for models that look both ways, and ALiBi looks back", hint='set positions="rotary"')
    if recipe.loop != "none" and recipe.loop_steps is None and task.steps is None:
        raise LabError(
            f"{task.name} does not say how many steps a loop takes",
            hint="set loop_steps, or take a task with steps: those named looped-…",
        )
    if recipe.architecture == "encoder-decoder" and task.form != "continue":
        raise LabError(f"an encoder-decoder continues a prompt; {task.name} asks for labels", hint='set architecture="decoder"')


def check_samples(task: Task, recipe: Recipe) -> None:
    """Nothing, if a few samples are what the task says of them.

    Raises:
        LabError: they have other tokens than its alphabet or its labels, do not end in its stop token, or need another room.
    """
    longest, inputs, outputs = recipe.longest, task.alphabet(recipe.longest), task.outputs(recipe.longest)
    if task.form == "continue" and task.stop not in outputs.codes:
        raise LabError(f"the stop token of {task.name}, {task.stop}, is none of its tokens", hint=_OWN)
    draw = drawer(task, longest)
    lengths = max(task.shortest, recipe.lengths[0]), recipe.lengths[1], longest
    for number, length in enumerate(lengths * SAMPLES):
        sample = jax.device_get(draw(0, number, length, length))
        room = sample.tokens.shape[0]
        if room != task.room(longest):
            raise LabError(
                f"samples of {task.name} up to a length of {longest} have room {room}, not {task.room(longest)}", hint=_OWN
            )
        targets = sample.targets[sample.asked]
        _check_known(task, length, sample.tokens[: sample.length], inputs, "alphabet")
        _check_known(task, length, targets, outputs, "alphabet" if task.labels is None else "labels")
        if task.form == "continue" and len(targets) and targets[-1] != task.stop:
            raise LabError(
                f"an answer of {task.name} at length {length} ends in {targets[-1]}, not in the stop {task.stop}", hint=_OWN
            )


def _check_known(task: Task, length: int, codes: np.ndarray, alphabet: Alphabet, where: str) -> None:
    unknown = sorted(set(codes.tolist()) - set(alphabet.codes))
    if unknown:
        raise LabError(
            f"a sample of {task.name} of length {length} has a token {unknown[0]} that is not in its {where}", hint=_OWN
        )
