"""A console: lines go in, what they do is printed, errors do not end it."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from rasp.elaborate.loading import in_order
from rasp.elaborate.outcomes import (
    Applied,
    Assigned,
    Drawing,
    Evaluated,
    ExamplesShown,
    Exited,
    Loaded,
    Outcome,
    Silent,
)
from rasp.elaborate.recursion import deep_recursion
from rasp.elaborate.session import Session
from rasp.errors import InputError, RaspError
from rasp.repl.display import Display
from rasp.repl.drawings import draw_lines
from rasp.repl.frames import error_lines
from rasp.repl.help import help_lines, help_topic
from rasp.repl.loads import load_lines
from rasp.repl.paint import Paint
from rasp.repl.reader import Reader
from rasp.syntax import ast
from rasp.syntax.parser import Reading


class Console:
    """The state of a REPL.

    Args:
        write: takes the text to print, line breaks included.
        name: what errors call the text that is entered.

    Attributes:
        failed: whether anything went wrong so far.
        is_over: whether ``exit`` or ``quit`` was entered.
    """

    def __init__(self, write: Callable[[str], object], *, colours: bool = False, name: str = "<stdin>") -> None:
        self.session = Session()
        self.reader = Reader(name)
        self.paint = Paint(colours)
        self.failed = False
        self.is_over = False
        self._write = write

    def welcome(self) -> None:
        example = self.paint.value(str(self.session.settings.sop_example))
        self._print([self.paint.general("RASP 0.1"), f"{self.paint.general('running example is:')} {example}"])

    def enter(self, line: str) -> None:
        """Take a line with its line break, and execute what it completes."""
        topic = help_topic(line) if self.reader.is_empty else None
        if topic is not None and "help" not in self.session.names():
            self.reader.skip()
            self._print(help_lines(topic, self.session.scope, self.paint))
            return
        try:
            line.encode("utf-8")
        except UnicodeEncodeError as error:
            self.reader.skip()
            self._fail(InputError(f"this line is no UTF-8 text (character {error.start + 1})"))
            return
        self._execute(self.reader.add(line))

    def finish(self) -> None:
        """Execute, or report, what the end of the input left incomplete."""
        self._execute(self.reader.rest())

    def _execute(self, reading: Reading | None) -> None:
        for item in () if reading is None else in_order(reading):
            if self.is_over:
                return
            match item:
                case RaspError():
                    self._fail(item)
                case _:
                    self._execute_statement(item)

    def _execute_statement(self, statement: ast.Statement) -> None:
        try:
            outcome = self.session.execute(statement)
            with deep_recursion():
                for drawing in self.session.drawings:
                    self._print(self._lines(drawing))
                self._print(self._lines(outcome))
        except RaspError as error:
            self._fail(error.located(statement.span))
            return
        self.is_over = isinstance(outcome, Exited)
        self.failed = self.failed or (isinstance(outcome, Loaded) and bool(outcome.errors))

    def _lines(self, outcome: Outcome) -> list[str]:
        display = Display(self.session.settings, self.paint)
        match outcome:
            case Assigned(bindings=bindings):
                return [line for binding in bindings for line in display.binding(binding.name, binding.value)]
            case Evaluated(name=name, value=value):
                return display.expression(name, value)
            case Applied(result=result):
                return display.result(result)
            case Drawing():
                return [*draw_lines(outcome, self.session.defined(), self.paint), *display.result(outcome.result)]
            case ExamplesShown(subset=subset):
                return display.examples(subset)
            case Loaded():
                return load_lines(outcome, display)
            case Silent() | Exited():
                return []
            case _:
                assert_never(outcome)

    def _fail(self, error: RaspError) -> None:
        self.failed = True
        self._print(error_lines(error, self.paint))

    def _print(self, lines: list[str]) -> None:
        if lines:
            self._write("\n".join(lines) + "\n")
