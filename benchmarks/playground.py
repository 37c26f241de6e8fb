"""How fast the playground is, in Chromium: first paint, weight of the page, and the time from a key stroke to new values.

    python benchmarks/playground.py [--strokes 60] [--json FILE] [--picture FILE]

A key stroke is timed inside the page, from the event of the text area to the next frame after the table of values has changed.
The program is ``examples/sort.rasp`` on 20 tokens; each stroke changes a digit in it, and so the values. ``--picture`` measures
nothing and writes what the page shows of a compiled ``sort``, as PNG.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
TOKENS = "fedcbafedcbafedcbafe"
PROGRAM = (ROOT / "examples" / "sort.rasp").read_text(encoding="utf-8") + "shifted = place + 1"

TIMED = """
() => {
  window.strokes = [];
  let since = null;
  document.getElementById("program").addEventListener("input", () => { since = performance.now(); }, true);
  new MutationObserver(() => {
    if (since === null) return;
    const began = since;
    since = null;
    requestAnimationFrame(() => setTimeout(() => window.strokes.push(performance.now() - began)));
  }).observe(document.getElementById("rows"), { childList: true });
}
"""


@contextmanager
def playground() -> Iterator[str]:
    """The address of a running playground."""
    command = [sys.executable, "-m", "rasp", "playground", "--port", "0", "--no-browser"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        found = re.search(r"http://[\d.:]+/", process.stderr.readline())
        assert found is not None
        try:
            yield found[0]
        finally:
            process.terminate()


def painted(page: Page, address: str) -> tuple[float, int]:
    """Milliseconds to the first paint, and the bytes of everything that the page loads."""
    sizes: dict[str, int] = {}
    page.on("response", lambda response: sizes.update({response.url: len(response.body())}))
    page.goto(address)
    page.wait_for_selector("#flow svg")
    own = sum(size for url, size in sizes.items() if "/api/look" not in url)
    return page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"), own


def strokes(page: Page, count: int) -> list[float]:
    """Milliseconds of each key stroke until its values are there."""
    page.fill("#program", PROGRAM)
    page.fill("#input", TOKENS)
    page.wait_for_selector("text=shifted")
    page.wait_for_timeout(500)
    page.evaluate(TIMED)
    page.focus("#program")
    page.keyboard.press("Control+End")
    for number in range(count):
        page.keyboard.press("Backspace" if number % 2 else str(number % 10))
        page.wait_for_function("count => window.strokes.length > count", arg=number)
    return page.evaluate("window.strokes")


@contextmanager
def chromium() -> Iterator[Browser]:
    path = subprocess.run(["sh", str(ROOT / "tests/browser/chromium.sh")], check=True, stdout=subprocess.PIPE, text=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path.stdout.strip(), args=["--no-sandbox"])
        yield browser
        browser.close()


def pictured(file: Path) -> None:
    """Write what the page shows of a program and its model."""
    with playground() as address, chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(address)
        page.select_option("#programs", label="Sort (RASP)")
        page.wait_for_selector("#maps figcaption:has-text('place')")
        page.click("#go")
        page.wait_for_selector("#verified.good", timeout=120_000)
        page.hover("#rows td[data-row='1'][data-at='2']")
        page.wait_for_timeout(300)
        page.screenshot(path=file, full_page=True)
    Image.open(file).quantize(64).save(file, optimize=True)  # a third of the size


def measured(count: int) -> dict[str, Any]:
    with playground() as address, chromium() as browser:
        paints = [painted(browser.new_context().new_page(), address) for _ in range(5)]
        times = strokes_of(browser.new_context().new_page(), address, count)
    return {
        "first paint, ms": round(statistics.median(paint for paint, _ in paints)),
        "page, bytes": paints[0][1],
        "key stroke, ms": {
            "median": round(statistics.median(times), 1),
            "95 %": round(statistics.quantiles(times, n=20)[-1], 1),
            "most": round(max(times), 1),
        },
    }


def strokes_of(page: Page, address: str, count: int) -> list[float]:
    page.goto(address)
    page.wait_for_selector("#flow svg")
    return strokes(page, count)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--strokes", type=int, default=60)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--picture", type=Path)
    options = parser.parse_args()
    if options.picture is not None:
        pictured(options.picture)
        return
    found = measured(options.strokes)
    text = json.dumps(found, indent=2)
    print(text)
    if options.json is not None:
        options.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
