"""The programs that the page offers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from rasp.examples import example_folders
from rasp.module import dialect_of
from rasp.playground.jobs import Data


@dataclass(frozen=True)
class Program:
    """A program of the examples.

    Attributes:
        title: what it computes.
        file: its path in the folder of examples.
        input: something to see it at work on.
    """

    title: str
    file: str
    input: str


PROGRAMS = (
    Program("Histogram", "histogram.rasp", "hello"),
    Program("Histogram of histograms", "double_histogram.rasp", "hello"),
    Program("Reverse", "reverse.rasp", "hello"),
    Program("Sort", "sort.rasp", "hello"),
    Program("Most frequent first", "most_frequent_first.rasp", "hello"),
    Program("Balanced brackets", "dyck1.rasp", "(()))("),
    Program("Two kinds of brackets", "dyck_k.rasp", "({})"),
    Program("Addition", "long_addition.rasp", "97+5"),
    Program("Count up", "count.raspl", "-1 3 6 3 4"),
    Program("Mode", "mode.raspl", "4 7 4 9 -1"),
    Program("Sort, token by token", "sort.raspl", "5 2 8 2 -1"),
    Program("Induction head", "induction.raspl", "5 8 6 9 -1 8"),
    Program("Copy", "copy.raspl", "-1 7 3 5 -2"),
    Program("Parity, by a loop", "looped/parity.raspl", "1 0 1 1 -1"),
)


@cache
def programs() -> list[Data]:
    """All that are found, with their texts."""
    found = ((program, next((p for f in example_folders() if (p := f / program.file).is_file()), None)) for program in PROGRAMS)
    return [
        {
            "title": program.title,
            "dialect": dialect_of(path),
            "input": program.input,
            "text": path.read_text(encoding="utf-8"),
        }
        for program, path in found
        if path is not None
    ]
