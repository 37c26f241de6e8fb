"""Programs as Python objects: ``rasp.load``, ``rasp.loads`` and the module they give."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rasp.errors import RaspError, RaspNameError, Source, did_you_mean, raise_all
from rasp.syntax.ast import Dialect, Program

if TYPE_CHECKING:
    from rasp.syntax.parser import Reading

_DIALECTS: dict[str, Dialect] = {".rasp": "rasp", ".raspl": "rasp-l", ".py": "rasp-l"}


class UnknownNameError(RaspNameError, KeyError):
    """A name that a module does not define, or keeps private."""


class Module(Mapping[str, Any]):
    """What a program defines: s-ops, selectors, functions and plain values by name, in the order of their definition.

    Names that begin with ``_`` are private to the program.

    Attributes:
        program: the syntax tree.
    """

    def __init__(self, program: Program, definitions: Mapping[str, Any]) -> None:
        self.program = program
        self._definitions = dict(definitions)

    @property
    def dialect(self) -> Dialect:
        return self.program.dialect

    @property
    def source(self) -> str:
        """The program's text."""
        return self.program.source.text

    @property
    def path(self) -> str:
        """Where the program comes from, a path or ``<string>``."""
        return self.program.source.name

    def __getitem__(self, name: str) -> Any:
        """The value of a name.

        Raises:
            UnknownNameError: the program does not define it, or it is private.
        """
        if name in self:
            return self._definitions[name]
        if name in self._definitions:
            hint = "names that begin with '_' can't be used from outside"
            raise UnknownNameError(f"'{name}' is private to {self.path}", hint=hint)
        hint = did_you_mean(name, self) or f"it defines {self._listing()}"
        raise UnknownNameError(f"{self.path} defines no '{name}'", hint=hint)

    def __contains__(self, name: object) -> bool:
        return name in self._definitions and not _is_private(str(name))

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._definitions if not _is_private(name))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"<{self.dialect} module {self.path}: {self._listing()}>"

    def _repr_html_(self) -> str:
        import html

        rows = "".join(
            f"<tr><td><code>{html.escape(name)}</code></td><td>{html.escape(_kind(self[name]))}</td></tr>" for name in self
        )
        return f"<table><caption>{html.escape(self.path)} ({self.dialect})</caption>{rows}</table>"

    def _listing(self) -> str:
        return ", ".join(self) or "nothing"


def load(path: str | os.PathLike[str]) -> Module:
    """Load a program file; its dialect is that of its suffix: ``.rasp``, or ``.raspl`` and ``.py`` for RASP-L.

    Raises:
        RaspError: the file can't be read or the program is wrong; the error holds every fault that was found (``.errors``).
    """
    from rasp.elaborate.loading import file_source

    file, dialect = Path(path), dialect_of(path)
    return module_of(file_source(file), dialect, file)


def dialect_of(path: str | os.PathLike[str]) -> Dialect:
    """The dialect of a file by its suffix.

    Raises:
        RaspError: the suffix is none of theirs.
    """
    file = Path(path)
    dialect = _DIALECTS.get(file.suffix.lower())
    if dialect is None:
        known = ", ".join(_DIALECTS)
        raise RaspError(f"{file}: the suffix '{file.suffix}' belongs to no dialect", hint=f"name the file with one of {known}")
    return dialect


def loads(text: str, dialect: Dialect = "rasp") -> Module:
    """Load a program from its text.

    Raises:
        RaspError: the program is wrong; the error holds every fault that was found (``.errors``).
    """
    return module_of(Source("<string>", text), dialect, None)


def module_of(source: Source, dialect: Dialect, path: Path | None = None, reading: Reading | None = None) -> Module:
    """Load a program from a text that has a name.

    Args:
        path: its file; what it loads is looked for beside it.
        reading: what reading the text gave, if it was read before.

    Raises:
        RaspError: the program is wrong; the error holds every fault that was found (``.errors``).
    """
    from rasp.syntax.parser import read

    match dialect:
        case "rasp":
            return _rasp_module(source, reading or read(source), path)
        case "rasp-l":
            return _raspl_module(source, reading or read(source, dialect), path)
        case _:
            raise RaspError(f"there is no dialect '{dialect}'", hint="the dialects are 'rasp' and 'rasp-l'")


def _rasp_module(source: Source, reading: Reading, path: Path | None) -> Module:
    from rasp.elaborate.functions import to_python
    from rasp.elaborate.outcomes import errors_of
    from rasp.elaborate.recursion import deep_recursion
    from rasp.elaborate.scope import FollowUpError
    from rasp.elaborate.session import Session

    session = Session(path)
    if reading.errors:
        session.scope.excuse(None)
    errors = errors_of(session.execute_all(reading))
    raise_all([error for error in errors if not isinstance(error, FollowUpError)] or list(errors))
    with deep_recursion():
        values = {name: to_python(value) for name, value in session.defined().items()}
    return Module(Program("rasp", reading.statements, source), values)


def _raspl_module(source: Source, reading: Reading, path: Path | None) -> Module:
    from rasp.elaborate.raspl import load_module

    raise_all(list(reading.errors))
    program = Program("rasp-l", reading.statements, source)
    return Module(program, load_module(program, path=path))


def _is_private(name: str) -> bool:
    return name.startswith("_")


def _kind(value: Any) -> str:
    from rasp.values import Function, Selector, SOp

    match value:
        case SOp():
            return "s-op"
        case Selector():
            return "selector"
        case Function(parameters=parameters):
            return f"function ({', '.join(parameters)})"
        case _:
            text = repr(value)
            return text if len(text) <= 60 else f"{text[:57]}…"
