"""A program that is being written, as far as it can be understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from rasp.editing.names import Names, names_of
from rasp.editing.remarks import Remark, remarks_on
from rasp.elaborate.loading import unsaved
from rasp.errors import RaspError, Source
from rasp.module import module_of
from rasp.syntax.ast import Dialect
from rasp.syntax.parser import Reading, read


@dataclass(frozen=True, eq=False)
class Document:
    """A text, its language, and its file if it has one.

    Attributes:
        earlier: what an earlier text defined, for when this one can't be loaded.
        others: the texts of other files that are being written too; they count instead of what is on the disk.
    """

    source: Source
    dialect: Dialect
    path: Path | None = None
    earlier: dict[str, Any] | None = None
    others: Mapping[Path, Source] = field(default_factory=dict)

    @cached_property
    def reading(self) -> Reading:
        """The statements that could be read."""
        return read(self.source, self.dialect)

    @cached_property
    def names(self) -> Names:
        """What the names in these statements mean."""
        with unsaved(self.others):
            return names_of(self.reading.statements, self.dialect, self.path)

    @cached_property
    def remarks(self) -> list[Remark]:
        """What is wrong, or may be."""
        with unsaved(self.others):
            return remarks_on(self.source, self.dialect, self.path, reading=self.reading)

    @cached_property
    def values(self) -> dict[str, Any]:
        """What the text defines; of a broken RASP program all that does not fail, of a broken RASP-L one what was defined
        before."""
        if self.dialect == "rasp":
            return self._sound_part()
        try:
            with unsaved(self.others):
                return dict(module_of(self.source, self.dialect, self.path, self.reading))
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

        session = Session(self.path)
        session.scope.excuse(None)
        with unsaved(self.others):
            session.execute_all(self.reading)
        return session

    def _sound_part(self) -> dict[str, Any]:
        from rasp.elaborate.functions import to_python
        from rasp.elaborate.recursion import deep_recursion

        with deep_recursion():
            return {name: to_python(value) for name, value in self._session.defined().items()}
