"""The goals that the project set itself for compiled models, and whether the results of ``compilers.py`` meet them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from benchmarks.compiler_results import OWN, Measured, Results, SideBySide
from benchmarks.measuring import exponent
from benchmarks.tables import Goal

Number: TypeAlias = int | float
Named: TypeAlias = tuple[str, Number]
"""A figure, and what it is of."""

SUBQUADRATIC = (
    "hist",
    "reverse",
    "shuffle_dyck1",
    "shuffle_dyck2",
    "histogram.rasp",
    "reverse.rasp",
    "dyck1.rasp",
    "dyck_k.rasp: dyck2",
)
TEN_TIMES = (("sort", 160), ("reverse", 40))


def goals(results: Results) -> list[Goal]:
    rows = results.side_by_side
    sized = [row for row in rows if row.length >= 20]
    ten_times = [row for row in rows if (row.program, row.length) in TEN_TIMES]
    return [
        _all_right(results),
        _at_most("residual width: at most half of Tracr's", _shares(sized, lambda row: row.ours, _width), 0.5),
        _at_most("parameters: at most half of Tracr's", _shares(sized, lambda row: row.ours, _parameters), 0.5),
        _at_most('residual width with optimize="width": at most a quarter', _shares(sized, lambda row: row.narrow, _width), 0.25),
        _at_most(
            'parameters with optimize="width": at most a quarter', _shares(sized, lambda row: row.narrow, _parameters), 0.25
        ),
        _at_most("layers: at most Tracr's", _shares(rows, lambda row: row.ours, lambda model: model.layers), 1),
        _at_least("cold: at least 5 times faster", _times_faster(rows, lambda model: model.cold), 5),
        _at_least("warm, from 20 tokens on: never slower", _times_faster(sized, lambda model: model.warm), 1),
        _at_least("warm, sort at 160 and reverse at 40: 10 times faster", _times_faster(ten_times, lambda model: model.warm), 10),
        _at_most("parameters of hist, reverse and Dyck grow below quadratically (exponent)", _growths(results), 2),
        *_own_goals(results),
    ]


def _width(model: Measured) -> Number | None:
    return model.d_model


def _parameters(model: Measured) -> Number | None:
    return model.parameters


def _shares(
    rows: Iterable[SideBySide], side: Callable[[SideBySide], Measured | None], figure: Callable[[Measured], Number | None]
) -> Iterator[Named]:
    """Our figure over Tracr's, where both are known."""
    for row in rows:
        ours = side(row)
        mine, theirs = (None if model is None else figure(model) for model in (ours, row.tracr))
        if mine is not None and theirs:
            yield f"{row.program}, {row.length}", mine / theirs


def _times_faster(rows: Iterable[SideBySide], seconds: Callable[[Measured], float | None]) -> Iterator[Named]:
    for name, share in _shares(rows, lambda row: row.ours, seconds):
        yield name, 1 / share


def _growths(results: Results) -> Iterator[Named]:
    for program in SUBQUADRATIC:
        sizes = [(row.length, row.ours.parameters) for row in results.own if row.program == program]
        known = [(length, parameters) for length, parameters in sizes if parameters]
        if len(known) > 1:
            lengths, parameters = zip(*known, strict=True)
            yield program, exponent(lengths, parameters)


def _all_right(results: Results) -> Goal:
    """Every program compiles, and gives the interpreter's values."""
    rows = [(f"{row.program}, {row.length}", row.ours) for row in (*results.side_by_side, *results.own)]
    missing = [name for name, model in rows if model.cold is None]
    wrong = [name for name, model in rows if model.wrong]
    checked = sum(model.checked or 0 for _, model in rows)
    measured = f"{len(rows) - len(missing)} of {len(rows)} compiled; {len(wrong)} with a wrong value on {checked:,} inputs"
    named = "".join(f"; {name}" for name in [*missing, *wrong][:6])
    return Goal("every program compiles and is right", measured + named, not missing and not wrong)


def _own_goals(results: Results) -> Iterator[Goal]:
    by_length = {length: [(row.program, row.ours) for row in results.own if row.length == length] for length in (32, *OWN)}
    yield _at_most("any program at 64 compiles in 1 s", _cold(by_length[64]), 1)
    yield _at_most("any program at 512 compiles in 15 s", _cold(by_length[512]), 15)
    peaks = [(name, model.compile_peak / 1e9) for name, model in by_length[512] if model.compile_peak and model.cold]
    yield _at_most("any program at 512 compiles in 4 GB", peaks, 4)
    yield _at_most("the logic program at 32 compiles in 120 s", _cold(by_length[32]), 120)


def _cold(models: Iterable[tuple[str, Measured]]) -> list[Named]:
    return [(name, model.cold) for name, model in models if model.cold is not None]


def _at_most(goal: str, figures: Iterable[Named], wanted: Number) -> Goal:
    return _extreme(goal, max(figures, key=lambda named: named[1], default=None), "at most", lambda worst: worst <= wanted)


def _at_least(goal: str, figures: Iterable[Named], wanted: Number) -> Goal:
    return _extreme(goal, min(figures, key=lambda named: named[1], default=None), "at least", lambda worst: worst >= wanted)


def _extreme(goal: str, worst: Named | None, bound: str, meets: Callable[[Number], bool]) -> Goal:
    if worst is None:
        return Goal(goal, "not measured", None)
    name, figure = worst
    return Goal(goal, f"{bound} {figure:.2f} ({name})", meets(figure))
