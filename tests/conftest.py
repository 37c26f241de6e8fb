"""What all tests share: golden files, hypothesis's settings, devices."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis
import pytest

os.environ.setdefault("JAX_NUM_CPU_DEVICES", "8")  # for the tests of meshes; all others use the first device
os.environ["JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"] = "0.3"
os.environ["JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES"] = "-1"

hypothesis.settings.register_profile("rasp", deadline=None)
hypothesis.settings.load_profile("rasp")

Golden = Callable[[str, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files instead of comparing with them")


def pytest_configure(config: pytest.Config) -> None:
    """All workers share what XLA compiles, in a folder that goes when they do; the user's own is not touched."""
    if hasattr(config, "workerinput"):
        return  # a worker of pytest-xdist, which has the folder of the process that began it
    folder = TemporaryDirectory(prefix="rasp-tests-", ignore_cleanup_errors=True)
    os.environ["JAX_COMPILATION_CACHE_DIR"] = folder.name
    config.add_cleanup(folder.cleanup)


def pytest_collection_finish() -> None:
    """What was imported stays; the garbage collector need not look through it again and again."""
    gc.freeze()


@pytest.fixture(autouse=True, scope="module")
def room_for_compiled_code() -> Iterator[None]:
    """A worker runs thousands of tests, and what JAX compiled for them would meet the system's limit on mappings."""
    yield
    if "jax" in sys.modules:
        from conjecture.sweeps.mappings import make_room

        make_room()


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """``golden(name, text)`` compares a text with the file ``golden/name`` beside the test, or writes it (--update-golden)."""
    folder = Path(request.path).parent / "golden"

    def check(name: str, text: str) -> None:
        path = folder / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8"))
        assert path.is_file(), f"{path} is missing; run pytest with --update-golden to write it"
        assert text == path.read_bytes().decode("utf-8"), f"{path} differs; run pytest with --update-golden to accept it"

    return check
