"""Compiled code is dropped before it takes all mappings of the process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jax
import pytest

from conjecture.sweeps import mappings
from conjecture.sweeps.jobs import Job
from conjecture.sweeps.sweep import Watch, in_process


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """A function that is compiled, in a process of ten mappings."""
    file = tmp_path / "maps"
    file.write_text("one\n" * 10)
    monkeypatch.setattr(mappings, "MAPPINGS", file)
    function = jax.jit(lambda x: x + 1)
    function(1)
    return function


@pytest.mark.parametrize(("most", "kept"), [(19, 0), (20, 1)])
def test_half_of_the_mappings(most: int, kept: int, compiled: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "most").write_text(f"{most}\n")
    monkeypatch.setattr(mappings, "MOST", tmp_path / "most")
    mappings.make_room()
    assert compiled._cache_size() == kept


def test_where_nothing_counts_them(compiled: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mappings, "MOST", tmp_path / "nothing")
    mappings.make_room()
    assert compiled._cache_size() == 1


class Nothing:
    """A job that is done at once."""

    def do(self, folder: Path, report: object = None) -> None:
        pass


def test_a_sweep_makes_room_after_each_job(compiled: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "most").write_text("0\n")
    monkeypatch.setattr(mappings, "MOST", tmp_path / "most")
    job: Any = Nothing()
    jobs: list[Job] = [job]
    in_process(jobs, tmp_path, Watch(), None)
    assert compiled._cache_size() == 0
