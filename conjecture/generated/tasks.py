"""Tasks from generated programs."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from conjecture.alphabet import Alphabet
from conjecture.errors import LabError
from conjecture.from_program import task_from_program
from conjecture.generated.filters import Candidate, reason_against
from conjecture.generated.search import search
from conjecture.task_type import Program, Task

SUITE = Path(__file__).with_name("suite.json")
"""What ``python -m conjecture.generated`` found."""

LENGTHS = tuple(range(1, 9))
LONGEST_PROGRAM = 16


def generated_tasks(count: int, lengths: Sequence[int] = LENGTHS, *, seed: int = 0) -> list[Task]:
    """Tasks whose programs were drawn at random and passed every filter.

    Args:
        count: how many, of all lengths alike (of the first ones one more, where it can't be divided).
        lengths: of the programs, in operations.
        seed: which programs are tried. Those of 0 are kept with this package; others are searched for, a second or so each.

    Raises:
        LabError: there are not so many, or none of such lengths.
    """
    if not lengths or len(set(lengths)) < len(lengths) or min(lengths) < 1 or max(lengths) > LONGEST_PROGRAM or seed < 0:
        raise LabError(f"there are generated tasks of lengths 1 to {LONGEST_PROGRAM}, each given once, and of seeds from 0 on")
    shares = [count // len(lengths) + (place < count % len(lengths)) for place in range(len(lengths))]
    kept = kept_numbers() if seed == 0 else {}
    if any(len(kept.get(length, ())) < share for length, share in zip(lengths, shares, strict=True)):
        kept = search(lengths, max(shares), seed).accepted
    names = [name_of(length, number) for length, share in zip(lengths, shares, strict=True) for number in kept[length][:share]]
    return [_made(name) for name in names]


@cache
def task_named(name: str) -> Task:
    """The task of a generated program, made again from its name, as ``gen-3-0007``.

    Raises:
        LabError: it is no such name, or the program of that name is not good for a task.
    """
    task = _made(name)
    length, number = _numbers(name)
    if number not in kept_numbers().get(length, ()):
        reason = reason_against(Candidate.drawn(length, number))
        if reason is not None:
            raise LabError(
                f"{name} is no task: its program is rejected as '{reason}'", hint="`generated_tasks` gives those that are"
            )
    return task


def name_of(length: int, number: int) -> str:
    """What the task of a candidate is called."""
    return f"gen-{length}-{number:04d}"


@cache
def kept_numbers() -> dict[int, list[int]]:
    """The candidates of seed 0 that make tasks, by length, as far as they are kept with this package."""
    kept: dict[int, list[int]] = {}
    for name in json.loads(SUITE.read_text(encoding="utf-8"))["programs"]:
        length, number = _numbers(name)
        kept.setdefault(length, []).append(number)
    return kept


def _numbers(name: str) -> tuple[int, int]:
    """Length and number of a candidate."""
    found = re.fullmatch(r"gen-([1-9]\d?)-(\d{4,})", name)
    if found is None or name_of(int(found[1]), int(found[2])) != name or not 1 <= int(found[1]) <= LONGEST_PROGRAM:
        raise LabError(
            f"'{name}' is no generated task", hint=f"their names are as gen-3-0007, with lengths 1 to {LONGEST_PROGRAM}"
        )
    return int(found[1]), int(found[2])


@cache
def _made(name: str) -> Task:
    length, number = _numbers(name)
    candidate = Candidate.drawn(length, number)
    return task_from_program(
        Program(f"{name}.raspl", "label", candidate.text(name)),
        candidate.distribution,
        Alphabet.of(range(candidate.tokens)),
        name=name,
        summary=f"label what a random program of {length} operation{'s' * (length > 1)} labels",
        source="conjecture/generated",
    )
