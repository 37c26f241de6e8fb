"""What a generated program must be to make a task: each filter says why it refuses one, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from random import Random

import numpy as np

import compiler
import rasp
from conjecture.generated.arrays import Batch
from conjecture.generated.distribution import Distribution
from conjecture.generated.drawing import MOST_LABELS, draw
from conjecture.generated.equivalence import EARLY, LATE, LONGEST, Signature, probes, shorter, signature
from conjecture.generated.straight import Straight
from rasp.check import check

INPUTS = 256

LEAST_BITS = 0.5
"""The least entropy of the labels."""

MOST_GUESSED = 0.95
"""How often a guess from the token alone, or from the position alone, may be right."""

LEAST_CHANGED = 0.01
"""In how many positions a statement must matter."""

MOST_LAYERS, MOST_PARAMETERS = 16, 100_000
"""Of the compiled transformer."""


@dataclass(frozen=True)
class Candidate:
    """A program for inputs of a distribution; it may make a task."""

    program: Straight
    distribution: Distribution

    @staticmethod
    def drawn(length: int, number: int) -> Candidate:
        """The candidate of a length and a number; always the same."""
        random = Random(f"generated/{length}/{number}")
        distribution = Distribution.drawn(random)
        return Candidate(draw(random, length, distribution.size), distribution)

    @property
    def tokens(self) -> int:
        return self.distribution.size

    def text(self, name: str) -> str:
        """The program with a comment on its inputs."""
        frequencies = ", ".join(f"{token}: {weight:.1%}" for token, weight in enumerate(self.distribution.weights))
        return f"# {name}: labels for inputs of independent tokens, as frequent as\n# {frequencies}\n\n{self.program.text()}"

    @cached_property
    def inputs(self) -> Batch:
        """Some inputs of its distribution."""
        return self.distribution.batch(0, INPUTS, LONGEST)

    @cached_property
    def values(self) -> list[Batch]:
        """Of each statement, on those inputs."""
        return self.program.values(self.inputs)

    @property
    def labels(self) -> Batch:
        """The values of the last one."""
        return self.values[-1]

    @cached_property
    def on_probes(self) -> list[Batch]:
        """The values of each statement on the inputs that programs are compared on."""
        return self.program.values(probes(self.tokens))

    @cached_property
    def signature(self) -> Signature:
        return signature(self.on_probes[-1])


Filter = Callable[[Candidate], str | None]


def unused(candidate: Candidate) -> str | None:
    """Every statement is needed for the result: otherwise the program is shorter than it says."""
    return "unused" if list(candidate.program.unused()) else None


def many_labels(candidate: Candidate) -> str | None:
    """Few labels: a model gives one of a finite alphabet, and each must be seen often enough to be learned."""
    return "many labels" if np.unique(candidate.labels).size > MOST_LABELS else None


def constant(candidate: Candidate) -> str | None:
    """Labels vary, at training lengths and far beyond: otherwise a constant is right on one of them."""
    return "constant" if any(entropy(part) < LEAST_BITS for part in _parts(candidate.labels)) else None


def token_alone(candidate: Candidate) -> str | None:
    """The current token does not tell the label: otherwise nothing is asked of attention, and any length is as easy."""
    parts = zip(_parts(candidate.inputs), _parts(candidate.labels), strict=True)
    return "token alone" if any(guessed(tokens, labels) > MOST_GUESSED for tokens, labels in parts) else None


def position_alone(candidate: Candidate) -> str | None:
    """Nor does the position: otherwise the label of an unseen position can't be known from inputs."""
    places = np.broadcast_to(np.arange(LONGEST), candidate.labels.shape)
    parts = zip(_parts(places), _parts(candidate.labels), strict=True)
    return "position alone" if any(guessed(part, labels) > MOST_GUESSED for part, labels in parts) else None


def superfluous(candidate: Candidate) -> str | None:
    """No statement can be left out: what takes its place in a shorter program gives other labels, now and far beyond.

    If a shorter program is right on all that is trained but not beyond, the conjecture's condition of diversity is broken. If it
    is right far beyond but not on what is trained, the whole program is never asked for where generalization is measured.
    """
    found = {_agreement(candidate.labels, labels) for labels in variants(candidate)}
    reasons = {(True, True): "superfluous statement", (True, False): "shortcut", (False, True): "superfluous far beyond"}
    return next((reason for where, reason in reasons.items() if where in found), None)


def as_shorter(candidate: Candidate) -> str | None:
    """No shorter program that was drawn gives the same labels under any names, and none of the program's own parts does."""
    parts = [signature(values) for values in candidate.on_probes[:-1]]
    trained, whole = shorter(candidate.tokens).alike(candidate.signature, candidate.program.length)
    if whole or any(part.whole == candidate.signature.whole for part in parts):
        return "as a shorter one"
    return "shortcut" if trained or any(part.trained == candidate.signature.trained for part in parts) else None


def illegal(candidate: Candidate) -> str | None:
    """The strict reading of RASP-L's restrictions (``rasp check --strict``) finds no error: the conjecture is about RASP-L."""
    function = rasp.loads(candidate.program.text(), dialect="rasp-l")["label"]
    found = check(function, strict=True, tokens=(0, candidate.tokens - 1))
    return "illegal" if any(finding.severity == "error" for finding in found) else None


def too_large(candidate: Candidate) -> str | None:
    """It compiles exactly to a transformer of moderate size, for the longest tests: it is realizable, and labels are cheap."""
    function = rasp.loads(candidate.program.text(), dialect="rasp-l")["label"]
    try:
        config = compiler.compile(function, vocab=range(candidate.tokens), max_length=LONGEST, causal=True).config
    except compiler.CompileError:
        return "not compiled"
    return "too large" if config.layers > MOST_LAYERS or config.parameters > MOST_PARAMETERS else None


FILTERS: tuple[Filter, ...] = (
    unused,
    many_labels,
    constant,
    token_alone,
    position_alone,
    illegal,
    superfluous,
    as_shorter,
    too_large,
)
"""In the order in which they are asked; the first reason counts."""


def reason_against(candidate: Candidate) -> str | None:
    """Why a candidate makes no task; None if it makes one."""
    return next((reason for one in FILTERS if (reason := one(candidate)) is not None), None)


def entropy(labels: Batch) -> float:
    """In bits."""
    parts = np.unique(labels, return_counts=True)[1] / labels.size
    return float(-(parts * np.log2(parts)).sum())


def guessed(known: Batch, labels: Batch) -> float:
    """How often the most frequent label beside each known number is right."""
    pairs, counts = np.unique(np.stack([known.ravel(), labels.ravel()]), axis=1, return_counts=True)
    best = np.zeros(pairs[0].max() + 1, int)
    np.maximum.at(best, pairs[0], counts)
    return float(best.sum() / labels.size)


def variants(candidate: Candidate) -> Iterator[Batch]:
    """The labels if a statement is left out, and something that is there already takes its place.

    That is one of its arguments, an earlier statement, the input, or a constant: its most frequent value, early or late.
    """
    inputs, values = candidate.inputs, candidate.values
    for number, statement in enumerate(candidate.program.statements):
        constants = sorted({_most_frequent(part) for part in _parts(values[number])})
        leaves = [one.values(inputs) for one in statement.arguments if not isinstance(one, int)]
        for other in (*values[:number], inputs, *leaves, *(np.full_like(inputs, one) for one in constants)):
            yield candidate.program.after([*values[:number], other], inputs)[-1]


def _parts(batch: Batch) -> tuple[Batch, Batch]:
    return batch[:, EARLY], batch[:, LATE]


def _agreement(labels: Batch, others: Batch) -> tuple[bool, bool]:
    """Whether labels are nearly the same early, and late."""
    early, late = (bool((one != other).mean() < LEAST_CHANGED) for one, other in zip(_parts(labels), _parts(others), strict=True))
    return early, late


def _most_frequent(values: Batch) -> int:
    found, counts = np.unique(values, return_counts=True)
    return int(found[counts.argmax()])
