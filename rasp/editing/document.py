"""A program that is being written, as far as it can be understood."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from rasp.editing.remarks import Remark, remarks_on
from rasp.errors import RaspError, Source
from rasp.module import module_of
from rasp.syntax.ast import Dialect


@dataclass(frozen=True, eq=False)
class Document:
    """A text, its language, and its file if it has one.

    Attributes:
        earlier: what an earlier text defined, for when this one can't be loaded.
    """

    source: Source
    dialect: Dialect
    path: Path | None = None
    earlier: dict[str, Any] | None = None

    @cached_property
    def remarks(self) -> list[Remark]:
        """What is wrong, or may be."""
        return remarks_on(self.source, self.dialect, self.path)

    @cached_property
    def values(self) -> dict[str, Any]:
        """What the text defines; of a broken RASP program all that does not fail, of a broken RASP-L one what was defined
        before."""
        if self.dialect == "rasp":
            return self._sound_part()
        try:
            return dict(module_of(self.source, self.dialect, self.path))
        except RaspError:
            return dict(self.earlier or {})

    @cached_property
    def example(self) -> Any:
        """The input that values are shown on: RASP's running example, which a program can set."""
        return self._session.settings.sop_example if self.dialect == "rasp" else [3, 1, 4, 1, 5]

    @cached_property
    def library(self) -> dict[str, Any]:
        """What every program sees."""
        if self.dialect == "rasp":
            from rasp.elaborate.functions import to_python
            from rasp.elaborate.library import base_scope

            return {name: to_python(value) for name, value in base_scope().variables.items() if name != "out"}
        from rasp.elaborate.raspl import library

        return dict(library().names)

    @cached_property
    def _session(self) -> Any:
        from rasp.elaborate.session import Session
        from rasp.syntax.parser import read

        session = Session(self.path)
        session.scope.excuse(None)
        session.execute_all(read(self.source))
        return session

    def _sound_part(self) -> dict[str, Any]:
        from rasp.elaborate.functions import to_python
        from rasp.elaborate.recursion import deep_recursion

        with deep_recursion():
            return {name: to_python(value) for name, value in self._session.defined().items()}
