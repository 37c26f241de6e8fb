"""Compares a compiled model with the interpreter on real inputs."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from compiler.model import Model
from rasp.errors import RaspError
from rasp.evaluate import evaluate
from rasp.graph.nodes import Atom

BATCH = 256


@dataclass(frozen=True)
class Mismatch:
    """An input on which model and interpreter differ."""

    tokens: tuple[Atom, ...]
    interpreted: tuple[Atom, ...]
    compiled: tuple[Atom, ...]


@dataclass(frozen=True)
class Report:
    """What a verification found.

    Attributes:
        tried: inputs on which both were compared.
        undefined: inputs on which the program itself is undefined; they are not compared.
        complete_to: every input up to this length was tried.
        mismatches: the inputs that differ, shortest first.
        margin: the smallest margin of the model's certificate.
    """

    tried: int
    undefined: int
    complete_to: int
    mismatches: tuple[Mismatch, ...]
    margin: float

    @property
    def passed(self) -> bool:
        """Whether at least one input was compared and none differs."""
        return self.tried > 0 and not self.mismatches

    def __str__(self) -> str:
        found = "no mismatch" if not self.mismatches else f"{len(self.mismatches):,} mismatches"
        return (
            f"{self.tried:,} inputs compared, {found}; all inputs up to length {self.complete_to}; "
            f"{self.undefined:,} undefined; certified margin {self.margin:.3f}"
        )


def verify(model: Model, *, exhaustive: int = 5_000, samples: int = 1_000, seed: int = 0) -> Report:
    """Compare model and interpreter on every short input and on random ones.

    Args:
        exhaustive: how many inputs to enumerate at most; all inputs up to the longest length that fits are tried.
        samples: how many random inputs to try; half of them have the largest length.
        seed: of the random inputs.
    """
    complete_to, short = _short_inputs(model, exhaustive)
    compared = undefined = 0
    mismatches: list[Mismatch] = []
    for batch in _batches(itertools.chain(short, _random_inputs(model, samples, random.Random(seed)))):
        expected = [_interpreted(model, tokens) for tokens in batch]
        defined = [(tokens, wanted) for tokens, wanted in zip(batch, expected, strict=True) if wanted is not None]
        undefined += len(batch) - len(defined)
        compared += len(defined)
        found = model.batch_atoms([tokens for tokens, _ in defined])
        mismatches += [
            Mismatch(tuple(tokens), tuple(wanted), tuple(given))
            for (tokens, wanted), given in zip(defined, found, strict=True)
            if not same_atoms(wanted, given)
        ]
    mismatches.sort(key=lambda mismatch: len(mismatch.tokens))
    return Report(compared, undefined, complete_to, tuple(mismatches), model.certificate.margin)


def same_atoms(left: Sequence[Atom], right: Sequence[Atom]) -> bool:
    """Whether two sequences agree in values and in kinds."""
    return len(left) == len(right) and all(type(a) is type(b) and a == b for a, b in zip(left, right, strict=True))


def _interpreted(model: Model, tokens: Sequence[Atom]) -> list[Atom] | None:
    try:
        return evaluate(model.sop.node, tokens).to_atoms()
    except RaspError:
        return None


def _short_inputs(model: Model, most: int) -> tuple[int, Iterator[Sequence[Atom]]]:
    vocab, length, total = model.target.vocab, 0, 0
    while length < model.target.max_length and total + len(vocab) ** (length + 1) <= most:
        length += 1
        total += len(vocab) ** length
    inputs = (tokens for k in range(1, length + 1) for tokens in itertools.product(vocab, repeat=k))
    return length, inputs


def _random_inputs(model: Model, samples: int, source: random.Random) -> Iterator[Sequence[Atom]]:
    longest = model.target.max_length
    for number in range(samples):
        length = longest if number % 2 else source.randint(1, longest)
        yield source.choices(model.target.vocab, k=length)


def _batches(inputs: Iterator[Sequence[Atom]]) -> Iterator[list[Sequence[Atom]]]:
    while batch := list(itertools.islice(inputs, BATCH)):
        yield batch
