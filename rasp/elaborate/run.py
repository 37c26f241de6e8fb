"""What one execution of a program carries along: how much work is left, how deep it is, and the REPL's settings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from rasp import limits
from rasp.elaborate.kinds import Value, unfolded_size
from rasp.elaborate.outcomes import Drawing
from rasp.errors import RaspLimitError, Span
from rasp.graph.nodes import Atom
from rasp.values import Tokens

_ITEMS_A_STEP = 16
_BITS_A_STEP = 1_024
_STEPS_A_CALL = 4
_SMALL = 2**62


@dataclass(frozen=True)
class Settings:
    """What the REPL commands set: the running examples, and which of them a display shows."""

    sop_example: Tokens = "hello"
    selector_example: Tokens = "hello"
    show_sops: bool = True
    show_selectors: bool = True
    full_display: bool = False


@dataclass(eq=False)
class Run:
    """The state of one execution.

    Attributes:
        settings: replaced by the commands of the program.
        steps: statements and expressions that may still be executed.
        depth: how many function calls are under way.
        loading: the files that are being loaded, outermost first.
        site: inside a library function, the call in the user's program: faults and nodes are placed there.
        drawings: what functions and loops asked to draw.
    """

    settings: Settings = field(default_factory=Settings)
    steps: int = field(default_factory=lambda: limits.STEPS)
    depth: int = 0
    loading: tuple[Path, ...] = ()
    site: Span | None = None
    drawings: list[Drawing] = field(default_factory=list)

    def place(self, span: Span) -> Span:
        """Where a fault or a node of this piece of program is said to be."""
        return self.site or span

    def charge(self, steps: int, span: Span) -> None:
        """Count work.

        Raises:
            RaspLimitError: there has been too much of it.
        """
        self.steps -= steps
        if self.steps < 0:
            hint = "look for a recursion or a loop that does not end, or that builds very large values"
            raise RaspLimitError(f"the program is not done after {limits.STEPS:,} steps", self.place(span), hint=hint)

    def charge_items(self, items: Iterable[Value], span: Span) -> None:
        """Count the building of a collection."""
        self.charge(unfolded_size(items, self.place(span)) // _ITEMS_A_STEP, span)

    def charge_value(self, value: Value, span: Span) -> None:
        """Count the building or the reading of a value by an operator."""
        if type(value) is int and -_SMALL <= value <= _SMALL:
            return
        match value:
            case list() | dict():
                self.charge_items(value, span)
            case str() | bool() | int() | Fraction():
                self.charge(atom_cost(value), span)
            case _:
                pass

    def enter_call(self, span: Span) -> None:
        """Count a function call that begins.

        Raises:
            RaspLimitError: calls nest too deeply.
        """
        self.charge(_STEPS_A_CALL, span)
        if self.depth >= limits.CALL_DEPTH:
            hint = "a recursion must end in a condition on an atom"
            raise RaspLimitError(f"function calls nest more than {limits.CALL_DEPTH} deep", self.place(span), hint=hint)
        self.depth += 1

    def leave_call(self) -> None:
        self.depth -= 1


def atom_cost(atom: Atom) -> int:
    """The steps that building or comparing an atom costs beyond the operator itself: arithmetic takes time square in the bits."""
    match atom:
        case str():
            return len(atom) // _ITEMS_A_STEP
        case _:
            return ((atom.numerator.bit_length() + atom.denominator.bit_length()) // _BITS_A_STEP) ** 2
