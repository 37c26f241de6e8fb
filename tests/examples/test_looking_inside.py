"""The example that opens models writes its pictures."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

EXAMPLE = Path(__file__).parents[2] / "examples" / "looking_inside.py"


def test_it_writes_its_pictures(tmp_path: Path) -> None:
    command = [sys.executable, str(EXAMPLE), str(tmp_path), "--steps", "2", "--retrieval-steps", "2"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "right after 2 steps" in said
    for name in ("maps-compiled", "maps-learned", "norms", "reach"):
        assert ElementTree.parse(tmp_path / f"{name}.svg").getroot().tag.endswith("svg")
    seen = json.loads((tmp_path / "reach.json").read_text(encoding="utf-8"))
    assert [one["step"] for one in seen] == [0, 2]
