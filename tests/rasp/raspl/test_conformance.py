"""Random RASP-L programs with the values that the published NumPy version gives."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import rasp

PROGRAMS: list[dict[str, Any]] = json.loads((Path(__file__).parents[2] / "data" / "conformance_raspl.json").read_text())


@pytest.mark.parametrize("number", range(len(PROGRAMS)))
def test_values(number: int) -> None:
    entry = PROGRAMS[number]
    program = rasp.loads(entry["program"], "rasp-l")[entry["name"]].sop()
    for case in entry["cases"]:
        values = program(case["input"])
        assert values == case["output"]
        assert [type(value) for value in values] == [type(value) for value in case["output"]]
