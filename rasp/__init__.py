"""RASP and RASP-L: an exact interpreter.

    >>> import rasp
    >>> module = rasp.loads("histogram = selector_width(select(tokens, tokens, ==));")
    >>> module["histogram"]("hello")
    [1, 1, 2, 2, 1]

Everything is imported when it is first used, so that ``import rasp`` costs nothing.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rasp.check import check
    from rasp.errors import (
        EvaluationError,
        InputError,
        RaspError,
        RaspErrors,
        RaspLimitError,
        RaspLoadError,
        RaspNameError,
        RaspSyntaxError,
        RaspTypeError,
        RaspValueError,
    )
    from rasp.format import format_text
    from rasp.measure import measure
    from rasp.module import Module, load, loads
    from rasp.syntax.parser import parse
    from rasp.syntax.printer import unparse
    from rasp.values import Function, Selector, SOp

__version__ = "0.1.0"

__all__ = [
    "EvaluationError",
    "Function",
    "InputError",
    "Module",
    "RaspError",
    "RaspErrors",
    "RaspLimitError",
    "RaspLoadError",
    "RaspNameError",
    "RaspSyntaxError",
    "RaspTypeError",
    "RaspValueError",
    "SOp",
    "Selector",
    "__version__",
    "check",
    "format_text",
    "load",
    "loads",
    "measure",
    "parse",
    "unparse",
]

_HOME = {
    "format_text": "rasp.format",
    "Module": "rasp.module",
    "load": "rasp.module",
    "loads": "rasp.module",
    "parse": "rasp.syntax.parser",
    "unparse": "rasp.syntax.printer",
    "Function": "rasp.values",
    "Selector": "rasp.values",
    "SOp": "rasp.values",
}


def __getattr__(name: str) -> Any:
    home = _HOME.get(name, "rasp.errors" if name in __all__ else None)
    if home is None:
        raise AttributeError(f"module 'rasp' has no attribute '{name}'", name=name, obj=sys.modules[__name__])
    value = getattr(importlib.import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


class _Package(ModuleType):
    """Keeps ``rasp.measure`` and ``rasp.check`` the functions, although packages of these names hold them.

    The import system sets a package's attribute whenever one of its modules is imported; here that does nothing.
    """

    @property
    def measure(self) -> Any:
        return importlib.import_module("rasp.measure").measure

    @measure.setter
    def measure(self, package: ModuleType) -> None:
        pass

    @property
    def check(self) -> Any:
        return importlib.import_module("rasp.check").check

    @check.setter
    def check(self, package: ModuleType) -> None:
        pass


sys.modules[__name__].__class__ = _Package
