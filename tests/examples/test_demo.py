"""The script behind ``make demo``."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

DEMO = Path(__file__).parents[2] / "examples" / "demo.py"


def test_demo(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(DEMO), run_name="__main__")
    shown = capsys.readouterr().out
    assert shown.count("the same\n") == 3
    assert "DIFFERENT" not in shown
    assert "no mismatch" in shown
    for size in ("layers                 2\n", "heads by layer         4, 1\n", "residual width", "parameters"):
        assert size in shown
