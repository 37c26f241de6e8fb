"""How a model tells that the program is undefined on an input: which columns it reads, and what it says then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from compiler.circuit import Check
from compiler.errors import UndefinedError
from compiler.places import Place
from rasp.errors import EvaluationError, RaspError, Source, Span

MIXED = "values of different types in one sequence"


@dataclass(frozen=True)
class Alarm:
    """A check as it is read from its output; ``compiler.circuit.Check`` says what the numbers mean.

    Attributes:
        place: the expression that is undefined.
    """

    problem: str
    place: Place | None
    most: int
    unless: int | None
    mixed: bool

    @staticmethod
    def of(check: Check) -> Alarm:
        return Alarm(check.problem, Place.of(check.span), check.most, check.unless, check.mixed)

    def position(self, column: np.ndarray) -> int | None:
        """The first position that shows the program undefined, of one output at each position; None if it is defined."""
        if self.unless is not None and bool((column > self.unless).any()):
            return None
        raised = self._raised(column)
        return int(raised.argmax()) if bool(raised.any()) else None

    def prefixes(self, column: np.ndarray) -> np.ndarray:
        """On which of the inputs that end at each position a causal program is undefined; the column is of the longest."""
        excused = False if self.unless is None else np.logical_or.accumulate(column > self.unless)
        return np.logical_or.accumulate(self._raised(column)) & ~np.asarray(excused)

    def _raised(self, column: np.ndarray) -> np.ndarray:
        return column != column[0] if self.mixed else column > self.most


@dataclass(frozen=True)
class Undefined:
    """What stands for the values where the program has none.

    Attributes:
        problem: why.
        span: the expression that is undefined, where its place is known.
        position: the first position at which it is; None if that is not known.
    """

    problem: str
    span: Span | None
    position: int | None

    @staticmethod
    def of(error: RaspError) -> Undefined:
        """What the interpreter says."""
        return Undefined(error.message, error.span, error.position if isinstance(error, EvaluationError) else None)

    def error(self, subject: str) -> UndefinedError:
        """What is raised where values are asked for."""
        at = "" if self.position is None else f" (at position {self.position})"
        return UndefinedError(f"the program is undefined on {subject}: {self.problem}{at}", self.span)

    def __str__(self) -> str:
        place = "" if self.span is None else f"{self.span}: "
        at = "" if self.position is None or "(at position" in self.problem else f" (at position {self.position})"
        return f"{place}{self.problem}{at}"


def first_raised(alarms: Sequence[Alarm], columns: np.ndarray) -> Undefined | None:
    """What the first raised alarm says; the columns are of shape (length, alarms). Later ones may be raised for no reason."""
    for number, alarm in enumerate(alarms):
        position = alarm.position(columns[:, number])
        if position is not None:
            return Undefined(alarm.problem, _span(alarm.place), position)
    return None


def undefined_prefixes(alarms: Sequence[Alarm], columns: np.ndarray) -> np.ndarray:
    """On which of the inputs that end at each position a causal program is undefined; columns of shape (length, alarms)."""
    found = [alarm.prefixes(columns[:, number]) for number, alarm in enumerate(alarms)]
    return np.logical_or.reduce([np.zeros(len(columns), bool), *found])


def mixture(atoms: Sequence[object], span: Span | None) -> Undefined | None:
    """A sequence that holds strings beside numbers is none: the interpreter has no value there."""
    texts = [isinstance(atom, str) for atom in atoms]
    return None if all(texts) or not any(texts) else Undefined(MIXED, span, texts.index(not texts[0]))


def _span(place: Place | None) -> Span | None:
    """A span that prints as the place does; of the source it knows the expression alone."""
    if place is None:
        return None
    before = place.column - 1
    return Source(place.file, " " * before + place.text, place.line).span(before, before + len(place.text))
