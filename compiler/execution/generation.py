"""Autoregressive generation: the value at the last position is the next token.

Source: Zhou et al. 2023, 'What Algorithms can Transformers Learn?', section 3: a RASP-L program is a next-token function.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

import jax
import jax.numpy as jnp
import numpy as np

from compiler.decode import Host
from compiler.errors import CompileError, ModelInputError, UndefinedError
from compiler.execution.decoding import STEPS, Decoded, Sequences, decode, remember
from compiler.execution.encode import Encoded, listed
from compiler.execution.successors import successors_of
from compiler.target import whole_number
from compiler.transformer import Memories
from compiler.undefined import Undefined, undefined_prefixes
from rasp import atoms
from rasp.graph.nodes import Atom
from rasp.values import Tokens

if TYPE_CHECKING:
    from compiler.model import Model

MOST_REMEMBERED = 2**26
"""How many numbers are remembered at once; more prompts are continued one group after the other."""


@dataclass
class _Row:
    """A sequence that grows.

    Attributes:
        number: which prompt it began as.
        tokens: so far; the last one exactly.
        ids: of the tokens; the last may be none of the vocabulary.
        left: how many more it may get; 0 once it has ended.
        outputs: at all positions that were computed.
        error: that the program is undefined on what comes next.
    """

    number: int
    tokens: list[Host | Atom]
    ids: list[int]
    left: int
    outputs: list[np.ndarray] = field(default_factory=list)
    error: UndefinedError | None = None


@dataclass(frozen=True)
class Generation:
    """The continuation of some prompts by a model.

    Attributes:
        stop: a token after which a sequence ends.
        limits: how many tokens may follow each prompt.
    """

    model: Model
    prompts: list[list[Host]]
    encoded: Encoded
    stop: Atom | None
    limits: list[int]

    @staticmethod
    def of(model: Model, prompts: Iterable[Tokens], stop: object, max_new_tokens: int | None) -> Generation:
        """Check what was asked for. Raises as ``Model.generate`` does."""
        if not model.target.causal:
            raise CompileError("this model is not causal, so it can't generate", hint="compile with causal=True")
        if model.transformer.loops:
            message = "a model with loops reads the whole input before it answers, so it can't generate token by token"
            raise CompileError(message, hint="call it on the whole input")
        given = [
            listed(prompt, "a prompt is a sequence of tokens") for prompt in listed(prompts, "prompts are a sequence of prompts")
        ]
        encoded = model.encoder(given)
        shown = iter([atoms.to_host(model.target.vocab[number]) for number in encoded.ids.tolist()])
        rows = [list(islice(shown, length)) for length in encoded.lengths.tolist()]
        rooms = (model.target.max_length - encoded.lengths + 1).tolist()
        limits = rooms if max_new_tokens is None else [_checked(max_new_tokens, room) for room in rooms]
        return Generation(model, rows, encoded, None if stop is None else atoms.from_host(stop), limits)

    def run(self, *, growing: bool = False) -> Iterator[tuple[int, list[Host]]]:
        """The new tokens, as they come: the number of a prompt, and what follows next there.

        Args:
            growing: compute few tokens first, so that the first ones come soon.
        """
        ids = np.split(self.encoded.ids, np.cumsum(self.encoded.lengths))
        given = zip(range(len(self.prompts)), self.prompts, ids, self.limits, strict=False)
        asked = [_Row(number, [*tokens], row.tolist(), left) for number, tokens, row, left in given if left]
        context = self._context(asked)
        at_once = max(1, MOST_REMEMBERED // (context * self._remembered_by_position))
        for first in range(0, len(asked), at_once):
            yield from self._continued(asked[first : first + at_once], context, 1 if growing else STEPS)

    def _context(self, rows: Sequence[_Row]) -> int:
        """For how many positions there must be room, BOS included."""
        return self.model.shapes.padded(max((len(row.ids) + row.left - 1 for row in rows), default=1)) + 1

    @property
    def _remembered_by_position(self) -> int:
        groups = (group for layer in self.model.runner.transformer.layers for group in layer.attention.groups)
        return max(1, sum(group.key_bias.size + group.value_bias.size for group in groups))

    def _continued(self, rows: list[_Row], context: int, steps: int) -> Iterator[tuple[int, list[Host]]]:
        model, count = self.model, 1 << (len(rows) - 1).bit_length()
        successors, stops = successors_of(model.decoder, model.target.vocab), self._stops
        remembered = self._remember(rows, count, context)
        while any(row.left for row in rows):
            self._name_last(rows)
            sequences = Sequences(
                remembered,
                ids=jnp.asarray(_padded([max(row.ids[-1], 0) for row in rows], count)),
                position=jnp.asarray(_padded([len(row.ids) for row in rows], count)),
                left=jnp.asarray(_padded([row.left for row in rows], count)),
            )
            after, found = decode(model.runner, successors, stops, sequences, steps)
            remembered, decoded = after.remembered, jax.device_get(found)
            for place, row in enumerate(rows):
                if row.left:
                    yield row.number, self._taken(row, decoded, place)
                if row.error is not None:
                    raise row.error
            steps = min(2 * steps, STEPS)

    @property
    def _stops(self) -> np.ndarray:
        """Which tokens of the vocabulary end a sequence."""
        return np.array([self.stop is not None and token == self.stop for token in self.model.target.vocab])

    def _remember(self, rows: list[_Row], count: int, context: int) -> tuple[Memories, ...]:
        """What is remembered of the prompts but for their last tokens; the outputs there are the first of each row."""
        lengths = [len(row.ids) - 1 for row in rows]
        ids = np.zeros((count, min(context - 1, self.model.shapes.padded(max(lengths)))), np.int32)
        for place, row in enumerate(rows):
            ids[place, : lengths[place]] = row.ids[:-1]
        outputs, remembered = remember(self.model.runner, ids, _padded(lengths, count), context)
        for row, length, found in zip(rows, lengths, np.asarray(outputs), strict=False):
            row.outputs.append(found[:length])
        return remembered

    def _taken(self, row: _Row, decoded: Decoded, place: int) -> list[Host]:
        """The tokens that a row gets from what was decoded."""
        ids = decoded.ids[place, : min(int(decoded.steps), row.left)]
        ends = np.flatnonzero((ids < 0) | self._stops[ids])
        ids = ids[: ends[0] + 1] if ends.size else ids
        row.outputs = [np.concatenate([*row.outputs, decoded.outputs[place, : len(ids)]])]
        ids = ids[: self._defined(row)]
        read = row.outputs[0][len(row.ids) - 1 :][: len(ids), : self.model.decoder.columns]
        tokens = self.model.decoder.host(read)
        row.tokens += [*tokens[:-1], *self.model.decoder(read[-1:])]
        row.ids += ids.tolist()
        row.left = 0 if row.error or (self.stop is not None and row.tokens[-1] == self.stop) else row.left - len(ids)
        return tokens

    def _name_last(self, rows: list[_Row]) -> None:
        """Find the ids of the last tokens, where the loop could not tell them. More must follow, so they must be tokens."""
        for row in rows:
            if row.left and row.ids[-1] < 0:
                row.ids[-1] = self.model.encoder([row.tokens]).ids[-1].item()

    def _defined(self, row: _Row) -> int:
        """How many of the new tokens follow sequences on which the program has a value; if not all do, the row has the error."""
        (outputs,), decoder, first = row.outputs, self.model.decoder, len(row.ids)
        undefined = undefined_prefixes(self.model.alarms, outputs[:, decoder.columns :])
        undefined |= np.logical_or.accumulate(~np.isfinite(outputs).all(axis=1))
        if decoder.may_mix and not undefined.all():
            known = len(undefined) - int(undefined[::-1].argmin())  # what stands before a defined prefix has a value
            texts = np.array([isinstance(value, str) for value in decoder(outputs[:known, : decoder.columns])], bool)
            undefined[:known] |= np.logical_or.accumulate(texts) & np.logical_or.accumulate(~texts)
        found = np.flatnonzero(undefined[first - 1 :])
        if not found.size:
            return len(outputs) - first + 1
        why = self.model.read(outputs[: first + found[0]])
        assert isinstance(why, Undefined)
        row.error = why.error(
            "what was generated so far" if row.number == 0 else f"what was generated after prompts[{row.number}]"
        )
        return int(found[0])


def _padded(numbers: list[int], count: int) -> np.ndarray:
    return np.array([*numbers, *[0] * (count - len(numbers))], np.int32)


def _checked(max_new_tokens: int, room: int) -> int:
    """How many tokens to generate, if the model can tell so many."""
    number = whole_number(max_new_tokens)
    if number is None or number < 0:
        raise ModelInputError(f"max_new_tokens is a number from 0 on, not {max_new_tokens!r}")
    if number > room:
        raise ModelInputError(
            f"after this prompt the model can generate {room:,} tokens, not {number:,}",
            hint="compile for a larger max_length, or leave max_new_tokens out to go as far as the model can",
        )
    return number
