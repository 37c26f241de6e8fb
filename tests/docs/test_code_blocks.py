"""The code blocks of the README and of every page in docs/ do what they show; see ``blocks.py`` for how they are written.

The notebook runs, too.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from rasp import cli
from tests.docs.blocks import State, blocks, run

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
PAGES = ["README.md", "CONTRIBUTING.md", *sorted(str(page.relative_to(ROOT)) for page in (ROOT / "docs").rglob("*.md"))]


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in which the examples lie, as in the repository."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.usefixtures("workplace")
def test_blocks(page: str, request: pytest.FixtureRequest) -> None:
    """And they make the pictures that the page shows of them; ``pytest --update-golden`` writes these anew."""
    state = State()
    page_blocks = blocks((ROOT / page).read_text(encoding="utf-8"))
    for block in page_blocks:
        if not block.runs_here:
            continue
        try:
            run(block, state)
        except Exception as error:
            raise AssertionError(f"{page}:{block.line}: {error}") from error
    for name in pictures_on(page):
        made = Path(name).read_text(encoding="utf-8")
        if request.config.getoption("--update-golden"):
            (PICTURES / name).write_text(made, encoding="utf-8")
        assert made == (PICTURES / name).read_text(encoding="utf-8"), f"{name} differs; pytest --update-golden writes it"
    if absent := sorted({block.needs for block in page_blocks if not block.runs_here}):
        pytest.skip(f'some blocks of {page} need {", ".join(absent)}: pip install "rasp-lang[export,transformer-lens]"')


def test_the_notebook() -> None:
    """It is kept without what it prints, and runs from start to end where it lies, in a folder that hides none of our packages.

    After the pages, since the first to train is README.md, and what XLA compiles is kept for the others.
    """
    path = ROOT / "docs" / "notebooks" / "tour.ipynb"
    notebook = nbformat.read(path, as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute()
    assert "no mismatch" in str(notebook.cells)
    shown = {kind for cell in notebook.cells for output in cell.get("outputs", ()) for kind in output.get("data", ())}
    assert {"text/html", "image/svg+xml", "image/png"} <= shown


def pictures_on(page: str) -> list[str]:
    """The names of the pictures that a page makes and shows."""
    return re.findall(r"!\[[^\]]+\]\((?:\.\./)*pictures/([\w-]+\.svg)\)", (ROOT / page).read_text(encoding="utf-8"))


def test_every_picture_is_shown_and_small() -> None:
    files = {path.name: path.stat().st_size for path in PICTURES.iterdir()}
    assert set(files) == {name for page in PAGES for name in pictures_on(page)}
    assert all(size < 40_000 for size in files.values())


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    text = re.sub(r"^```.*?^```$|`[^`\n]*`", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    targets = [target for target in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in target]
    missing = [target for target in targets if not ((ROOT / page).parent / target).exists()]
    assert not missing


def table_of_examples() -> list[tuple[str, str]]:
    """Command and output of each row of the README's table of examples."""
    row = re.compile(r"^\| \[\S+\]\(examples/\S+\) \| .* \| `(rasp .*)` \| `(.*)` \|$", re.MULTILINE)
    return [(found[1], found[2]) for found in row.finditer((ROOT / "README.md").read_text(encoding="utf-8"))]


def test_the_readme_lists_every_example() -> None:
    listed = re.findall(r"^\| \[\S+\]\(examples/(\S+)\)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    examples = ROOT / "examples"
    files = {str(path.relative_to(examples)) for suffix in ("*.rasp", "*.raspl") for path in examples.rglob(suffix)}
    assert files <= set(listed)
    assert len(table_of_examples()) == len(files)


@pytest.mark.parametrize(("command", "output"), table_of_examples())
@pytest.mark.usefixtures("workplace")
def test_the_table_of_examples(command: str, output: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(shlex.split(command)[1:]) == 0
    assert capsys.readouterr().out.strip() == output
