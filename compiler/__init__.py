"""The compiler: from an s-op to exact transformer weights for JAX.

Everything is imported when it is first used, so that the command tells what it can do before JAX is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rasp.lazy import import_when_used

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

import_when_used(
    __name__,
    {
        "ArtifactError": "compiler.errors:ArtifactError",
        "CompileError": "compiler.errors:CompileError",
        "Config": "compiler.model:Config",
        "ExportError": "compiler.errors:ExportError",
        "Inspection": "compiler.inspection:Inspection",
        "Model": "compiler.model:Model",
        "ModelInputError": "compiler.errors:ModelInputError",
        "Report": "compiler.verification.verify:Report",
        "Trace": "compiler.verification.trace:Trace",
        "TraceError": "compiler.errors:TraceError",
        "Undefined": "compiler.undefined:Undefined",
        "UndefinedError": "compiler.errors:UndefinedError",
        "VocabularyError": "compiler.errors:VocabularyError",
        "compile": "compiler.compile:compile",
        "export": "compiler.export",
        "inspect": "compiler.inspection:inspect",
        "load": "compiler.artifact:load",
        "trace": "compiler.verification.trace:trace",
        "verify": "compiler.verification.verify:verify",
    },
    part="the compiler",
    extra="compiler",
)
