"""A user's own Python files: tasks and suites."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from typing import Any

from conjecture.errors import LabError


def is_file(name: str) -> bool:
    """Whether a name is that of a Python file."""
    return name.endswith(".py")


@cache
def load(file: str, name: str) -> Any:
    """What a file calls by a name. The file is run, once.

    Raises:
        LabError: there is no such file, or it has no such name.
    """
    path = Path(file)
    module_name = f"conjecture_own_{path.stem}"
    spec = importlib.util.spec_from_file_location(module_name, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise LabError(f"there is no file {file}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module
    spec.loader.exec_module(module)
    if not hasattr(module, name):
        raise LabError(f"{file} has no {name}", hint=f"see docs/lab/tasks.md for what {name} is")
    return getattr(module, name)
