"""RASP-L modules: programs to the values of their names."""

from __future__ import annotations

import functools
import pkgutil
from pathlib import Path

from rasp.elaborate import raspl_core, raspl_python
from rasp.elaborate.raspl_functions import RaspLFunction
from rasp.elaborate.raspl_statements import run_module
from rasp.elaborate.raspl_values import Frame, Run, Scope, Value
from rasp.elaborate.recursion import deep_recursion
from rasp.syntax import ast
from rasp.syntax.parser import parse

LIBRARY_NAME = "<library>"


def load_module(program: ast.Program, *, path: Path | None = None) -> dict[str, Value]:
    """The values of a program's names: functions (``RaspLFunction``) and constants.

    Nothing in the body of a function is checked before the function is used.

    Args:
        path: the program's file; imports are looked for beside it, or in the working directory without one.

    Raises:
        RaspError: a statement outside the functions can't be executed; the error has its place.
    """
    file = None if path is None else path.resolve()
    name = Path(program.source.name).stem if file is None else file.stem
    scope = Scope({"__name__": name}, library(), path=file)
    with deep_recursion():
        run_module(program, Frame(scope, Run(loading=() if file is None else (file,))))
    return {name: value for name, value in scope.names.items() if name != "__name__"}


@functools.cache
def library() -> Scope:
    """The scope of the core and the library, which every program sees."""
    text = (pkgutil.get_data("rasp.library", "raspl.raspl") or b"").decode()
    outside = Scope({host.name: host for host in raspl_python.HOSTS} | _by_name(raspl_python.FUNCTIONS))
    scope = Scope(_by_name(raspl_core.FUNCTIONS), outside, library=True)
    run_module(parse(text, "rasp-l", name=LIBRARY_NAME), Frame(scope, Run()))
    return scope


def _by_name(functions: tuple[RaspLFunction, ...]) -> dict[str, Value]:
    return {function.name: function for function in functions}


__all__ = ["RaspLFunction", "library", "load_module"]
