"""Training from scratch, with several seeds and learning rates together, and checkpoints."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np

from conjecture.errors import LabError
from conjecture.evaluation.scores import Score, examiner, score
from conjecture.model.forward import Model
from conjecture.recipe import Recipe
from conjecture.task_type import Task
from conjecture.training.checkpoint import Checkpoint
from conjecture.training.fitting import check_fits, check_samples
from conjecture.training.interrupt import Interruption
from conjecture.training.steps import PIECE, State, Steps, steps_of


@dataclass(frozen=True)
class Check:
    """What was seen at a check of accuracy.

    Attributes:
        step: after how many steps.
        loss: mean since the check before, in nats a token asked for.
        accuracy: the part of fresh samples of training lengths that was right.
    """

    step: int
    loss: float
    accuracy: float


@dataclass(frozen=True)
class Run:
    """One training: everything random in it comes from the seed."""

    seed: int
    learning_rate: float


@dataclass(frozen=True, eq=False)
class Trained:
    """A trained model and how it got there."""

    task: Task
    recipe: Recipe
    run: Run
    model: Model
    checks: tuple[Check, ...]

    @property
    def steps(self) -> int:
        """How many steps were made."""
        return self.checks[-1].step if self.checks else 0

    @property
    def accuracy(self) -> float:
        """At the last check, on training lengths."""
        return self.checks[-1].accuracy if self.checks else 0.0

    def score(self, low: int, high: int | None = None, *, samples: int = 256, seed: int = 0) -> Score:
        """How the model does on fresh samples of one length, or of lengths between two.

        Raises:
            LabError: the model has no room for such a length.
        """
        last = low if high is None else high
        if not self.task.shortest <= low <= last <= self.recipe.longest:
            raise LabError(
                f"lengths {low} to {last} are not within {self.task.shortest} to {self.recipe.longest}, which the model is for",
                hint="train with a greater `longest`",
            )
        return score(examiner(self.task, self.recipe.longest, samples), self.model, jax.random.key(seed), low, last)


Report: TypeAlias = Callable[[Sequence[Run], int, Sequence[float], Sequence[float]], None]
"""Is told of progress: the runs that train together, the step they are at, the loss of each and the last accuracy of each."""

Watch: TypeAlias = Callable[[Sequence[Trained]], None]
"""Is given the models as they are, before the first step and at each check."""


def train(
    task: Task,
    recipe: Recipe,
    *,
    seeds: int | Sequence[int] = 1,
    learning_rates: Sequence[float] | None = None,
    checkpoint: Path | None = None,
    together: bool | None = None,
    report: Report | None = None,
    watch: Watch | None = None,
) -> list[Trained]:
    """Train a transformer for a task from scratch.

    Args:
        task: what to learn.
        recipe: the model and its training.
        seeds: how many, from 0 on, or which.
        learning_rates: to be tried instead of the recipe's, each with all seeds.
        checkpoint: a folder for what is needed to go on after an interruption; without one, training begins anew.
        together: whether all runs train in one batched computation, which a GPU does faster; on a CPU one after the other is.
            If it is not given, as suits the device.
        report: is told of progress.
        watch: is given the models in training.

    Returns:
        A trained model for each learning rate and seed.

    Raises:
        LabError: the recipe does not fit the task, samples are not what it says of them, or the checkpoint can't be read or
            written.
        Interrupted: Ctrl-C; with a checkpoint, the same call goes on where it stopped.
    """
    check_fits(task, recipe)
    check_samples(task, recipe)
    numbers = range(seeds) if isinstance(seeds, int) else seeds
    rates = (recipe.learning_rate,) if learning_rates is None else learning_rates
    runs = [Run(seed, rate) for rate, seed in itertools.product(rates, numbers)]
    bundles = [runs] if trains_together(together) else [[run] for run in runs]
    steps = steps_of(task, recipe)
    with Interruption() as interruption:
        trainings = (Training(task, recipe, steps, bundle, checkpoint, report, watch) for bundle in bundles)
        return [trained for training in trainings for trained in training.finish(interruption)]


def trains_together(asked: bool | None) -> bool:
    """Whether several runs are one batched computation: as asked, or as suits the device."""
    return jax.default_backend() != "cpu" if asked is None else asked


@dataclass
class Training:
    """Runs that train together, at some step.

    Attributes:
        steps: the functions of one run.
        checks: of each run.
        losses: mean loss of each run in each piece since the last check, and how many steps that was.
    """

    task: Task
    recipe: Recipe
    steps: Steps
    runs: list[Run]
    folder: Path | None
    report: Report | None
    watch: Watch | None = None
    step: int = 0
    checks: list[list[Check]] = field(default_factory=list)
    losses: list[tuple[int, list[float]]] = field(default_factory=list)

    def finish(self, interruption: Interruption) -> list[Trained]:
        """Train to the end."""
        checkpoint = Checkpoint.at(self.folder, self.task, self.recipe, self.runs)
        self.checks = [[] for _ in self.runs]
        state = self._mapped(self.steps.begin)(self._seeds)
        state = self._resumed(checkpoint, state)
        if self.watch is not None and self.step == 0:
            self.watch(self._trained(state))
        while self.step < self.recipe.steps and self._active.any():
            state = self._piece(state)
            if interruption.asked:
                checkpoint.save(state, self._progress())
                interruption.stop(f"{self.task.name} at step {self.step:,}", kept=self.folder is not None)
            checkpoint.save_now_and_then(state, self._progress)
        return self._trained(state)

    def _trained(self, state: State) -> list[Trained]:
        """The models as they are."""
        models = [jax.tree.map(lambda array, number=number: array[number], state.model) for number in range(len(self.runs))]
        return [
            Trained(self.task, self.recipe, run, model, tuple(checks))
            for run, model, checks in zip(self.runs, models, self.checks, strict=True)
        ]

    def _piece(self, state: State) -> State:
        """Some more steps, and a check if it is time."""
        every = self.recipe.check_every
        count = min(PIECE, every - self.step % every, self.recipe.steps - self.step)
        active = self._active
        state, losses = self._advance(state, count, active)
        self.step += count
        self.losses.append((count, losses))
        if self.step % every == 0 or self.step == self.recipe.steps:
            self._check(state, active)
            if self.watch is not None:
                self.watch(self._trained(state))
        if self.report is not None:
            latest = [checks[-1].accuracy if checks else 0.0 for checks in self.checks]
            self.report(self.runs, self.step, losses, latest)
        return state

    def _advance(self, state: State, count: int, active: np.ndarray) -> tuple[State, list[float]]:
        rates = jnp.array([run.learning_rate for run in self.runs], jnp.float32)
        if len(self.runs) == 1:
            alone, loss = self.steps.advance(_only(state), self._seeds[0], rates[0], count)
            return jax.tree.map(lambda array: array[None], alone), [float(loss)]
        after, losses = _together(self.steps)(state, self._seeds, rates, jnp.asarray(active), jnp.asarray(count))
        return after, np.asarray(losses).tolist()

    def _check(self, state: State, active: np.ndarray) -> None:
        accuracies = np.asarray(self._mapped(self.steps.check)(state, self._seeds))
        total = sum(count for count, _ in self.losses)
        means = [sum(count * losses[number] for count, losses in self.losses) / total for number in range(len(self.runs))]
        for number in np.flatnonzero(active):
            self.checks[number].append(Check(self.step, means[number], float(accuracies[number])))
        self.losses = []

    @property
    def _active(self) -> np.ndarray:
        """Which runs have not reached the accuracy at which they stop."""

        def has_ended(checks: list[Check]) -> bool:
            last = checks[-self.recipe.patience :]
            return len(last) == self.recipe.patience and all(check.accuracy >= self.recipe.stop_at for check in last)

        return np.array([not has_ended(checks) for checks in self.checks])

    @property
    def _seeds(self) -> jax.Array:
        return jnp.array([run.seed for run in self.runs], jnp.uint32)

    def _mapped(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function of one run for all runs."""
        if len(self.runs) > 1:
            return jax.vmap(function)
        return lambda *trees: jax.tree.map(lambda array: array[None], function(*map(_only, trees)))

    def _progress(self) -> dict[str, Any]:
        """What a checkpoint has besides the state."""
        checks = [[[check.step, check.loss, check.accuracy] for check in checks] for checks in self.checks]
        return {"step": self.step, "checks": checks, "losses": self.losses}

    def _resumed(self, checkpoint: Checkpoint, state: State) -> State:
        found = checkpoint.load(state)
        if found is None:
            return state
        state, progress = found
        self.step = progress["step"]
        self.checks = [[Check(*check) for check in checks] for checks in progress["checks"]]
        self.losses = [(count, losses) for count, losses in progress["losses"]]
        return state


def _only(tree: Any) -> Any:
    return jax.tree.map(lambda array: array[0], tree)


@lru_cache(maxsize=64)
def _together(steps: Steps) -> Callable[..., tuple[State, jax.Array]]:
    """All runs some steps further; those that have ended stay."""

    def advance(state: State, seeds: jax.Array, rates: jax.Array, active: jax.Array, count: jax.Array) -> tuple[State, jax.Array]:
        after, losses = jax.vmap(lambda *run: steps.advance(run[0], run[1], run[2], count))(state, seeds, rates)

        def chosen(old: jax.Array, new: jax.Array) -> jax.Array:
            return jnp.where(active.reshape(-1, *[1] * (new.ndim - 1)), new, old)

        return jax.tree.map(chosen, state, after), losses

    return jax.jit(advance)
