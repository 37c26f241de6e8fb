"""How the results were made."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import rasp
from conjecture.recipe import Recipe
from conjecture.report.data import Entry, Study
from conjecture.report.document import Block, Bullets, Heading, Paragraph, Table
from conjecture.report.wording import code, counted, listing, number

FIRST = ("lengths", "longest", "positions", "architecture", "layers", "heads", "width", "learning_rate", "batch", "steps")
"""Parts of a recipe that the table always has; of the others those that differ."""

USUAL: Mapping[str, Any] = asdict(Recipe())
"""What a recipe has where its result does not say it."""


def making(study: Study) -> tuple[Block, ...]:
    """The section."""
    entries = study.entries
    suites = sorted({entry.suite for entry in entries})
    seeds = [seed for entry in entries for seed in entry.seeds]
    seconds = [seed.seconds for seed in seeds if math.isfinite(seed.seconds)]
    devices = sorted({seed.device for seed in seeds})
    tests = sorted({score.samples for seed in seeds for score in seed.scores})
    items = [
        f"{counted(len(seeds), 'run')} of {counted(len({entry.task for entry in entries}), 'task')} in "
        f"{'the suite' if len(suites) == 1 else 'the suites'} {listing(suites)}, {number(sum(seconds) / 3600, 1)} hours of "
        f"training and testing in all, on {listing(devices)}; rasp-lang {rasp.__version__}.",
        f"Samples in each test: {' or '.join(map(str, tests)) or 'none'}, freshly drawn; "
        "at short lengths training has seen most inputs there are.",
    ]
    if study.broken:
        items.append(
            f"{counted(len(study.broken), 'file')} could not be read and is left out: {listing([p.name for p in study.broken])}."
        )
    if study.superseded:
        items.append(
            f"{counted(study.superseded, 'run')} left out: the same seed with the same recipe was tested on more samples."
        )
    if study.waiting:
        items.append(f"Controls, but no run yet: {listing(study.waiting, 40)}.")
    short = _fewer(entries)
    if short:
        items.append(f"Fewer seeds than others in their suite: {'; '.join(short)}.")
    columns, rows = _recipes(entries)
    commands = [f"conjecture sweep {suite}" for suite in suites]
    folders = " ".join(f"results/{suite}" for suite in suites)
    return (
        Heading("How this was made"),
        Bullets(tuple(items)),
        Table(columns, rows, left=("tasks", "devices", "positions", "architecture")),
        Paragraph(
            f"The same again: {', '.join(map(code, commands))}, then {code(f'conjecture report {folders}')}. {_rest(entries)}"
        ),
    )


def _fewer(entries: Sequence[Entry]) -> list[str]:
    most: dict[str, int] = defaultdict(int)
    for entry in entries:
        most[entry.suite] = max(most[entry.suite], len(entry.seeds))
    return [
        f"{code(entry.task)} ({len(entry.seeds)} of {most[entry.suite]})"
        for entry in entries
        if len(entry.seeds) < most[entry.suite]
    ]


def _differing(entries: Sequence[Entry]) -> list[str]:
    names = list(dict.fromkeys(name for entry in entries for name in entry.recipe))
    return [name for name in names if len({json.dumps(entry.recipe.get(name)) for entry in entries}) > 1]


def _recipes(entries: Sequence[Entry]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """A row for each distinct recipe."""
    parts = [*FIRST, *(name for name in _differing(entries) if name not in FIRST)]
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[json.dumps([entry.suite, entry.recipe], sort_keys=True)].append(entry)
    rows = []

    def order(same: list[Entry]) -> tuple[Any, ...]:
        values = [same[0].recipe.get(part, USUAL.get(part)) for part in parts]
        return same[0].suite, same[0].task, [(value is not None, value) for value in values]

    for number_, same in enumerate(sorted(groups.values(), key=order), start=1):
        seeds = [seed for entry in same for seed in entry.seeds]
        steps = sorted(seed.steps for seed in seeds)
        spent = [seed.seconds for seed in seeds if math.isfinite(seed.seconds)]
        mean = number(sum(spent) / len(spent), 0) if spent else ""
        sizes = sorted({entry.parameters for entry in same})
        rows.append(
            (
                f"{same[0].suite} {number_}",
                *(_value(same[0].recipe.get(part, USUAL.get(part))) for part in parts),
                _range(sizes),
                str(len(seeds)),
                _range(steps),
                mean,
                listing(sorted({seed.device for seed in seeds})),
                listing([entry.task for entry in same], 12),
            )
        )
    heads = tuple(part.replace("_", " ") for part in parts)
    return ("recipe", *heads, "parameters", "runs", "steps done", "seconds a run", "devices", "tasks"), tuple(rows)


def _range(numbers: Sequence[int]) -> str:
    low, high = min(numbers), max(numbers)
    return f"{low:,}" if low == high else f"{low:,}–{high:,}"


def _value(value: Any) -> str:
    match value:
        case list():
            return "–".join(map(str, value))
        case float():
            return f"{value:g}"
        case int() if not isinstance(value, bool):
            return f"{value:,}"
        case _:
            return str(value)


def _rest(entries: Sequence[Entry]) -> str:
    """What all recipes have in common."""
    differing = {*FIRST, *_differing(entries)}
    common: Mapping[str, Any] = {name: value for name, value in entries[0].recipe.items() if name not in differing}
    if not common:
        return ""
    said = (f"{name.replace('_', ' ')} {_value(value)}" for name, value in common.items())
    return f"All recipes have {', '.join(said)}."
