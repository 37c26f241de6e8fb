"""Which token the outputs at a position stand for, told where the transformer runs."""

from __future__ import annotations

from collections.abc import Sequence

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from compiler.decode import Choice, Decoder, Number
from rasp.graph.nodes import Atom


class OfChoice(eqx.Module):
    """Outputs that are one logit for each value.

    Attributes:
        ids: the id of each value as a token, -1 for one that is no token.
    """

    ids: Int[Array, " values"]

    def __call__(self, outputs: Float[Array, " outputs"]) -> Int[Array, ""]:
        return self.ids[outputs[: self.ids.shape[0]].argmax()]


class OfNumber(eqx.Module):
    """An output that is an integer.

    Attributes:
        numbers: the tokens that are integers, ascending; at least one number.
        ids: their ids.
    """

    numbers: Int[Array, " numbers"]
    ids: Int[Array, " numbers"]

    def __call__(self, outputs: Float[Array, " outputs"]) -> Int[Array, ""]:
        number = jnp.rint(outputs[0]).astype(int)
        at = jnp.searchsorted(self.numbers, number).clip(0, self.numbers.shape[0] - 1)
        return jnp.where(self.numbers[at] == number, self.ids[at], -1)


class Unknown(eqx.Module):
    """Outputs that only a decoder can read, such as fractions."""

    def __call__(self, outputs: Float[Array, " outputs"]) -> Int[Array, ""]:
        return jnp.array(-1)


Successors = OfChoice | OfNumber | Unknown
"""From the outputs at one position to the id of the token that they stand for; -1 where that is not known here."""


def successors_of(decoder: Decoder, vocab: Sequence[Atom]) -> Successors:
    """How the outputs that a decoder reads name tokens of a vocabulary."""
    ids = {(type(token), token): number for number, token in enumerate(vocab)}
    match decoder:
        case Choice(values=values):
            return OfChoice(jnp.array([ids.get((type(value), value), -1) for value in values]))
        case Number():
            integers = sorted((token, number) for number, token in enumerate(vocab) if type(token) is int and abs(token) < 2**24)
            if integers:
                numbers, known = zip(*integers, strict=True)
                return OfNumber(jnp.array(numbers), jnp.array(known))
            return Unknown()
        case _:
            return Unknown()
