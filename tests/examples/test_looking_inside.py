"""The example that opens models writes its pictures."""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

import conjecture

EXAMPLE = Path(__file__).parents[2] / "examples" / "looking_inside.py"


@pytest.mark.slow  # what it calls is tested by itself, and on the page on looking inside
def test_it_writes_its_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """With models of one layer, which compile sooner."""
    recipe = conjecture.Recipe
    monkeypatch.setattr(conjecture, "Recipe", lambda **options: recipe(**{**options, "layers": 1}))
    monkeypatch.setattr(sys, "argv", ["looking_inside.py", str(tmp_path), "--steps", "2", "--retrieval-steps", "0"])
    runpy.run_path(str(EXAMPLE), run_name="__main__")
    assert "right after 2 steps" in capsys.readouterr().out
    for name in ("maps-compiled", "maps-learned", "norms", "reach"):
        assert ElementTree.parse(tmp_path / f"{name}.svg").getroot().tag.endswith("svg")
    seen = json.loads((tmp_path / "reach.json").read_text(encoding="utf-8"))
    assert [one["step"] for one in seen] == [0]
