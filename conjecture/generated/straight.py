"""Straight-line programs: statements of one operation each, as RASP-L text and as values on batches of inputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from conjecture.generated.arrays import Batch, positions
from conjecture.generated.operations import INDEX, Constants, Known, Operation


@dataclass(frozen=True)
class Leaf:
    """An argument that is no statement: the input, the positions, or the same token everywhere."""

    kind: Literal["x", "indices", "full"]
    token: int = 0

    @property
    def text(self) -> str:
        return {"x": "x", "indices": "indices(x)", "full": f"full(x, {self.token})"}[self.kind]

    def known(self, tokens: int) -> Known:
        """What is known of it if inputs hold tokens from 0 to less than so many."""
        match self.kind:
            case "x":
                return Known("token", 0, tokens - 1)
            case "full":
                return Known("token", self.token, self.token)
            case "indices":
                return INDEX

    def values(self, inputs: Batch) -> Batch:
        match self.kind:
            case "x":
                return inputs
            case "full":
                return np.full_like(inputs, self.token)
            case "indices":
                return positions(inputs)


Argument: TypeAlias = int | Leaf
"""The number of an earlier statement, or a leaf."""

X, INDICES = Leaf("x"), Leaf("indices")


@dataclass(frozen=True)
class Statement:
    """One operation with its arguments and constants."""

    operation: Operation
    arguments: tuple[Argument, ...]
    constants: Constants = ()

    def text(self, names: Sequence[str]) -> str:
        given = [names[one] if isinstance(one, int) else one.text for one in self.arguments]
        return self.operation.text.format(a=given, c=self.constants)

    def values(self, inputs: Batch, before: Sequence[Batch]) -> Batch:
        given = [before[one] if isinstance(one, int) else one.values(inputs) for one in self.arguments]
        return np.asarray(self.operation.compute(self.constants, *given), np.int32)


@dataclass(frozen=True)
class Straight:
    """A program.

    Attributes:
        statements: the last one is the result.
    """

    statements: tuple[Statement, ...]

    @property
    def length(self) -> int:
        """How many operations it has, which are its statements."""
        return len(self.statements)

    def text(self) -> str:
        """The program in RASP-L: a function ``label`` whose result is named at its last statement."""
        names = [f"{'abcdefghijklmnop'[number]}" for number in range(self.length)]
        *lines, last = [statement.text(names) for statement in self.statements]
        body = [f"{name} = {line}" for name, line in zip(names, lines, strict=False)]
        return "\n    ".join(["def label(x):", *body, f"return {last}"]) + "\n"

    def values(self, inputs: Batch) -> list[Batch]:
        """The values of each statement."""
        return self.after([], inputs)

    def after(self, before: Sequence[Batch], inputs: Batch) -> list[Batch]:
        """The same where the values of the first statements are given."""
        found = list(before)
        for statement in self.statements[len(found) :]:
            found.append(statement.values(inputs, found))
        return found

    def unused(self) -> Iterator[int]:
        """The statements that the result does not depend on."""
        reached = {self.length - 1}
        for number in range(self.length - 1, -1, -1):
            if number in reached:
                reached.update(one for one in self.statements[number].arguments if isinstance(one, int))
            else:
                yield number
