"""Markdown tables of what was measured, and of the goals that it meets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Cell: TypeAlias = str | int | float | None


@dataclass(frozen=True)
class Goal:
    """A goal, what was measured, and whether that meets it; None where nothing was measured."""

    goal: str
    measured: str
    met: bool | None


def goals_table(found: Iterable[Goal]) -> str:
    verdict = {True: "met", False: "not met", None: ""}
    return table(["goal", "measured", ""], ([goal.goal, goal.measured, verdict[goal.met]] for goal in found))


def table(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    lines = [heads, ["---"] * len(heads), *([_text(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case float():
            return f"{cell:.2f}" if cell >= 1 else f"{cell:.2g}"
        case int():
            return f"{cell:,}"
        case str():
            return cell
