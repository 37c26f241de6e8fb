"""The compiler: from an s-op to exact transformer weights for JAX."""

try:
    import equinox as _equinox  # noqa: F401
    import jax as _jax  # noqa: F401
except ModuleNotFoundError as missing:
    raise ModuleNotFoundError(
        f'the compiler needs {missing.name}: pip install "rasp-lang[compiler]"', name=missing.name
    ) from None

from compiler import export
from compiler.artifact import load
from compiler.compile import compile
from compiler.errors import ArtifactError, CompileError, ExportError, ModelInputError, TraceError, UndefinedError, VocabularyError
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
