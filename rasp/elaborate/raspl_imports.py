"""RASP-L's imports: the library is always there, Python's modules are opaque, anything else is a file beside the importer."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from rasp.elaborate.loading import file_source
from rasp.elaborate.raspl_values import Frame, Host, Scope, Value
from rasp.errors import RaspLoadError, RaspNameError, Span, did_you_mean
from rasp.syntax import ast
from rasp.syntax.parser import parse

ModuleRunner: TypeAlias = Callable[[ast.Program, Frame], None]

_LIBRARY = frozenset({(0, "np_rasp"), (0, "np_rasp.core"), (0, "np_rasp.lib"), (1, "core"), (1, "lib")})
"""Modules that stand for the core and the library, as published programs import them: (leading dots, name)."""

EVERYTHING = (("*", "*"),)
"""The names of ``from module import *``."""

_SUFFIXES = (".raspl", ".py")


def bind_import(statement: ast.Import, frame: Frame, run_module: ModuleRunner) -> None:
    """Bind what an import brings.

    Raises:
        RaspLoadError: there is no such file, it can't be read, or it imports itself.
        RaspNameError: the module has no such name.
    """
    found = _module(statement, frame, run_module)
    for name, value in _bindings(statement, found, frame.at(statement.span)).items():
        frame.scope.names[name] = value


def read_program(path: Path, span: Span | None = None) -> ast.Program:
    """Parse a file.

    Raises:
        RaspLoadError: it can't be read, or is no text.
        RaspError: it is no program.
    """
    source = file_source(path, span)
    return parse(source.text, "rasp-l", name=source.name)


def is_library(statement: ast.Import) -> bool:
    """Whether an import means the core and the library."""
    return (statement.level, statement.module) in _LIBRARY


def is_host(statement: ast.Import) -> bool:
    """Whether an import that means no file means a module of Python's or NumPy."""
    top = statement.module.partition(".")[0]
    return statement.level == 0 and (top == "numpy" or top in sys.stdlib_module_names)


def file_of(statement: ast.Import, importer: Path | None) -> Path | None:
    """The file that an import means, if there is one.

    Args:
        importer: the file that the import stands in; without one, files are looked for in the working directory.
    """
    folder = Path.cwd() if importer is None else importer.parent
    for _ in range(statement.level - 1):
        folder = folder.parent
    base = folder.joinpath(*statement.module.split("."))
    candidates = [base.with_name(base.name + suffix) for suffix in _SUFFIXES] if statement.module else []
    return next((path.resolve() for path in candidates if path.is_file()), None)


def _module(statement: ast.Import, frame: Frame, run_module: ModuleRunner) -> dict[str, Value] | Host:
    if is_library(statement):
        return {} if statement.names == EVERYTHING else _library(frame).names
    importer = next((scope.path for scope in frame.scope.chain() if scope.path is not None), None)
    path = file_of(statement, importer)
    if path is not None:
        return _loaded(path, statement, frame, run_module)
    if is_host(statement):
        return Host(statement.module)
    hint = f"a module is a file '{statement.module or 'name'}.raspl' or '.py' in the folder of the importing file"
    raise RaspLoadError(f"there is no module '{'.' * statement.level}{statement.module}'", frame.at(statement.span), hint=hint)


def _library(frame: Frame) -> Scope:
    return next(scope for scope in frame.scope.chain() if scope.library)


def _loaded(path: Path, statement: ast.Import, frame: Frame, run_module: ModuleRunner) -> dict[str, Value]:
    run = frame.run
    if path in run.loading:
        raise RaspLoadError(f"'{path.name}' imports itself", frame.at(statement.span), hint="break the cycle of imports")
    if path not in run.modules:
        program = read_program(path, frame.at(statement.span))
        scope = Scope({"__name__": path.stem}, _library(frame), path=path)
        before, run.loading = run.loading, (*run.loading, path)
        run_module(program, replace(frame, scope=scope))
        run.loading = before
        run.modules[path] = scope.names
    return run.modules[path]


def _bindings(statement: ast.Import, found: dict[str, Value] | Host, span: Span) -> dict[str, Value]:
    """The names bound here. ``import module`` of a file is not RASP-L: its functions are called without a prefix."""
    match found, statement.names:
        case Host(name=name), ():
            return {statement.alias or name.partition(".")[0]: found}
        case Host(), (("*", _),):
            return {}
        case Host(name=module), names:
            return {bound: Host(f"{module}.{name}") for name, bound in names}
        case dict(), ():
            hint = f"write 'from {statement.module} import *', or name what you need"
            raise RaspLoadError(f"'{statement.module}' is imported as a whole", span, hint=hint)
        case dict(), (("*", _),):
            return {name: value for name, value in found.items() if not name.startswith("_")}
        case _:
            return {bound: _exported(statement.module, name, found, span) for name, bound in statement.names}


def _exported(module: str, name: str, found: dict[str, Value], span: Span) -> Value:
    if name not in found:
        raise RaspNameError(f"'{module}' has no '{name}'", span, hint=did_you_mean(name, found))
    return found[name]
