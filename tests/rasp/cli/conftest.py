"""A working directory with two programs."""

from __future__ import annotations

from pathlib import Path

import pytest

RASP = """\
histogram = selector_width(select(tokens, tokens, ==));
same = select(tokens, tokens, ==);
thirds = (indices + 1) / 3;
settings = {"a": [1, 2.5], 2: "x"};
number = tokens_int + 1;
square = tokens_asis * tokens_asis;
_private = indices;
def f(a, b) { return a + b; }
"""
RASPL = """\
def count(x, step=1):
    return cumsum(x > 2) * step

def after(x):
    return x + 1

def two(x, y):
    return x + y

def is_big(x):
    return x > 2
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "hist.rasp").write_text(RASP)
    (tmp_path / "count.raspl").write_text(RASPL)
    monkeypatch.chdir(tmp_path)
    return tmp_path
