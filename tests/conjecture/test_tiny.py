"""The suite 'tiny' and a report on it, by the commands that users have."""

from __future__ import annotations

from pathlib import Path

import pytest

from conjecture.cli import main


def test_the_tiny_suite_and_its_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    results, page = str(tmp_path / "results"), tmp_path / "report"
    assert main(["sweep", "tiny", "--folder", results]) == 0
    assert "9 jobs done, 0 done before, 0 left" in capsys.readouterr().out
    assert main(["report", results, "--to", str(page)]) == 0
    text = (page / "report.md").read_text()
    assert "These results can't tell" in text  # three tasks are too few
    assert all(f"`{task}`" in text for task in ("binary-majority", "hist", "parity"))
    assert "<html" in (page / "report.html").read_text()
