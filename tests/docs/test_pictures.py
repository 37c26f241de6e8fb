"""The pictures of the docs are what the commands on the page make; ``pytest --update-golden`` writes them anew."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.blocks import State, blocks, run

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
PAGES = [page for page in sorted((ROOT / "docs").rglob("*.md")) if "pictures/" in page.read_text(encoding="utf-8")]


def shown_on(page: Path) -> list[str]:
    """The names of the pictures that a page shows."""
    return re.findall(r"!\[[^\]]+\]\((?:\.\./)*pictures/([\w-]+\.svg)\)", page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_makes_its_pictures(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    state = State()
    for block in blocks(page.read_text(encoding="utf-8")):
        if block.language == "console":
            run(block, state)
    names = shown_on(page)
    assert names
    for name in names:
        made = Path(name).read_text(encoding="utf-8")
        if request.config.getoption("--update-golden"):
            (PICTURES / name).write_text(made, encoding="utf-8")
        assert made == (PICTURES / name).read_text(encoding="utf-8"), f"{name} differs; pytest --update-golden writes it"


def test_every_picture_is_shown_and_small() -> None:
    shown = {name for page in PAGES for name in shown_on(page)}
    files = {path.name: path.stat().st_size for path in PICTURES.iterdir()}
    assert set(files) == shown
    assert all(size < 40_000 for size in files.values())
