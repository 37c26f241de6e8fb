"""Public names are imported when they are first used, in each of the three packages."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import compiler
import conjecture
import rasp

PACKAGES = (rasp, compiler, conjecture)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_all_public_names_are_there_and_listed(package: ModuleType) -> None:
    assert dir(package) == sorted({*package.__all__, *(["tasks"] if package is conjecture else [])})
    for name in dir(package):
        assert getattr(package, name) is not None


@pytest.mark.parametrize(("package", "name"), [(rasp, "measure"), (rasp, "check"), (compiler, "compile"), (conjecture, "tasks")])
def test_a_function_keeps_its_name_though_its_module_is_imported(package: ModuleType, name: str) -> None:
    module = importlib.import_module(f"{package.__name__}.{name}")
    assert callable(getattr(package, name))
    assert getattr(package, name) is not module


def test_what_is_no_public_name_is_told() -> None:
    with pytest.raises(AttributeError, match="module 'rasp' has no attribute 'evaluate_all'"):
        getattr(rasp, "evaluate_all")  # noqa: B009
    with pytest.raises(ImportError, match="cannot import name 'evaluate_all' from 'rasp'"):
        from rasp import evaluate_all  # pyright: ignore  # noqa: F401


def test_importing_a_package_imports_little() -> None:
    code = "import sys, rasp, compiler, conjecture; print(*sorted({'jax', 'numpy', 'lark'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert done.stdout == "\n"


def test_the_language_imports_no_compiler() -> None:
    code = "import sys, rasp; print('compiler' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert done.stdout == "False\n"
