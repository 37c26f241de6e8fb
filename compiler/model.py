"""A compiled model: tokens in, values out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias, TypeVar

import equinox as eqx
import jax
import numpy as np
from jax.sharding import Mesh

from compiler.blueprint import Blueprint, fixed_loop
from compiler.decode import Decoder, Host
from compiler.errors import ModelInputError
from compiler.execution.batches import Shapes, batches
from compiler.execution.encode import Encoded, Encoder
from compiler.execution.generation import Generation
from compiler.execution.runner import Runner
from compiler.execution.sharding import ShardedRunner
from compiler.target import Target
from compiler.transformer import Transformer
from compiler.undefined import Alarm, Undefined, first_raised, mixture
from compiler.weights.certificate import Certificate
from rasp.graph.loops import with_times
from rasp.graph.nodes import Atom
from rasp.values import SOp, Tokens

LEFT_BOUNDS = "some value has left its bounds"
LEFT_LOOP = "a loop can't be run so often, or some value has left its bounds"

T = TypeVar("T")
Decode: TypeAlias = Callable[[np.ndarray], list[T]]


@dataclass(frozen=True)
class Config:
    """The size of a model."""

    layers: int
    heads: tuple[int, ...]
    d_model: int
    d_mlp: tuple[int, ...]
    parameters: int


@dataclass(frozen=True, eq=False)
class Model:
    """A transformer that computes an s-op exactly, with what is needed to feed it and to read it.

    Attributes:
        sop: the s-op that was compiled.
        target: vocabulary, longest input and direction.
        transformer: the weights, an Equinox module.
        decoder: turns its outputs into atoms.
        certificate: the proof of exactness.
        blueprint: what it is made of: cells, heads and units, by name.
        alarms: what the last outputs say, one each: on which inputs the program is undefined.
        mesh: the devices that batches are spread over; None for the default device.
    """

    sop: SOp
    target: Target
    transformer: Transformer
    decoder: Decoder
    certificate: Certificate
    blueprint: Blueprint
    alarms: tuple[Alarm, ...] = ()
    mesh: Mesh | None = None

    def __call__(self, tokens: Tokens) -> list[Host]:
        """The values on one input.

        Raises:
            ModelInputError: an empty input, one longer than ``max_length``, or an unknown token.
            UndefinedError: the program is undefined on this input.
        """
        return self.batch([tokens])[0]

    def batch(self, inputs: Iterable[Tokens]) -> list[list[Host]]:
        """The values on several inputs of any lengths, in jitted calls of few shapes. Raises as for one input."""
        found = self._rows(self.encoder(inputs), self.decoder.host, self.shapes)
        rows: list[list[Host]] = []
        for number, row in enumerate(found):
            if isinstance(row, Undefined):
                raise row.error("this input" if len(found) == 1 else f"inputs[{number}]")
            rows.append(row)
        return rows

    def batch_atoms(self, inputs: Iterable[Tokens]) -> list[list[Atom] | Undefined]:
        """The exact values on several inputs, and an ``Undefined`` for each on which the program is undefined.

        Raises:
            ModelInputError: an empty input, one longer than ``max_length``, or an unknown token.
        """
        return self.atoms_of(self.encoder(inputs), self.shapes)

    def atoms_of(self, inputs: Encoded, shapes: Shapes) -> list[list[Atom] | Undefined]:
        """The exact values on inputs that are encoded already, in batches of given shapes."""
        return self._rows(inputs, self.decoder, shapes)

    def read(self, outputs: np.ndarray) -> list[Atom] | Undefined:
        """The exact values of one input from its outputs of shape (length, outputs), or why there are none."""
        (row,) = self._read(outputs, [len(outputs)], self.decoder)
        return row

    def _rows(self, inputs: Encoded, decode: Decode[T], shapes: Shapes) -> list[list[T] | Undefined]:
        rows: list[list[T] | Undefined] = [[]] * len(inputs.lengths)
        for batch in batches(inputs, shapes):
            outputs = batch.at_tokens(self.outputs(batch.ids, batch.lengths))
            found = self._read(outputs, inputs.lengths[batch.places].tolist(), decode)
            for place, row in zip(batch.places.tolist(), found, strict=True):
                rows[place] = row
        return rows

    def _read(self, outputs: np.ndarray, lengths: Sequence[int], decode: Decode[T]) -> Iterator[list[T] | Undefined]:
        """The values of inputs one after the other, from outputs of shape (tokens, outputs); or why there are none."""
        undefined = self._undefined(outputs, lengths)
        if any(undefined):  # their outputs mean nothing, so they are not decoded
            outputs = np.where(np.repeat([bool(reason) for reason in undefined], lengths)[:, None], 0, outputs)
        values = decode(outputs[:, : self.decoder.columns])
        end = 0
        for length, reason in zip(lengths, undefined, strict=True):
            start, end = end, end + length
            row = values[start:end]
            yield reason or (self.decoder.may_mix and mixture(row, self.sop.node.span)) or row

    def _undefined(self, outputs: np.ndarray, lengths: Sequence[int]) -> list[Undefined | None]:
        """For each input, why its outputs are not its values, if they are not.

        The certificate holds on every input on which the program is defined: there all outputs are finite.
        """
        if not self.alarms and np.isfinite(outputs).all():
            return [None] * len(lengths)
        rows = np.split(outputs, np.cumsum(lengths)[:-1])
        left = Undefined(LEFT_BOUNDS if not self.blueprint.loops else LEFT_LOOP, None, None)
        alarms = slice(self.decoder.columns, None)
        return [first_raised(self.alarms, row[:, alarms]) or (None if np.isfinite(row).all() else left) for row in rows]

    def steps(self, tokens: Tokens) -> tuple[int, ...]:
        """How many steps each loop of the model takes on an input. Raises as a call does."""
        if not self.transformer.loops:
            self.encode(tokens)
            return ()
        self([*tokens])
        ids = np.asarray(self.encode(tokens), np.int32)
        with jax.default_matmul_precision("highest"):
            found = self.transformer.steps(jax.numpy.asarray(ids), jax.numpy.asarray(len(ids)))
        return tuple(int(steps) for steps in found)

    def with_steps(self, *steps: int) -> Model:
        """The same model with a given number of steps for each of its loops, whatever the input asks for.

        Raises:
            ModelInputError: not one number for each loop, a negative one, or more than the weights are exact for.
        """
        loops = self.blueprint.loops
        if len(steps) != len(loops):
            hint = f"give {len(loops)} numbers, one for each in turn" if loops else "ask for no steps"
            loops_of = f"{len(loops)} loop{'' if len(loops) == 1 else 's'}"
            raise ModelInputError(f"the model has {loops_of}, not {len(steps)}, that take a number of steps", hint=hint)
        for number, loop in zip(steps, loops, strict=True):
            if isinstance(number, bool) or not isinstance(number, int) or number < 0:
                raise ModelInputError(f"a loop runs a whole number of times, 0 or more, not {number!r}")
            if loop.limit is not None and number > loop.limit:
                hint = "compile for a larger max_length, or ask for fewer steps"
                raise ModelInputError(f"this loop is exact for at most {loop.limit} steps, not for {number}", hint=hint)
        plan = replace(self.blueprint, loops=tuple(map(fixed_loop, loops, steps)))
        transformer = replace(self.transformer, loops=plan.repeats)
        sop = replace(self.sop, node=with_times(self.sop.node, steps))
        return replace(self, sop=sop, blueprint=plan, transformer=transformer)

    @cached_property
    def encoder(self) -> Encoder:
        """Turns tokens into ids."""
        return Encoder(self.target)

    @cached_property
    def shapes(self) -> Shapes:
        """The shapes of its batches."""
        return Shapes(self.target.max_length, max(1, self.transformer.unembedding.shape[1]))

    @cached_property
    def runner(self) -> Runner:
        """Runs the transformer on padded batches."""
        return Runner.of(self.transformer) if self.mesh is None else ShardedRunner.on(self.mesh, self.transformer)

    def sharded(self, mesh: Mesh) -> Model:
        """The same model with its batches spread over devices; generation stays on one device.

        Args:
            mesh: inputs are spread over its axis ``batch``, the positions of each input over its axis ``sequence``; it has one
                of them or both.

        Raises:
            ModelInputError: the mesh has another axis.
        """
        model = replace(self, mesh=mesh)
        model.runner  # noqa: B018 - a wrong mesh is told now
        return model

    def outputs(self, ids: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """What the transformer puts out for padded ids of shape (batch, length); shape (batch, length, outputs).

        The last outputs are those of the alarms; those before them are what the decoder reads.
        """
        return self.runner(ids, lengths)

    def encode(self, tokens: Tokens) -> list[int]:
        """The ids of one input. Raises as a call does."""
        return self.encoder([tokens]).ids.tolist()

    def generate(self, prompt: Tokens, *, stop: object = None, max_new_tokens: int | None = None) -> list[Host]:
        """The prompt and the tokens that follow it, each the value at the last position so far.

        Args:
            prompt: at least one token.
            stop: generation ends after this token; it is part of the result.
            max_new_tokens: generation ends after so many tokens; if it is not given, with the token that follows a sequence of
                ``max_length`` tokens, the last that the model can tell.

        Raises:
            CompileError: the model is not causal, so that later tokens would change earlier values.
            ModelInputError: the prompt is empty, too long for the model or for ``max_new_tokens``, or holds unknown tokens; or
                a generated token is not in the vocabulary and more must follow.
            InputError: ``stop`` is no token.
            UndefinedError: the program is undefined on what was generated so far.
        """
        return self.generate_batch([prompt], stop=stop, max_new_tokens=max_new_tokens)[0]

    def generate_batch(
        self, prompts: Iterable[Tokens], *, stop: object = None, max_new_tokens: int | None = None
    ) -> list[list[Host]]:
        """Several prompts, of any lengths, with the tokens that follow each; arguments and errors are those of ``generate``."""
        generation = Generation.of(self, prompts, stop, max_new_tokens)
        rows = [list(prompt) for prompt in generation.prompts]
        for number, tokens in generation.run():
            rows[number] += tokens
        return rows

    def stream(self, prompt: Tokens, *, stop: object = None, max_new_tokens: int | None = None) -> Iterator[Host]:
        """The tokens that follow a prompt, as they come; arguments and errors are those of ``generate``.

        Decoding goes on while tokens are taken, first one at a time, then in growing steps of up to 64.
        """
        generation = Generation.of(self, [prompt], stop, max_new_tokens)
        return (token for _, tokens in generation.run(growing=True) for token in tokens)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the model to a safetensors file; ``compiler.load`` reads it back.

        Raises:
            ArtifactError: the file can't be written.
        """
        from compiler import artifact

        artifact.save(self, path)

    def _repr_html_(self) -> str:
        from compiler.inspection.notebook import model_html

        return model_html(self)

    @property
    def heads(self) -> tuple[tuple[str, ...], ...]:
        """For each layer, what each of its heads selects."""
        layers = range(1, self.blueprint.layers + 1)
        return tuple(tuple(head.label for head in self.blueprint.heads_of(layer)) for layer in layers)

    @property
    def cells(self) -> tuple[str, ...]:
        """What each cell of the residual stream holds."""
        return self.blueprint.labels()

    @property
    def config(self) -> Config:
        """Layers, heads by layer, residual width, units by layer, and the number of parameters."""
        layers = self.transformer.layers
        return Config(
            layers=len(layers),
            heads=tuple(len(names) for names in self.heads),
            d_model=self.transformer.tokens.shape[1],
            d_mlp=tuple(layer.mlp.into.shape[1] for layer in layers),
            parameters=sum(leaf.size for leaf in jax.tree.leaves(eqx.filter(self.transformer, eqx.is_array))),
        )
