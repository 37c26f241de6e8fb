"""Sources, spans and the one error type that users see.

An error knows the place it speaks of and prints as ``file:line:column: message`` with the source line, a caret and, where
one is known, a hint. Every module of this package raises these and nothing else for a fault in a program or an input.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

from rasp import limits

_LONGEST_COMPARED = 80
"""Longest name that is compared with others to find the one that was meant."""

WIDEST_SOURCE_LINE = 160
"""Longest part of a source line, in characters, that an error message quotes."""


@dataclass(frozen=True, eq=False)
class Source:
    """A text and the name that errors give it (a path, ``<stdin>``, ``<string>``, ``<library>``).

    Attributes:
        first_line: the number of the text's first line; more than 1 for a piece of a longer text.
    """

    name: str
    text: str
    first_line: int = 1

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        position = self.text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        return starts

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Line and column, both counted from 1, of a character offset."""
        line = bisect.bisect_right(self._line_starts, offset)
        return line + self.first_line - 1, offset - self._line_starts[line - 1] + 1

    def line_text(self, line: int) -> str:
        """The text of a line (counted as ``line_and_column`` does) without its line break."""
        number = line - self.first_line
        start = self._line_starts[number]
        end = self._line_starts[number + 1] - 1 if number + 1 < len(self._line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r")

    def span(self, start: int, end: int) -> Span:
        return Span(self, start, end)


@dataclass(frozen=True)
class Span:
    """A half-open range of character offsets in a source."""

    source: Source = field(repr=False)
    start: int
    end: int

    @property
    def line(self) -> int:
        return self.source.line_and_column(self.start)[0]

    @property
    def column(self) -> int:
        return self.source.line_and_column(self.start)[1]

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of the other."""
        return Span(self.source, self.start, other.end)

    def __str__(self) -> str:
        return f"{self.source.name}:{self.line}:{self.column}"


LONGEST_MESSAGE = 220
"""Longest message of one error, in characters; a program may quote values of any length in it."""


class RaspError(Exception):
    """A fault in a program or in an input, with the place it was found.

    A traceback shows all of ``report()``, as what follows the first line is the error's note.

    Args:
        message: one sentence, without a final stop.
        span: the offending text, where there is one.
        expected: what could have stood there (syntax errors).
        hint: what to change.
    """

    longest_message: ClassVar[int] = LONGEST_MESSAGE
    """Longest message and hint, in characters."""

    def __init__(self, message: str, span: Span | None = None, *, expected: Sequence[str] = (), hint: str | None = None) -> None:
        self.message = self._cut(message)
        super().__init__(self.message)
        self.span = span
        self.expected = tuple(expected)
        self.hint = None if hint is None else self._cut(hint)
        self._notes: list[str] = []
        self._own_notes = 0

    @property
    def errors(self) -> tuple[RaspError, ...]:
        """The single errors that this one stands for."""
        return (self,)

    def __str__(self) -> str:
        return self.message if self.span is None else f"{self.span}: {self.message}"

    def located(self, span: Span | None) -> RaspError:
        """This error, given a place if it has none."""
        if self.span is None:
            self.span = span
        return self

    def report(self) -> str:
        """The whole message: place, source line, caret, what was expected, hint."""
        return "\n".join([str(self), *self._details()])

    @property
    def __notes__(self) -> list[str]:  # pyright: ignore[reportIncompatibleVariableOverride]
        """What Python shows below the message: the details as they are now, and what ``add_note`` added."""
        details = "\n".join(self._details())
        self._notes[: self._own_notes] = [details] if details else []
        self._own_notes = 1 if details else 0
        return self._notes

    def _details(self) -> list[str]:
        details = [] if self.span is None else _quoted_line(self.span)
        if self.expected:
            details.append(f"  expected {_one_of(self.expected)}")
        if self.hint:
            details.append(f"  hint: {self.hint}")
        return details

    @classmethod
    def _cut(cls, text: str) -> str:
        return text if len(text) <= cls.longest_message else f"{text[: cls.longest_message - 1]}…"


class RaspSyntaxError(RaspError):
    """The text is not a program."""


class RaspNameError(RaspError):
    """A name that is unknown, reserved or private."""


class RaspTypeError(RaspError):
    """An operation on values of a kind it is not defined for."""


class RaspValueError(RaspError):
    """A value outside what an operation accepts, found while a program is elaborated."""


class RaspLoadError(RaspError):
    """A file that can't be read, or that loads itself."""


class RaspLimitError(RaspError):
    """A program or a value larger than this implementation takes on (see ``rasp.limits``)."""


class EvaluationError(RaspError):
    """The program is undefined on this input.

    Args:
        position: the first position of the sequence, counted from 0, at which it is undefined.
    """

    def __init__(self, message: str, span: Span | None = None, *, position: int | None = None, hint: str | None = None) -> None:
        super().__init__(message, span, hint=hint)
        self.position = position


class InputError(RaspError):
    """An input that is no sequence of atoms, is empty, or holds tokens of the wrong kind."""


class MissingExtraError(RaspError, ModuleNotFoundError):
    """A package that an optional part needs is not installed.

    Attributes:
        name: the package.
    """

    def __init__(self, part: str, package: str, extra: str) -> None:
        super().__init__(f"{part} needs {package}, which is not installed", hint=f'pip install "rasp-lang[{extra}]"')
        self.name = package


class RaspErrors(RaspError):
    """Several errors of one program, in the order of the text."""

    def __init__(self, errors: Iterable[RaspError]) -> None:
        self._errors = tuple(single for error in errors for single in error.errors)
        super().__init__("")
        self.message = "\n".join(str(error) for error in self._errors)

    @property
    def errors(self) -> tuple[RaspError, ...]:
        return self._errors

    def report(self) -> str:
        return "\n".join(error.report() for error in self._errors)


def raise_all(errors: Sequence[RaspError]) -> None:
    """Raise what was collected: nothing, the one error, or all of them together."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise RaspErrors(errors)


def too_many_errors(span: Span | None) -> RaspLimitError:
    """What ends a search for errors that has found very many."""
    return RaspLimitError(f"more than {limits.ERRORS} errors: the rest of the program is left aside", span)


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """A hint that names the closest known spelling, or None when nothing is close, or the names are too long to compare."""
    import difflib

    candidates = [other for other in known if len(other) <= _LONGEST_COMPARED]
    close = difflib.get_close_matches(name, candidates, n=1, cutoff=0.6) if len(name) <= _LONGEST_COMPARED else []
    return f"did you mean '{close[0]}'?" if close else None


def _one_of(choices: Sequence[str]) -> str:
    return choices[0] if len(choices) == 1 else f"{', '.join(choices[:-1])} or {choices[-1]}"


def _quoted_line(span: Span) -> list[str]:
    line, column = span.source.line_and_column(span.start)
    text = span.source.line_text(line)
    first = max(0, column - 1 - WIDEST_SOURCE_LINE // 2)
    quoted = text[first : first + WIDEST_SOURCE_LINE]
    before = "".join("\t" if character == "\t" else " " for character in quoted[: column - 1 - first])
    width = max(1, min(span.end - span.start, len(quoted) - (column - 1 - first)))
    printable = quoted.encode("utf-8", "backslashreplace").decode("utf-8")
    return [f"  {printable}", f"  {before}{'^' * width}"]
