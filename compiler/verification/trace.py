"""Follows an input through a compiled model: what the residual stream holds, beside what the interpreter says it should be."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, get_args

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from compiler.artifact import weights
from compiler.blueprint import Blueprint, sublayer
from compiler.compile import Optimize, passes
from compiler.errors import CompileError, TraceError, UndefinedError
from compiler.model import Model
from compiler.transformer import Transformer
from compiler.undefined import Undefined
from compiler.verification.probes import Number, Pair, Probe, Sum, expected, probes_of
from rasp.elaborate.recursion import deep_recursion
from rasp.errors import RaspError
from rasp.evaluate import evaluate, evaluate_many, evaluate_selector
from rasp.graph.nodes import Atom, Selector, Sop
from rasp.values import Tokens

BOS = -1
"""Stands for the position of BOS among those of the input."""


@dataclass(frozen=True, eq=False)
class Observation:
    """What one probe read.

    Attributes:
        time: when; the first time at which it differs, or else the first at which it can be read.
        program: what the cells must say at each position of the input.
        stream: what they say; a float is no integer.
        different: the positions at which both differ, ``BOS`` first.
        values: those of the s-op; None for a sum.
    """

    probe: Probe
    time: int
    program: tuple[Number, ...]
    stream: tuple[Number, ...]
    different: tuple[int, ...]
    values: tuple[Atom, ...] | None


@dataclass(frozen=True, eq=False)
class Trace:
    """One input in a model, sublayer by sublayer.

    Attributes:
        name: of the s-op.
        layers: how many the model has.
        observations: by time; of one time, what the source names first, in the order of the program.
        program: the values of the s-op.
        model: those of the model, or why it puts out none.
        altered: the names of weights that are not those that the program compiles to.
    """

    name: str
    tokens: tuple[Atom, ...]
    layers: int
    observations: tuple[Observation, ...]
    program: tuple[Atom, ...]
    model: tuple[Atom, ...] | Undefined
    altered: tuple[str, ...]

    @property
    def first(self) -> Observation | None:
        """The first observation that differs."""
        return next((observation for observation in self.observations if observation.different), None)

    @property
    def wrong_result(self) -> tuple[int, ...]:
        """The positions at which the model's own values differ."""
        if isinstance(self.model, Undefined):
            return tuple(range(len(self.program)))
        pairs = zip(self.program, self.model, strict=True)
        return tuple(place for place, (a, b) in enumerate(pairs) if type(a) is not type(b) or a != b)

    @property
    def passed(self) -> bool:
        """Whether everything that was read is as the program says."""
        return self.first is None and not self.wrong_result

    def where(self, time: int) -> str:
        """The name of a time, such as ``layer 2 attention``."""
        return sublayer(time, self.layers)

    @property
    def summary(self) -> str:
        """The verdict in one line."""
        from compiler.inspection.tracing import summary

        return summary(self)

    def text(self, *, everything: bool = False) -> str:
        """A table of what the source names and of all that differs, or of everything that was read."""
        from compiler.inspection.tracing import table

        return table(self, everything)

    def to_json(self, *, everything: bool = False) -> dict[str, Any]:
        """The same as JSON data."""
        from compiler.inspection.tracing import json_data

        return json_data(self, everything)

    def __str__(self) -> str:
        return self.text()


def trace(model: Model, tokens: Tokens) -> Trace:
    """Follow an input through a model.

    The program is compiled once more to learn what each cell stands for, which takes as long as the first time.

    Raises:
        ModelInputError: an empty input, one longer than ``max_length``, or an unknown token.
        UndefinedError: the program is undefined on this input.
        TraceError: the model is not laid out as this version compiles its program, so that its cells can't be named.
    """
    return Tracer.of(model)(tokens)


@dataclass(frozen=True, eq=False)
class Tracer:
    """Follows any number of inputs through one model.

    Attributes:
        probes: what can be read from the cells.
        altered: the names of weights that are not those that the program compiles to.
    """

    model: Model
    probes: tuple[Probe, ...]
    altered: tuple[str, ...]

    @staticmethod
    def of(model: Model) -> Tracer:
        """Compile the program of a model again. Raises ``TraceError`` as ``trace`` does."""
        if model.blueprint.loops:
            raise TraceError(
                "a model with loops can't be traced: its cells hold other values in each step", hint="verify compares its outputs"
            )
        refusal: CompileError | None = None
        for optimize in get_args(Optimize):
            try:
                with deep_recursion():
                    made = passes(model.sop, model.target, optimize)
                    if _plan(made.model.blueprint) == _plan(model.blueprint) and _shapes(made.model) == _shapes(model):
                        return Tracer(model, probes_of(made, model.blueprint.named), _altered(made.model, model))
            except CompileError as error:
                refusal = error
        reason = "" if refusal is None else f": {refusal.message}"
        raise TraceError(
            f"this model is not laid out as its program compiles here, so its layers can't be compared with the program{reason}",
            hint="it was made by another version or from another program; compile the program again",
        )

    def __call__(self, tokens: Tokens) -> Trace:
        """The trace of an input. Raises as ``trace`` does."""
        ids = self.model.encode(tokens)
        atoms = tuple(self.model.target.vocab[index] for index in ids)
        root = self.model.sop.node
        try:
            program = tuple(evaluate(root, atoms).to_atoms())
        except RaspError as error:
            raise UndefinedError(f"the program is undefined on this input: {error.message}", hint=error.hint) from None
        interpreter = _Interpreter(atoms, tuple(dict.fromkeys(probe.asks.node for probe in self.probes)))
        streams = _streams(self.model, ids)
        found = [o for probe in self.probes if (o := _observed(probe, interpreter, streams)) is not None]
        found.sort(key=lambda o: (o.time, not o.probe.named, o.probe.number))
        name = self.model.sop.name or "s-op"
        return Trace(name, atoms, len(self.model.transformer.layers), tuple(found), program, self._given(atoms), self.altered)

    def _given(self, tokens: tuple[Atom, ...]) -> tuple[Atom, ...] | Undefined:
        (row,) = self.model.batch_atoms([tokens])
        return row if isinstance(row, Undefined) else tuple(row)


def _plan(blueprint: Blueprint) -> tuple[object, ...]:
    """What of a blueprint must be the same for its cells to mean the same; names and places may differ."""
    cells = [(use.cell, use.kind, use.low, use.high, use.written, use.complete, use.last_read) for use in blueprint.cells]
    heads = [(head.layer, head.reading, head.compares, head.carries, head.writes) for head in blueprint.heads]
    return blueprint.layers, blueprint.width, cells, heads


def _shapes(model: Model) -> dict[str, tuple[int, ...]]:
    return {name: array.shape for name, array in weights(model.transformer).items()}


def _altered(made: Model, model: Model) -> tuple[str, ...]:
    given = weights(model.transformer)
    return tuple(name for name, array in weights(made.transformer).items() if array.tobytes() != given[name].tobytes())


@dataclass(frozen=True, eq=False)
class _Interpreter:
    """What the interpreter says of one input; everything is evaluated once.

    Attributes:
        nodes: the s-ops that will be asked for.
    """

    tokens: tuple[Atom, ...]
    nodes: tuple[Sop, ...]

    def values(self, node: Sop) -> tuple[Atom, ...] | None:
        return self._values[node]

    def selected(self, selector: Selector) -> np.ndarray | None:
        if selector not in self._matrices:
            try:
                self._matrices[selector] = evaluate_selector(selector, self.tokens)
            except RaspError:
                self._matrices[selector] = None
        return self._matrices[selector]

    @cached_property
    def _matrices(self) -> dict[Selector, np.ndarray | None]:
        return {}

    @cached_property
    def _values(self) -> Mapping[Sop, tuple[Atom, ...] | None]:
        """All at once; if that fails, because a part that the result does not need is undefined, one by one."""
        try:
            columns = evaluate_many(self.nodes, self.tokens)
        except RaspError:
            return {node: self._alone(node) for node in self.nodes}
        return {node: tuple(column.to_atoms()) for node, column in zip(self.nodes, columns, strict=True)}

    def _alone(self, node: Sop) -> tuple[Atom, ...] | None:
        try:
            return tuple(evaluate(node, self.tokens).to_atoms())
        except RaspError:
            return None


@dataclass(frozen=True, eq=False)
class _Streams:
    """The residual stream on one input.

    Attributes:
        at: after each sublayer, shape (times, n + 1, cells), BOS first.
    """

    at: np.ndarray

    @cached_property
    def changes(self) -> np.ndarray:
        """Which cells differ from the time before; shape (times, cells)."""
        first = np.ones((1, self.at.shape[2]), bool)
        return np.concatenate([first, (self.at[1:] != self.at[:-1]).any(axis=1)])


def _streams(model: Model, ids: Sequence[int]) -> _Streams:
    padded = np.zeros(model.shapes.padded(len(ids)), np.int32)
    padded[: len(ids)] = ids
    with jax.default_matmul_precision("highest"):
        streams = _run(model.transformer, jnp.asarray(padded), jnp.asarray(len(ids)))
    return _Streams(np.asarray(streams)[:, : len(ids) + 1])


@eqx.filter_jit
def _run(transformer: Transformer, ids: jax.Array, length: jax.Array) -> jax.Array:
    return transformer.passage(ids, length).streams


def _observed(probe: Probe, interpreter: _Interpreter, streams: _Streams) -> Observation | None:
    """What a probe reads, at the first time that it differs; None if the interpreter has no value for it."""
    wanted = expected(probe.asks, interpreter)
    if wanted is None:
        return None
    values = None if isinstance(probe.asks, Sum) else interpreter.values(probe.asks.node)
    cells = list(probe.cells)
    found: Observation | None = None
    for time in range(probe.ready, probe.until + 1):
        if found is not None and not streams.changes[time, cells].any():
            continue
        read, different = _compared(probe, wanted, streams.at[time])
        if found is None or different:
            found = Observation(probe, time, tuple(wanted), read, different, values)
        if different:
            break
    return found


def _compared(probe: Probe, wanted: Sequence[Number], stream: np.ndarray) -> tuple[tuple[Number, ...], tuple[int, ...]]:
    """What a probe reads in a stream, and where it is not what is wanted."""
    parts = [answer.read(stream) for answer in probe.answers]
    whole = np.logical_and.reduce([integral for _, integral in parts])
    at_bos = [held[0] == answer.at_bos for answer, (held, _) in zip(probe.answers, parts, strict=True)]
    read = [_number(probe, [held[place] for held, _ in parts]) for place in range(1, len(stream))]
    pairs = zip(wanted, read, whole[1:].tolist(), strict=True)
    wrong = [place for place, (a, b, is_whole) in enumerate(pairs) if a != b or not is_whole]
    return tuple(read), tuple(wrong if all(at_bos) and whole[0] else [BOS, *wrong])


def _number(probe: Probe, held: Sequence[float]) -> Number:
    """What the numbers at one position say."""
    if not all(map(math.isfinite, held)):
        return math.nan
    match probe.asks, [Fraction(number) for number in held]:
        case Pair(empty=empty), [top, bottom, shift]:
            quotient = top / bottom if bottom else empty
            return math.nan if quotient is None else quotient + shift
        case _:
            (number,) = held
            return int(number) if number == int(number) else float(number)
