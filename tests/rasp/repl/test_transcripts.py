"""The piped console's transcripts, byte for byte, against golden files."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest

from rasp.repl import run_piped
from tests.conftest import Golden

INPUTS = Path(__file__).parents[2] / "data" / "transcripts"
NAMES = sorted(path.stem for path in INPUTS.glob("*.txt"))
FAULTLESS = {"values", "collections", "sequences", "selectors", "full_display", "exit"}


def transcript(text: str) -> tuple[str, bool]:
    output = io.StringIO()
    went_well = run_piped(text.splitlines(keepends=True), output)
    return output.getvalue(), went_well


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory that holds the programs which the transcripts load."""
    shutil.copytree(INPUTS / "programs", tmp_path / "programs")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", NAMES)
def test_transcript(name: str, golden: Golden) -> None:
    shown, went_well = transcript((INPUTS / f"{name}.txt").read_text("utf-8"))
    golden(f"{name}.txt", shown)
    assert went_well == (name in FAULTLESS)


def test_the_banner_and_the_end_of_input() -> None:
    assert transcript("") == ("RASP 0.1\nrunning example is: hello\n>> \n", True)


def test_exit_ends_without_a_line_break() -> None:
    assert transcript("exit\n1;\n") == ("RASP 0.1\nrunning example is: hello\n>> ", True)


def test_draw_writes_files_with_safe_names(folder: Path) -> None:
    transcript('draw(tokens == "/", "a/b");')
    assert {path.name for path in (folder / "comp_flows").iterdir()} == {"s-op.svg", "s-op.dot"}


def test_draw_reports_a_folder_that_cannot_be_made(folder: Path) -> None:
    (folder / "comp_flows").write_text("a file")
    shown, went_well = transcript("draw(indices);")
    assert "something went wrong: can't make the folder 'comp_flows'" in shown
    assert not went_well
