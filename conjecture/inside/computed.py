"""What a task's program computes on samples, beside what a learned model has in its stream then.

A looped model is compared with its program step by step: both take as many, and the program's step reads what the step before it
left. So an s-op of the step has a value in each, and so has the stream at each place of the model's block.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, cast

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from compiler.transformer import Transformer
from conjecture.errors import LabError
from conjecture.model.encoder_decoder import EncoderDecoder
from conjecture.model.looped import Looped
from conjecture.solved import questions
from conjecture.task_type import Task
from conjecture.training.train import Trained
from rasp.errors import EvaluationError
from rasp.evaluate import evaluate_many
from rasp.graph import canonical
from rasp.graph.loops import renumbered
from rasp.graph.nodes import SELECTOR_TYPES, Atom, Carried, Const, Input, Iterate, Loop, Sop, topological

Stepping = Transformer[Any, Any] | Looped
"""Models whose layers have one stream."""


@dataclass(frozen=True, eq=False)
class Computed:
    """The s-ops of a program at all places where they have a value: in each input, each step of it, and each position.

    Attributes:
        sops: as the program has them.
        states: those of a loop after a step.
        columns: the values of each, at one place after the other.
        inputs: those on which the program is defined.
        steps: how many each of them takes; 1 without a loop.
    """

    sops: list[Sop]
    states: tuple[Sop, ...]
    columns: list[list[Atom]]
    inputs: list[list[Atom]]
    steps: list[int]

    @property
    def places(self) -> np.ndarray:
        """Where there is a value, of shape (inputs, most steps, longest)."""
        steps, lengths = np.array(self.steps), np.array([len(tokens) for tokens in self.inputs])
        taken = np.arange(steps.max()) < steps[:, None]
        inside = np.arange(lengths.max()) < lengths[:, None]
        return taken[:, :, None] & inside[:, None, :]


def computed(trained: Trained, samples: int, seed: int) -> Computed:
    """The values of all s-ops of a task's program, on fresh samples of training lengths.

    Raises:
        LabError: an encoder-decoder, whose layers do not have one stream each; a looped model whose steps are not the program's.
    """
    inputs = _inputs(trained, samples, seed)
    sops, states, steps = _followed(trained, inputs)
    columns: list[list[Atom]] = [[] for _ in sops]
    kept: list[int] = []
    in_step = _in_each_step(trained, sops, max(steps))
    for number, (tokens, count) in enumerate(zip(inputs, steps, strict=True)):
        try:
            found = evaluate_many(list(chain.from_iterable(in_step[:count])), tokens)
        except EvaluationError:
            continue
        kept.append(number)
        for place, column in enumerate(found):
            columns[place % len(sops)].extend(column.to_atoms())
    return Computed(sops, states, columns, [inputs[number] for number in kept], [steps[number] for number in kept])


def streams(trained: Trained, model: Stepping, values: Computed) -> np.ndarray:
    """The streams of a model beside some values, of shape (times, values, width).

    The times of a model without a loop are those of ``Opened.times``; of a looped one they are after the attention and the MLP of
    each layer of its block.
    """
    ids, lengths = _encoded(trained, values.inputs)
    most = max(values.steps)
    found = np.asarray(_passed(model, ids, lengths, most))[:, :, 1:]
    in_steps = found.reshape(found.shape[0], most, -1, *found.shape[2:])
    return np.moveaxis(in_steps, 2, 0)[:, values.places]


@eqx.filter_jit
def _passed(model: Stepping, ids: jax.Array, lengths: jax.Array, steps: int) -> jax.Array:
    """The streams for each input, BOS first; those of a looped model without its embedding."""
    if isinstance(model, Looped):
        return jax.vmap(lambda row, length: model.passage(row, length, steps).streams[1:])(ids, lengths)
    return jax.vmap(lambda row, length: model.passage(row, length).streams)(ids, lengths)


def _inputs(trained: Trained, samples: int, seed: int) -> list[list[Atom]]:
    low, high = trained.recipe.lengths
    lengths = max(low, trained.task.shortest), high
    (found,) = questions(trained.task, trained.recipe.longest, [lengths], samples, seed=seed)
    return [question.tokens for question in found]


def _followed(trained: Trained, inputs: Sequence[list[Atom]]) -> tuple[list[Sop], tuple[Sop, ...], list[int]]:
    """The s-ops that a model may have in its stream, which of them are states of a loop, and how many steps each input takes."""
    match trained.model:
        case EncoderDecoder():
            raise LabError("an encoder-decoder has two streams; probes read the stream of a decoder")
        case Looped(times=None):
            loop = _loop(trained.task)
            counts = [evaluate_many([loop.times], tokens)[0].to_atoms()[-1] for tokens in inputs]
            return _with_values(*loop.steps), loop.steps, [cast(int, count) for count in counts]
        case Looped(times=times):
            raise LabError(f"a loop of {times} steps, whatever the program does, can't be compared with the program's steps")
        case _:
            return _with_values(_root(trained.task)), (), [1 for _ in inputs]


def _in_each_step(trained: Trained, sops: Sequence[Sop], most: int) -> list[tuple[Sop, ...]]:
    """The s-ops of each step over the input alone, where those of a loop read what it carries."""
    if not isinstance(trained.model, Looped):
        return [tuple(sops)]
    loop = _loop(trained.task)
    carried, found = loop.carried, []
    for _ in range(most):
        both = renumbered((*sops, *loop.steps), dict(enumerate(carried)), lambda node: node)
        found.append(both[: len(sops)])
        carried = (*both[len(sops) :], *carried[len(loop.steps) :])
    return found


def _loop(task: Task) -> Loop:
    loops = {node.loop for node in topological(_root(task)) if isinstance(node, Iterate)}
    if len(loops) != 1:
        raise LabError(f"a looped model is compared with a program of one loop; that of {task.name} has {len(loops)}")
    return loops.pop()


def _root(task: Task) -> Sop:
    return cast(Sop, canonical(task.program.sop().node).root)


def _with_values(*roots: Sop) -> list[Sop]:
    no_value = (*SELECTOR_TYPES, Input, Const, Carried)
    return [cast(Sop, node) for node in topological(*roots) if not isinstance(node, no_value)]


def _encoded(trained: Trained, inputs: Sequence[list[Atom]]) -> tuple[jax.Array, jax.Array]:
    """The ids of inputs, of shape (inputs, longest), and their lengths."""
    alphabet = trained.task.alphabet(trained.recipe.longest)
    places = {code: place for place, code in enumerate(alphabet.codes)}
    lengths = np.array([len(tokens) for tokens in inputs])
    ids = np.zeros((len(inputs), int(lengths.max())), np.int32)
    for row, tokens in zip(ids, inputs, strict=True):
        row[: len(tokens)] = [places[alphabet.code(token)] for token in tokens]
    return jnp.asarray(ids), jnp.asarray(lengths)
