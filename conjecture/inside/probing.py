"""Does a learned model carry the values that the program computes? Linear probes of its residual stream.

A probe reads one s-op of the program off the stream of the same position: ridge regression to a one-hot code of its values,
fitted on half of the samples and tried on the other half. What a probe can read need not be used by the model; so the same probes
are tried on a model with the weights that training began with, and beside always saying the most frequent value (Hewitt and
Liang 2019). A looped model has one probe for all steps: one block, one code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import jax
import numpy as np

from conjecture.inside.computed import Stepping, computed, streams
from conjecture.model.build import new_model
from conjecture.training.train import Trained
from rasp.graph.expression import expression_text
from rasp.graph.nodes import Aggregate, Atom, SelectorWidth, Sop

MOST_VALUES = 64
"""An s-op of more values is not probed."""

RIDGE = 1e-2
"""Of what features vary by."""


@dataclass(frozen=True, eq=False)
class Probed:
    """How well an s-op can be read off the stream.

    Attributes:
        sop: the s-op as an expression; in a loop, ``carried 0``, ``carried 1``, … are the states before the step.
        state: which state of the loop it is after the step, from 0; None for all else.
        attends: whether it is a result of attention; others are computed from such results or from the input alone.
        values: how many it takes in the samples.
        frequent: the accuracy of always saying its most frequent value.
        trained: the accuracy of the probe at each time, as ``Opened.times`` has them; of a looped model, after the attention and
            the MLP of each layer of its block, over all steps.
        untrained: the same for the weights that training began with.
        by_step: of the trained model at the last time, in each step of a loop.
    """

    sop: str
    state: int | None
    attends: bool
    values: int
    frequent: float
    trained: tuple[float, ...]
    untrained: tuple[float, ...]
    by_step: tuple[float, ...]

    @property
    def gain(self) -> float:
        """How much better than without training it can be read, at the best time of each."""
        return max(self.trained) - max(*self.untrained, self.frequent)


@dataclass(frozen=True, eq=False)
class _Places:
    """Where values are compared, one after the other.

    Attributes:
        fitted: whether the input is one of those that probes are fitted on.
        steps: the step, from 0.
    """

    fitted: np.ndarray
    steps: np.ndarray


def probe(trained: Trained, *, samples: int = 256, seed: int = 0) -> list[Probed]:
    """Probe every s-op of the program of a model's task; of a looped model, every s-op of the program's loop.

    Args:
        samples: of training lengths; half of them to fit the probes, half to try them.

    Raises:
        LabError: an encoder-decoder, whose layers do not have one stream each; a looped model whose steps are not the program's.
    """
    values = computed(trained, samples, seed)
    begun = new_model(trained.task, trained.recipe, key=jax.random.fold_in(jax.random.key(trained.run.seed), 0))
    both = [streams(trained, cast(Stepping, model), values) for model in (trained.model, begun)]
    inputs, steps, _ = np.nonzero(values.places)
    places = _Places(inputs % 2 == 0, steps)
    states = {sop: number for number, sop in enumerate(values.states)}
    found = (_of_sop(sop, states.get(sop), column, both, places) for sop, column in zip(values.sops, values.columns, strict=True))
    return [one for one in found if one is not None]


def _of_sop(sop: Sop, state: int | None, column: Sequence[Atom], streams: Sequence[np.ndarray], places: _Places) -> Probed | None:
    """The probes of one s-op; None if it always is the same, or takes too many values."""
    distinct, classes = np.unique([str(value) for value in column], return_inverse=True)
    if not 1 < len(distinct) <= MOST_VALUES:
        return None
    tried = ~places.fitted
    counts = np.bincount(classes[places.fitted], minlength=len(distinct))
    frequent = float((classes[tried] == counts.argmax()).mean())
    codes = np.eye(len(distinct))[classes]
    right = [[_right(stream, codes, classes, places.fitted) for stream in times] for times in streams]
    trained, untrained = (tuple(float(one.mean()) for one in times) for times in right)
    taken = places.steps[tried]
    by_step = tuple(float(right[0][-1][taken == step].mean()) for step in range(taken.max() + 1))
    attends = isinstance(sop, Aggregate | SelectorWidth)
    return Probed(expression_text(sop, limit=100), state, attends, len(distinct), frequent, trained, untrained, by_step)


def _right(stream: np.ndarray, codes: np.ndarray, classes: np.ndarray, fitted: np.ndarray) -> np.ndarray:
    """Where a linear probe is right, on the half that it was not fitted on."""
    mean, deviation = stream[fitted].mean(axis=0), stream[fitted].std(axis=0) + 1e-6
    features = np.concatenate([(stream - mean) / deviation, np.ones((len(stream), 1))], axis=1)
    known = features[fitted]
    weights = np.linalg.solve(known.T @ known + RIDGE * len(known) * np.eye(known.shape[1]), known.T @ codes[fitted])
    return (features[~fitted] @ weights).argmax(axis=1) == classes[~fitted]
