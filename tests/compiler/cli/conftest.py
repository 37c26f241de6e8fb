"""A working directory with two programs and four models."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import compiler
import rasp

RASP = """\
histogram = selector_width(select(tokens, tokens, ==));
same = select(tokens, tokens, ==);
number = 3;
inverse = 1 / indicator(tokens == "a");
thirds = (indices + 1) / 3;
_private = indices;
def f(a) { return a; }
"""
RASPL = """\
def after(x):
    return x + 1

def shifted(x, step):
    return x + step
"""
MODELS = {"histogram": ("hist.rasp", "ab"), "inverse": ("hist.rasp", "ab"), "after": ("after.raspl", range(4))}


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What each test gets a copy of."""
    folder = tmp_path_factory.mktemp("prepared")
    (folder / "hist.rasp").write_text(RASP)
    (folder / "after.raspl").write_text(RASPL)
    for name, (file, vocab) in MODELS.items():
        compiler.compile(rasp.load(folder / file)[name], vocab=vocab, max_length=6).save(folder / f"{name}.m")
    after = rasp.load(folder / "after.raspl")["after"]
    compiler.compile(after, vocab=range(4), max_length=6, causal=True).save(folder / "causal.m")
    return folder


@pytest.fixture(autouse=True)
def folder(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "work"
    shutil.copytree(prepared, place)
    monkeypatch.chdir(place)
    return place
