"""How well models generalize, in figures, and a tidy frame of them with a row for each task."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from conjecture.report.data import Counting, Entry, Seed


@dataclass(frozen=True)
class Outcome:
    """A figure of how well a model generalizes; more is better.

    Attributes:
        name: in tables.
        of: the figure of a model; None if it wasn't tested so.
    """

    name: str
    of: Callable[[Entry, Seed], float | None]


def furthest_ratio(entry: Entry, seed: Seed) -> float | None:
    """The furthest length in training lengths."""
    return None if seed.furthest is None else seed.furthest / max(1, entry.trained[1])


def score_at(length: Callable[[int], int], figure: str) -> Callable[[Entry, Seed], float | None]:
    """A figure of the test at a length that depends on the longest training length."""

    def of(entry: Entry, seed: Seed) -> float | None:
        wanted = length(entry.trained[1])
        score = seed.over(wanted, wanted)
        value = math.nan if score is None else getattr(score, figure)
        return None if math.isnan(value) else value

    return of


def in_range(entry: Entry, seed: Seed) -> float | None:
    """Exact match over all training lengths: as tested, or at the last check of training."""
    trained = entry.trained[1]
    ranges = [score for score in seed.scores if score.low < score.high == trained]
    value = min(ranges, key=lambda score: score.low).exact if ranges else seed.accuracy
    return None if math.isnan(value) else value


FURTHEST = Outcome("furthest length", furthest_ratio)
TWICE = Outcome("exact match at 2×", score_at(lambda trained: 2 * trained, "exact"))
ORACLE = Outcome("exact match at 2× with an oracle length", score_at(lambda trained: 2 * trained, "oracle"))
OUTCOMES = (
    FURTHEST,
    Outcome("exact match at +10", score_at(lambda trained: trained + 10, "exact")),
    TWICE,
    Outcome("token accuracy at 2×", score_at(lambda trained: 2 * trained, "tokens")),
)
COLUMNS = (
    Outcome("in range", in_range),
    Outcome("+10", OUTCOMES[1].of),
    Outcome("1.5×", score_at(lambda trained: 3 * trained // 2, "exact")),
    Outcome("2×", TWICE.of),
    Outcome("3×", score_at(lambda trained: 3 * trained, "exact")),
)
"""Exact match as the table of tasks has it."""


def values(entry: Entry, outcome: Outcome, seeds: Iterable[Seed]) -> tuple[float, ...]:
    """The figure of each of some seeds that has one."""
    found = (outcome.of(entry, seed) for seed in seeds)
    return tuple(value for value in found if value is not None)


def mean(numbers: Sequence[float]) -> float:
    """The mean, the same in any order, so that equal ones tie; NaN of nothing."""
    return math.fsum(numbers) / len(numbers) if numbers else math.nan


def tidy(entries: Sequence[Entry], counting: Counting) -> pl.DataFrame:
    """A row for each task: ``task``, ``family``, ``generated``, ``legal``, ``program``, each outcome as the mean over the seeds
    that count, and each measure; null where there is none. Tasks of which no seed counts, or no measure is known, have no row."""
    rows = []
    for entry in entries:
        seeds = entry.counted(counting)
        if seeds and entry.facts.measures:
            about = {name: getattr(entry, name) for name in ("task", "family", "generated")}
            outcomes = {outcome.name: mean(values(entry, outcome, seeds)) for outcome in OUTCOMES}
            rows.append(about | {"legal": entry.facts.legal, "program": entry.facts.file} | outcomes | dict(entry.facts.measures))
    numbers = [*(outcome.name for outcome in OUTCOMES), *measure_names(entries)]
    schema = {"task": pl.String, "family": pl.String, "generated": pl.Boolean, "legal": pl.Boolean, "program": pl.String}
    return pl.DataFrame(rows, schema=schema | dict.fromkeys(numbers, pl.Float64), orient="row").with_columns(
        pl.col(numbers).fill_nan(None)
    )


def measure_names(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Every measure that some program has."""
    return tuple(dict.fromkeys(name for entry in entries for name in entry.facts.measures))
