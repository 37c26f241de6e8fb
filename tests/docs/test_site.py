"""The pages make a site without a warning, and all that is public is in it. ``make docs`` also runs the notebook for it."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import pytest

import compiler
import conjecture
import rasp

pytestmark = pytest.mark.slow  # `make docs` runs these

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built site. A warning fails the build: a link that leads nowhere, a page that no other names, …"""
    folder = tmp_path_factory.mktemp("site")
    options = ["-W", "--keep-going", "--quiet", "-D", "nb_execution_mode=off"]
    built = subprocess.run(
        [sys.executable, "-m", "sphinx", *options, "docs", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    return folder


def test_pages_ask_no_server(site: Path) -> None:
    loaded = [(page.name, source) for page in site.rglob("*.html") for source in sources(page.read_text(encoding="utf-8"))]
    assert len(loaded) > 100
    assert not [(page, source) for page, source in loaded if "//" in source]
    styles = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    assert "//" not in "".join(re.findall(r"@import[^;]*|url\((?!['\"]?data:)[^)]*\)", styles))


def sources(page: str) -> list[str]:
    """The addresses that a browser loads by itself to show a page."""
    found: list[str] = []

    class Finder(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            given = dict(attrs)
            if tag in ("script", "img", "iframe", "object", "source"):
                found.append(given.get("src") or given.get("data") or "")
            elif tag == "link" and given.get("rel") in ("stylesheet", "preload", "icon"):
                found.append(given.get("href") or "")

    Finder().feed(page)
    return found


def test_blocks_show_the_names_of_their_files(site: Path) -> None:
    assert re.search(r'class="code-block-caption">.*letters\.rasp', (site / "tutorial.html").read_text(encoding="utf-8"))


@pytest.mark.parametrize("package", [rasp, compiler, conjecture], ids=lambda package: package.__name__)
def test_every_public_name_is_in_the_api(site: Path, package: ModuleType) -> None:
    page = (site / "api" / f"{package.__name__}.html").read_text(encoding="utf-8")
    documented = {name.rpartition(".")[2] for name in re.findall(r' id="(?:module-)?([\w.]+)"', page)}
    assert {name for name in package.__all__ if not name.startswith("__")} <= documented
