"""A real browser on the page of a playground."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

SCRIPT = Path(__file__).parents[2] / "browser" / "chromium.sh"
PATIENCE = 60_000.0
"""Milliseconds that something on the page may take on a busy machine."""

expect.set_options(timeout=PATIENCE)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser that ``chromium.sh`` finds or installs."""
    path = subprocess.run(["sh", str(SCRIPT)], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    with sync_playwright() as playwright:
        # Chromium's own sandbox takes rights that root and containers lack; the page is this project's.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, address: str, **options: Any) -> Iterator[Page]:
    """A page of a new visitor, once it is ready; no error may come up on it."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, **options)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if _is_fault(message) else None)
    page.goto(address)
    page.wait_for_selector("body[data-ready]")
    page.wait_for_selector("#rows td[data-row]")
    yield page
    assert faults == []
    context.close()


def _is_fault(message: ConsoleMessage) -> bool:
    """An error on the console; that a request was refused is told there as well, and on the page."""
    return message.type == "error" and not message.text.startswith("Failed to load resource")


def serious_faults(page: Page) -> list[str]:
    """What axe finds on a page that keeps people out."""
    violations: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:160]}: {node['failureSummary']}"
        for one in violations
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
