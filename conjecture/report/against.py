"""What speaks against the conjecture: tasks that do otherwise than the length of their program lets expect."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from conjecture.report.data import Entry
from conjecture.report.outcomes import ORACLE, TWICE, mean, values

TOLD = 0.1
"""How much better models must be with an oracle length for stopping to be what they fail at."""

APART = 0.5
"""A difference of furthest lengths, in training lengths, that is large."""


@dataclass(frozen=True)
class Cases:
    """Tasks by what they did; only seeds that fitted count.

    Attributes:
        measure: by which programs are short or long.
        middle: the median of the tasks: programs up to it are short.
        judged: tasks with a fitted seed and a known length.
        short_failed: short legal programs that failed beyond the training lengths.
        directions_failed: short programs that look in both directions, and failed.
        long_generalized: long programs that generalized.
        illegal_generalized: programs that break RASP-L and generalized.
        short_illegal: short programs that break RASP-L.
        stopping: tasks that are much better with an oracle length.
        same_program: pairs of tasks with the same program and very different furthest lengths.
        divided: tasks of which some seeds generalize and some fail.
    """

    measure: str
    middle: float
    judged: tuple[Entry, ...]
    short_failed: tuple[Entry, ...]
    directions_failed: tuple[Entry, ...]
    long_generalized: tuple[Entry, ...]
    illegal_generalized: tuple[Entry, ...]
    short_illegal: tuple[Entry, ...]
    stopping: tuple[Entry, ...]
    same_program: tuple[tuple[Entry, Entry], ...]
    divided: tuple[Entry, ...]

    def is_short(self, entry: Entry) -> bool:
        """Whether a task has a short program."""
        return entry.facts.measures[self.measure] <= self.middle

    @property
    def contradicting(self) -> tuple[Entry, ...]:
        """Short legal programs that failed and long or illegal ones that generalized."""
        found = (*self.short_failed, *self.long_generalized, *self.illegal_generalized)
        return tuple({entry.task: entry for entry in found}.values())


def reached(entry: Entry) -> float | None:
    """The median furthest length of the seeds that fitted."""
    lengths = [seed.furthest for seed in entry.fitted if seed.furthest is not None]
    return statistics.median(lengths) if lengths else None


def generalizes(entry: Entry, length: float | None) -> bool:
    """Whether a length is at least twice the training length."""
    return length is not None and length >= 2 * entry.trained[1]


def fails(entry: Entry, length: float | None) -> bool:
    """Whether a length is below one and a half training lengths, although longer ones were tested."""
    enough = 3 * entry.trained[1] // 2
    return length is not None and length < enough <= entry.tested


def cases(entries: Sequence[Entry], measure: str) -> Cases:
    """Sort tasks by what they did.

    Args:
        entries: one for each task.
        measure: of length.
    """
    judged = tuple(entry for entry in entries if measure in entry.facts.measures and reached(entry) is not None)
    lengths = {entry.task: entry.facts.measures[measure] for entry in judged}
    middle = statistics.median(lengths.values()) if lengths else 0.0
    ordered = sorted(judged, key=lambda entry: (lengths[entry.task], entry.task))
    short = [entry for entry in ordered if lengths[entry.task] <= middle]
    failed = {entry.task for entry in judged if fails(entry, reached(entry))}
    generalized = {entry.task for entry in judged if generalizes(entry, reached(entry))}
    return Cases(
        measure=measure,
        middle=middle,
        judged=judged,
        short_failed=tuple(one for one in short if one.facts.legal and one.task in failed),
        directions_failed=tuple(one for one in short if one.facts.legal is None and one.task in failed),
        long_generalized=tuple(one for one in ordered if lengths[one.task] > middle and one.task in generalized),
        illegal_generalized=tuple(one for one in ordered if one.facts.legal is False and one.task in generalized),
        short_illegal=tuple(one for one in short if one.facts.legal is False),
        stopping=tuple(one for one in ordered if helped(one) > TOLD),
        same_program=_same_program(ordered),
        divided=tuple(one for one in ordered if _divided(one)),
    )


def helped(entry: Entry) -> float:
    """How much an oracle length adds to exact match at twice the training length."""
    return mean(values(entry, ORACLE, entry.fitted)) - mean(values(entry, TWICE, entry.fitted))


def _same_program(entries: Sequence[Entry]) -> tuple[tuple[Entry, Entry], ...]:
    by_program = defaultdict(list)
    for entry in entries:
        by_program[entry.facts.file].append(entry)
    pairs = (sorted(pair, key=_ratio) for same in by_program.values() for pair in combinations(same, 2))
    return tuple((worse, better) for worse, better in pairs if _ratio(better) - _ratio(worse) >= APART)


def _ratio(entry: Entry) -> float:
    return (reached(entry) or 0) / max(1, entry.trained[1])


def _divided(entry: Entry) -> bool:
    lengths = [seed.furthest for seed in entry.fitted]
    return any(generalizes(entry, length) for length in lengths) and any(fails(entry, length) for length in lengths)
