"""What ``compilers.py`` measures."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import Any

OWN = (64, 256, 512)


@dataclass(frozen=True)
class Measured:
    """One compiled program; None where nothing was measured.

    Attributes:
        cold: seconds of the first compilation of a process that had imported everything.
        warm: the median of three more.
        heads: of each layer.
        wrong: how many of the ``checked`` inputs have a wrong value, by the default settings.
        wrong_raised: the same for Tracr with ``mlp_exactness`` 4(n+1)(n+2).
        batch: seconds of one jitted call on 256 inputs of full length.
        compile_peak: the process's peak memory after the first compilation, in bytes; ``peak`` is that of everything.
        refused: why our compiler refused the program.
        over_limit: a step took too long, and those after it were not made.
        failed: the process ended by an error.
    """

    cold: float | None = None
    warm: float | None = None
    layers: int | None = None
    heads: tuple[int, ...] | None = None
    d_model: int | None = None
    parameters: int | None = None
    margin: float | None = None
    wrong: int | None = None
    checked: int | None = None
    wrong_raised: int | None = None
    batch: float | None = None
    compile_peak: int | None = None
    peak: int | None = None
    refused: str | None = None
    over_limit: bool = False
    failed: bool = False

    @staticmethod
    def of(found: dict[str, Any]) -> Measured:
        names = {field.name for field in fields(Measured)}
        return Measured(**{name: value for name, value in found.items() if name in names})


@dataclass(frozen=True)
class SideBySide:
    """A program for inputs of up to ``length`` tokens: compiled by us, by us with ``optimize="width"``, and by Tracr."""

    program: str
    length: int
    ours: Measured
    narrow: Measured | None
    tracr: Measured | None


@dataclass(frozen=True)
class OwnSize:
    """A program compiled by us, at a length that is not compared."""

    program: str
    length: int
    ours: Measured


@dataclass(frozen=True)
class Results:
    """Everything that one run measured."""

    machine: str
    versions: dict[str, dict[str, str]]
    side_by_side: list[SideBySide]
    own: list[OwnSize]

    @staticmethod
    def read(text: str) -> Results:
        """What ``compilers.py`` wrote."""
        found = json.loads(text)
        sides = ("ours", "narrow", "tracr")
        rows = [SideBySide(row["program"], row["length"], *_models(row, *sides)) for row in found["side_by_side"]]
        own = [OwnSize(row["program"], row["length"], *_models(row, "ours")) for row in found["own"]]
        return Results(found["machine"], found["versions"], rows, own)

    def compares(self, program: str, length: int) -> bool:
        """Whether a program was compared at a length."""
        return any((row.program, row.length) == (program, length) for row in self.side_by_side)

    def sizes(self, program: str, length: int) -> bool:
        """Whether a program was compiled alone at a length."""
        return any((row.program, row.length) == (program, length) for row in self.own)

    def gave_up(self, program: str) -> bool:
        """Whether Tracr took too long to compile a program at a length."""
        mine = [row.tracr for row in self.side_by_side if row.program == program]
        return any(model is None or (model.over_limit and model.cold is None) for model in mine)


def _models(row: dict[str, Any], *sides: str) -> list[Any]:
    return [Measured.of(row[side]) if side in row else None for side in sides]


def compact(value: Any) -> Any:
    """What a file of results keeps: four digits, and nothing of what is None or False."""
    match value:
        case dict():
            return {key: compact(item) for key, item in value.items() if item is not None and item is not False}
        case float():
            return float(f"{value:.4g}")
        case _:
            return value
