"""Does a learned model carry the values that the program computes? Linear probes of its residual stream.

A probe reads one s-op of the program off the stream of the same position: ridge regression to a one-hot code of its values,
fitted on half of the samples and tried on the other half. What a probe can read need not be used by the model; so the same probes
are tried on a model with the weights that training began with, and beside always saying the most frequent value (Hewitt and
Liang 2019).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import jax
import jax.numpy as jnp
import numpy as np

from compiler.transformer import Transformer
from conjecture.errors import LabError
from conjecture.model.build import new_model
from conjecture.solved import questions
from conjecture.training.train import Trained
from rasp.errors import EvaluationError
from rasp.evaluate import evaluate_many
from rasp.graph import canonical
from rasp.graph.expression import expression_text
from rasp.graph.nodes import SELECTOR_TYPES, Aggregate, Atom, Const, Input, Node, SelectorWidth, Sop, topological

MOST_VALUES = 64
"""An s-op of more values is not probed."""

RIDGE = 1e-2
"""Of what features vary by."""


@dataclass(frozen=True, eq=False)
class Probed:
    """How well an s-op can be read off the stream.

    Attributes:
        sop: the s-op as an expression.
        attends: whether it is a result of attention; others are computed from such results or from the input alone.
        values: how many it takes in the samples.
        frequent: the accuracy of always saying its most frequent value.
        trained: the accuracy of the probe at each time, as ``Opened.times`` has them.
        untrained: the same for the weights that training began with.
    """

    sop: str
    attends: bool
    values: int
    frequent: float
    trained: tuple[float, ...]
    untrained: tuple[float, ...]

    @property
    def gain(self) -> float:
        """How much better than without training it can be read, at the best time of each."""
        return max(self.trained) - max(*self.untrained, self.frequent)


def probe(trained: Trained, *, samples: int = 256, seed: int = 0) -> list[Probed]:
    """Probe every s-op of the program of a model's task.

    Args:
        samples: of training lengths; half of them to fit the probes, half to try them.

    Raises:
        LabError: a looped model or an encoder-decoder, whose layers do not have one stream each.
    """
    if not isinstance(trained.model, Transformer):
        raise LabError("probes read the stream of a decoder without loops")
    tokens = _inputs(trained, samples, seed)
    nodes = _probed(trained)
    columns, kept = _values(nodes, tokens)
    begun = new_model(trained.task, trained.recipe, key=jax.random.fold_in(jax.random.key(trained.run.seed), 0))
    assert isinstance(begun, Transformer)
    streams = [_streams(trained, model, [tokens[number] for number in kept]) for model in (trained.model, begun)]
    lengths = [len(tokens[number]) for number in kept]
    fitted = np.repeat(np.arange(len(kept)) % 2 == 0, lengths)
    found = (_of_node(node, column, streams, fitted) for node, column in zip(nodes, columns, strict=True))
    return [one for one in found if one is not None]


def _inputs(trained: Trained, samples: int, seed: int) -> list[list[Atom]]:
    low, high = trained.recipe.lengths
    lengths = max(low, trained.task.shortest), high
    (found,) = questions(trained.task, trained.recipe.longest, [lengths], samples, seed=seed)
    return [question.tokens for question in found]


def _probed(trained: Trained) -> list[Sop]:
    root = canonical(trained.task.program.sop().node).root
    no_value = (*SELECTOR_TYPES, Input, Const)
    return [cast(Sop, node) for node in topological(root) if not isinstance(node, no_value)]


def _values(nodes: Sequence[Sop], inputs: Sequence[list[Atom]]) -> tuple[list[list[Atom]], list[int]]:
    """The values of each s-op at all positions of the inputs on which the program is defined, and which inputs these are."""
    columns: list[list[Atom]] = [[] for _ in nodes]
    kept: list[int] = []
    for number, tokens in enumerate(inputs):
        try:
            rows = [column.to_atoms() for column in evaluate_many(nodes, tokens)]
        except EvaluationError:
            continue
        kept.append(number)
        for column, row in zip(columns, rows, strict=True):
            column.extend(row)
    return columns, kept


def _streams(trained: Trained, model: Transformer[Any, Any], inputs: Sequence[list[Atom]]) -> np.ndarray:
    """The streams at all positions of the inputs, one after the other; of shape (times, positions, width)."""
    alphabet = trained.task.alphabet(trained.recipe.longest)
    places = {code: place for place, code in enumerate(alphabet.codes)}
    lengths = np.array([len(tokens) for tokens in inputs])
    ids = np.zeros((len(inputs), int(lengths.max())), np.int32)
    for row, tokens in zip(ids, inputs, strict=True):
        row[: len(tokens)] = [places[alphabet.code(token)] for token in tokens]
    found = np.asarray(jax.jit(jax.vmap(model.passage))(jnp.asarray(ids), jnp.asarray(lengths)).streams)
    inside = np.arange(ids.shape[1])[None, :] < lengths[:, None]
    return np.moveaxis(found[:, :, 1:], 1, 0)[:, inside]


def _of_node(node: Node, column: Sequence[Atom], streams: Sequence[np.ndarray], fitted: np.ndarray) -> Probed | None:
    """The probes of one s-op; None if it always is the same, or takes too many values."""
    distinct, classes = np.unique([str(value) for value in column], return_inverse=True)
    if not 1 < len(distinct) <= MOST_VALUES:
        return None
    counts = np.bincount(classes[fitted], minlength=len(distinct))
    frequent = float((classes[~fitted] == counts.argmax()).mean())
    codes = np.eye(len(distinct))[classes]
    accuracies = [tuple(_accuracy(stream, codes, classes, fitted) for stream in times) for times in streams]
    attends = isinstance(node, Aggregate | SelectorWidth)
    return Probed(expression_text(node, limit=100), attends, len(distinct), frequent, accuracies[0], accuracies[1])


def _accuracy(stream: np.ndarray, codes: np.ndarray, classes: np.ndarray, fitted: np.ndarray) -> float:
    """The accuracy of a linear probe on the half that it was not fitted on."""
    mean, deviation = stream[fitted].mean(axis=0), stream[fitted].std(axis=0) + 1e-6
    features = np.concatenate([(stream - mean) / deviation, np.ones((len(stream), 1))], axis=1)
    known = features[fitted]
    weights = np.linalg.solve(known.T @ known + RIDGE * len(known) * np.eye(known.shape[1]), known.T @ codes[fitted])
    return float(((features[~fitted] @ weights).argmax(axis=1) == classes[~fitted]).mean())
