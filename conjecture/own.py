"""A user's own Python files: tasks and suites."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from conjecture.errors import LabError
from rasp.paths import similar_file

T = TypeVar("T")


def is_file(name: str) -> bool:
    """Whether a name is that of a Python file."""
    return name.endswith(".py")


def load(file: str, name: str, kind: type[T]) -> T:
    """What a file calls by a name. The file is run, once.

    Raises:
        LabError: there is no such file, it can't be run, or it has nothing of this kind by that name.
    """
    found = getattr(_run(file), name, None)
    if not isinstance(found, kind):
        raise LabError(f"{file} has no {name} that is a {kind.__name__}", hint=f"see docs/lab/tasks.md for what {name} is")
    return found


@cache
def _run(file: str) -> ModuleType:
    path = Path(file)
    module_name = f"conjecture_own_{path.stem}"
    spec = importlib.util.spec_from_file_location(module_name, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise LabError(f"there is no file {file}", hint=similar_file(path))
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module
    try:
        spec.loader.exec_module(module)
    except LabError:
        raise
    except Exception as error:  # whatever the user's own code does
        hint = "run it with Python to see where it fails; docs/lab/tasks.md says what it should hold"
        raise LabError(f"{file} can't be run: {type(error).__name__}: {error}", hint=hint) from error
    return module
