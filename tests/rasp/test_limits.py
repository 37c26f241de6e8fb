"""The limits that the documentation lists are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

from rasp import limits

PAGE = Path(__file__).parents[2] / "docs" / "language" / "robustness.md"


def test_the_page_lists_every_limit() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([\d,]+) \|", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    listed = {name: int(value.replace(",", "")) for name, value in rows}
    assert listed == {name: value for name, value in vars(limits).items() if name.isupper()}
