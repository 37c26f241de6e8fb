"""The compiler: from an s-op to exact transformer weights for JAX.

Everything is imported when it is first used, so that the command tells what it can do before JAX is there.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from rasp.extras import needed_for

if TYPE_CHECKING:
    from compiler import export
    from compiler.artifact import load
    from compiler.compile import compile
    from compiler.errors import (
        ArtifactError,
        CompileError,
        ExportError,
        ModelInputError,
        TraceError,
        UndefinedError,
        VocabularyError,
    )
    from compiler.inspection import Inspection, inspect
    from compiler.model import Config, Model
    from compiler.undefined import Undefined
    from compiler.verification.trace import Trace, trace
    from compiler.verification.verify import Report, verify

__all__ = [
    "ArtifactError",
    "CompileError",
    "Config",
    "ExportError",
    "Inspection",
    "Model",
    "ModelInputError",
    "Report",
    "Trace",
    "TraceError",
    "Undefined",
    "UndefinedError",
    "VocabularyError",
    "compile",
    "export",
    "inspect",
    "load",
    "trace",
    "verify",
]

_HOME = {
    "Config": "compiler.model",
    "Inspection": "compiler.inspection",
    "Model": "compiler.model",
    "Report": "compiler.verification.verify",
    "Trace": "compiler.verification.trace",
    "Undefined": "compiler.undefined",
    "inspect": "compiler.inspection",
    "load": "compiler.artifact",
    "trace": "compiler.verification.trace",
    "verify": "compiler.verification.verify",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'compiler' has no attribute '{name}'", name=name, obj=sys.modules[__name__])
    if name == "export":
        return importlib.import_module("compiler.export")
    with needed_for("the compiler", "compiler"):
        value = getattr(importlib.import_module(_HOME.get(name, "compiler.errors")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


class _Package(ModuleType):
    """Keeps ``compiler.compile`` the function, although a module of this name holds it.

    The import system sets a package's attribute whenever one of its modules is imported; here that does nothing.
    """

    @property
    def compile(self) -> Any:
        with needed_for("the compiler", "compiler"):
            return importlib.import_module("compiler.compile").compile

    @compile.setter
    def compile(self, module: ModuleType) -> None:
        pass


sys.modules[__name__].__class__ = _Package
