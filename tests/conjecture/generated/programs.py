"""Programs written down by hand, of the operations that generated ones have."""

from __future__ import annotations

from conjecture.generated.distribution import Distribution
from conjecture.generated.filters import Candidate
from conjecture.generated.operations import BOOLS, COUNTS, FLAGS, INDICES, TOKENS, Constants, Operation
from conjecture.generated.straight import Argument, Leaf, Statement, Straight, X

ALL = (*TOKENS, *FLAGS, *BOOLS, *INDICES, *COUNTS)


def operation(beginning: str) -> Operation:
    """The first operation whose text begins so."""
    return next(one for one in ALL if one.text.startswith(beginning))


def statement(beginning: str, *arguments: Argument, constants: Constants = ()) -> Statement:
    return Statement(operation(beginning), arguments, constants)


def candidate(*statements: Statement, tokens: int = 6) -> Candidate:
    """A program for evenly distributed tokens."""
    return Candidate(Straight(statements), Distribution.even(tokens))


def full(token: int) -> Leaf:
    return Leaf("full", token)


BEFORE = statement("shift_right({a[0]}, 1, default", X, constants=(0,))
"""The token before."""
