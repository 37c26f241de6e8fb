"""The values of a model beside those of the interpreter, on many inputs at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from compiler.execution.encode import Encoded
from compiler.model import Model
from compiler.undefined import Undefined
from compiler.verification.adversarial import Ids
from rasp.errors import RaspError
from rasp.evaluate import evaluate
from rasp.graph.nodes import Atom

BATCH_NUMBERS = 2**20
"""How many numbers leave the model in one batch."""

LARGEST_BATCH = 256
"""Small, since every batch is padded to full size."""


Values: TypeAlias = tuple[Atom, ...] | Undefined


@dataclass(frozen=True)
class Difference:
    """What the program gives and what the model gives, where they are not the same; either may be undefined."""

    interpreted: Values
    compiled: Values


@dataclass(frozen=True)
class Comparison:
    """Asks interpreter and model for their values on many inputs."""

    model: Model

    def outcomes(self, inputs: Sequence[Ids]) -> list[Difference | bool]:
        """For each input: a difference, or whether there are values: False if there are none, and the model says so too."""
        expected = [self._interpreted(ids) for ids in inputs]
        return [_outcome(wanted, given) for wanted, given in zip(expected, self._compiled(inputs), strict=True)]

    def first_failing(self, inputs: Sequence[Ids]) -> int | None:
        """The place of the first input with a difference."""
        outcomes = self.outcomes(inputs)
        return next((place for place, outcome in enumerate(outcomes) if isinstance(outcome, Difference)), None)

    def tokens(self, ids: Ids) -> tuple[Atom, ...]:
        return tuple(self.model.target.vocab[index] for index in ids)

    def _interpreted(self, ids: Ids) -> Values:
        try:
            return tuple(evaluate(self.model.sop.node, self.tokens(ids)).to_atoms())
        except RaspError as error:
            return Undefined.of(error)

    def _compiled(self, inputs: Sequence[Ids]) -> list[Values]:
        """The model's values, in batches of very few shapes."""
        shapes = replace(self.model.shapes, numbers=BATCH_NUMBERS, most=LARGEST_BATCH, growth=8, full=True)
        rows = self.model.atoms_of(Encoded.of(inputs), shapes)
        return [row if isinstance(row, Undefined) else tuple(row) for row in rows]


def _outcome(wanted: Values, given: Values) -> Difference | bool:
    match wanted, given:
        case Undefined(), Undefined():
            return False
        case tuple(), tuple() if same_atoms(wanted, given):
            return True
        case _:
            return Difference(wanted, given)


def same_atoms(left: Sequence[Atom] | Undefined, right: Sequence[Atom] | Undefined) -> bool:
    """Whether two sequences agree in values and in kinds; what is undefined agrees with nothing."""
    if isinstance(left, Undefined) or isinstance(right, Undefined):
        return False
    return len(left) == len(right) and all(type(a) is type(b) and a == b for a, b in zip(left, right, strict=True))
