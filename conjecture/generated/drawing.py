"""Draws a program of a given length."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from conjecture.generated.operations import GIVING, Known, Operation, Slot
from conjecture.generated.straight import INDICES, Argument, Leaf, Statement, Straight, X

KEPT = 0.4
"""How often an argument that needs no operation of its own is an earlier statement, where one fits."""

CONSTANT = 0.4
"""How often it is a constant, where one may stand."""

TOKENS_ASKED = 0.6
"""How often the labels are tokens; otherwise they are true or false."""

MOST_LABELS = 12


def draw(random: Random, length: int, tokens: int) -> Straight:
    """A random program.

    It is drawn from its result down: an operation that gives what is asked for, then its arguments, among which the operations
    that are left are divided. So every statement is used, and all types fit. One in which an operation can do nothing is drawn
    anew.

    Args:
        length: how many operations it has.
        tokens: inputs hold numbers from 0 to less than this.
    """
    while True:
        drawing = _Drawing(random, tokens)
        drawing.make("token" if random.random() < TOKENS_ASKED else "flag", length)
        result = drawing.known[-1]
        if result.high - result.low < MOST_LABELS and not any(map(_is_idle, drawing.statements)):
            return Straight(tuple(drawing.statements))


def _is_idle(statement: Statement) -> bool:
    """Whether it compares or joins something with itself, or reads each position's own value."""
    attends, given = statement.operation.attends, statement.arguments
    return INDICES in given[1:] if attends else len(set(given)) < len(given)


@dataclass
class _Drawing:
    """A program so far.

    Attributes:
        known: what is known of each statement.
    """

    random: Random
    tokens: int
    statements: list[Statement] = field(default_factory=list)
    known: list[Known] = field(default_factory=list)

    def make(self, slot: Slot, budget: int) -> int:
        """Add statements, as many as the budget, whose last one fits a slot; gives its number."""
        operation = self._operation(slot, budget)
        arguments: list[Argument] = []
        for part, share in zip(operation.takes, self._shares(operation, budget - 1), strict=True):
            arguments.append(self.make(part, share) if share else self._ready(part, arguments))
        given = [self._known(one) for one in arguments]
        constants = operation.draw(self.random, given)
        self.statements.append(Statement(operation, tuple(arguments), constants))
        self.known.append(operation.gives(constants, given))
        return len(self.statements) - 1

    def _operation(self, slot: Slot, budget: int) -> Operation:
        """An operation whose arguments can be made with what is left."""
        possible = [one for one in GIVING[slot] if sum(map(self._least, one.takes)) < budget]
        return self.random.choices(possible, [one.weight for one in possible])[0]

    def _least(self, slot: Slot) -> int:
        """How many operations an argument needs."""
        return 0 if slot in ("token", "constant", "index") or any(one.fits(slot) for one in self.known) else 1

    def _shares(self, operation: Operation, budget: int) -> list[int]:
        """How many operations each argument gets."""
        shares = [self._least(slot) for slot in operation.takes]
        for _ in range(budget - sum(shares)):
            shares[self.random.randrange(len(shares))] += 1
        return shares

    def _ready(self, slot: Slot, before: list[Argument]) -> Argument:
        """An argument that takes no operation."""
        fitting = [number for number, known in enumerate(self.known) if known.fits(slot)]
        leaf = INDICES if slot == "index" else X if slot in ("token", "constant") else None
        if fitting and (leaf is None or self.random.random() < KEPT):
            return self.random.choice(fitting)
        assert leaf is not None
        if slot == "constant" and self.random.random() < CONSTANT:
            return Leaf("full", self._token(before))
        return leaf

    def _token(self, before: list[Argument]) -> int:
        """A constant that the first token among the arguments before it may equal."""
        tokens = [known for known in map(self._known, before) if known.kind == "token"]
        ends = (tokens[0].low, tokens[0].high) if tokens else (0, self.tokens - 1)
        return self.random.randint(*ends)

    def _known(self, argument: Argument) -> Known:
        return self.known[argument] if isinstance(argument, int) else argument.known(self.tokens)
