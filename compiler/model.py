"""A compiled model: tokens in, values out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from compiler.blueprint import Blueprint
from compiler.certificate import Certificate
from compiler.decode import Decoder
from compiler.errors import ModelInputError, UndefinedError
from compiler.generation import generate
from compiler.target import Target
from compiler.transformer import Transformer
from compiler.undefined import Alarm, Undefined, first_raised, mixture
from rasp import atoms
from rasp.graph.nodes import Atom
from rasp.values import SOp, Tokens

T = TypeVar("T")


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
    """

    sop: SOp
    target: Target
    transformer: Transformer
    decoder: Decoder
    certificate: Certificate
    blueprint: Blueprint
    alarms: tuple[Alarm, ...] = ()

    def __call__(self, tokens: Tokens) -> list[bool | int | float | str]:
        """The values on one input.

        Raises:
            ModelInputError: an empty input, one longer than ``max_length``, or an unknown token.
            UndefinedError: the program is undefined on this input.
        """
        return self.batch([tokens])[0]

    def batch(self, inputs: Sequence[Tokens]) -> list[list[bool | int | float | str]]:
        """The values on several inputs of any lengths, in one jitted call. Raises as for one input."""
        rows: list[list[bool | int | float | str]] = []
        found = self.batch_atoms(inputs)
        for number, row in enumerate(found):
            if isinstance(row, Undefined):
                raise _error(row, "this input" if len(found) == 1 else f"inputs[{number}]")
            rows.append([atoms.to_host(atom) for atom in row])
        return rows

    def batch_atoms(self, inputs: Sequence[Tokens]) -> list[list[Atom] | Undefined]:
        """The exact values on several inputs, and an ``Undefined`` for each on which the program is undefined.

        Raises:
            ModelInputError: an empty input, one longer than ``max_length``, or an unknown token.
        """
        rows = [self.encode(tokens) for tokens in _items(inputs, "a batch is a sequence of inputs")]
        if not rows:
            return []
        lengths = np.ones(_bucket(len(rows)), np.int32)
        lengths[: len(rows)] = [len(row) for row in rows]
        ids = np.zeros((len(lengths), min(_bucket(int(lengths.max())), self.target.max_length)), np.int32)
        for number, row in enumerate(rows):
            ids[number, : len(row)] = row
        outputs = self.outputs(ids, lengths)
        return [self.read(outputs[number, : len(row)]) for number, row in enumerate(rows)]

    def read(self, outputs: np.ndarray) -> list[Atom] | Undefined:
        """The values of one input from its outputs of shape (length, outputs), or why there are none.

        The certificate holds on every input on which the program is defined: there all outputs are finite.
        """
        values, columns = np.split(outputs, [outputs.shape[1] - len(self.alarms)], axis=1)
        undefined = first_raised(self.alarms, columns)
        if undefined is not None:
            return undefined
        if not np.isfinite(outputs).all():
            return Undefined("some value has left its bounds", None, None)
        row = self.decoder(values)
        return mixture(row, self.sop.node.span) or row

    def outputs(self, ids: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """What the transformer puts out for padded ids of shape (batch, length); shape (batch, length, outputs).

        The last outputs are those of the alarms; those before them are what the decoder reads.
        """
        with jax.default_matmul_precision("highest"):
            return np.asarray(_forward(self.transformer, jnp.asarray(ids), jnp.asarray(lengths)))

    def encode(self, tokens: Tokens) -> list[int]:
        """The ids of an input.

        Raises:
            ModelInputError: an empty input, one longer than ``max_length``, or an unknown token.
        """
        ids = [self._id(token, position) for position, token in enumerate(_items(tokens, "an input is a sequence of tokens"))]
        if not ids:
            raise ModelInputError("the input is empty")
        if len(ids) > self.target.max_length:
            raise ModelInputError(
                f"the input has {len(ids):,} tokens; the model was compiled for at most {self.target.max_length:,}",
                hint="compile again with a larger max_length",
            )
        return ids

    @cached_property
    def _ids(self) -> dict[tuple[type, Atom], int]:
        return {(type(token), token): number for number, token in enumerate(self.target.vocab)}

    def _id(self, token: object, position: int) -> int:
        atom = atoms.from_host(token)
        try:
            return self._ids[type(atom), atom]
        except KeyError:
            raise ModelInputError(
                f"token {atoms.to_host(atom)!r} at position {position} is not in the vocabulary",
                hint="compile again with it in vocab",
            ) from None

    def generate(
        self, prompt: Tokens, *, stop: object = None, max_new_tokens: int | None = None
    ) -> list[bool | int | float | str]:
        """The prompt and the tokens that follow it; see ``compiler.generation.generate``."""
        return generate(self, prompt, stop=stop, max_new_tokens=max_new_tokens)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the model to a safetensors file; ``compiler.load`` reads it back.

        Raises:
            ArtifactError: the file can't be written.
        """
        from compiler import artifact

        artifact.save(self, path)

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


@eqx.filter_jit
def _forward(transformer: Transformer, ids: jax.Array, lengths: jax.Array) -> jax.Array:
    return jax.vmap(transformer)(ids, lengths)


def _error(undefined: Undefined, subject: str) -> UndefinedError:
    at = "" if undefined.position is None else f" (at position {undefined.position})"
    return UndefinedError(f"the program is undefined on {subject}: {undefined.problem}{at}", undefined.span)


def _bucket(size: int) -> int:
    """The next power of two from 16 on, so that few sizes are compiled."""
    return max(16, 1 << (size - 1).bit_length())


def _items(given: Iterable[T], expected: str) -> list[T]:
    try:
        return list(given)
    except TypeError:
        raise ModelInputError(f"{expected}, not {type(given).__name__}") from None
