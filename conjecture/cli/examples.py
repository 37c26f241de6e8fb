"""Examples, as ``--help`` shows them; they work in a checkout of the project."""

from __future__ import annotations

from rasp.cli.parser import aligned

TINY = "--lengths 1 4 --longest 8 --layers 1 --width 16 --steps 2 --check-every 1"
"""A recipe that trains in seconds, and learns nothing."""

EXAMPLES: dict[str, tuple[str, ...]] = {
    "": (
        "conjecture tasks  # what can be learned",
        "conjecture train hist --lengths 1 8 --longest 24 --steps 400",
        "conjecture sweep cpu  # train a suite; the same command goes on",
        "conjecture report docs/results/cpu --to report  # what was found",
        "conjecture query docs/results/cpu 'select task, seed, accuracy from runs'",
    ),
    "tasks": ("conjecture tasks", "conjecture tasks mode  # its program, its length, what the literature reports"),
    "train": (
        "conjecture train hist --lengths 1 8 --longest 24 --steps 400",
        f"conjecture train hist {TINY}  # a try, in seconds",
        "conjecture train mode --positions rotary --seeds 3 --checkpoint mode  # the same command goes on",
    ),
    "suites": ("conjecture suites",),
    "sweep": (
        "conjecture sweep tiny",
        "conjecture sweep cpu --tasks mode count --minutes 30  # the same command goes on",
    ),
    "collect": ("conjecture collect docs/results/cpu --to copied  # copied.runs.parquet, copied.controls.parquet",),
    "spread": ("conjecture spread docs/results/compiled --to results/compiled",),
    "query": (
        "conjecture query docs/results/cpu 'select task, seed, accuracy from runs'",
        "conjecture query docs/results/cpu 'select task, max(exact) from scores group by task'",
    ),
    "report": ("conjecture report docs/results/cpu --to report",),
    "interpolator": ("conjecture interpolator --seeds 1",),
}
"""By command; those of no command are for the whole."""


def examples_of(name: str) -> str:
    """The lines for a command; for any other name those of the whole."""
    closing = "" if name in EXAMPLES else "\n\nconjecture COMMAND --help shows more; docs/lab/index.md describes the lab."
    return "\n".join(["examples:", *aligned(EXAMPLES.get(name, EXAMPLES[""]))]) + closing
