"""A console: statements are executed one at a time and see what the earlier ones defined."""

from __future__ import annotations

from pathlib import Path

from rasp.elaborate.kinds import Value
from rasp.elaborate.library import base_scope, library_names
from rasp.elaborate.loading import Reading
from rasp.elaborate.outcomes import Drawing, Outcome
from rasp.elaborate.recursion import deep_recursion
from rasp.elaborate.run import Run, Settings
from rasp.elaborate.scope import Scope
from rasp.elaborate.statements import execute_all, execute_item
from rasp.errors import RaspError
from rasp.syntax import ast


class Session:
    """The state of a console.

    Args:
        file: the program file that the statements come from, if they do: ``load`` looks beside it first.

    Attributes:
        settings: the running examples and the display switches.
        drawings: what functions and loops of the last statement asked to draw.
    """

    def __init__(self, file: Path | None = None) -> None:
        folder = None if file is None else file.parent
        name = "console" if file is None else file.stem
        self.scope = Scope(name, base_scope(), protected=library_names(), folder=folder)
        self.settings = Settings()
        self.drawings: tuple[Drawing, ...] = ()
        self._loading = () if file is None else (file.resolve(),)

    def execute(self, statement: ast.Statement) -> Outcome:
        """Execute one statement or command.

        Returns:
            What it did. A ``Loaded`` outcome has failed if it has ``errors``.

        Raises:
            RaspError: the statement failed; the session can go on.
        """
        run = Run(self.settings, loading=self._loading)
        try:
            with deep_recursion():
                return execute_item(statement, self.scope, run)
        finally:
            self._take_over(run)

    def execute_all(self, reading: Reading) -> tuple[Outcome | RaspError, ...]:
        """Execute the items of a text in order, past those that fail, within the limits of one program."""
        run = Run(self.settings, loading=self._loading)
        try:
            with deep_recursion():
                return execute_all(reading, self.scope, run)
        finally:
            self._take_over(run)

    def defined(self) -> dict[str, Value]:
        """The variables of the program, without ``out``."""
        return {name: value for name, value in self.scope.variables.items() if name != "out"}

    def names(self) -> list[str]:
        """All names that an expression can use now, sorted."""
        return sorted(self.scope.names())

    def _take_over(self, run: Run) -> None:
        self.settings = run.settings
        self.drawings = tuple(run.drawings)
