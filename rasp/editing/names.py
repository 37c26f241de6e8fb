"""The names of a program, each with what it means."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

from rasp.editing.resolver import Files, Occurrence, Resolver
from rasp.editing.scopes import Binding
from rasp.elaborate.recursion import deep_recursion
from rasp.errors import Span
from rasp.syntax import ast

_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True)
class Names:
    """What the names of a text mean.

    Attributes:
        occurrences: every name that stands for something, in the order of the text.
        bindings: every place that binds a name, in the order of the text.
        files: the files that were loaded for this, and those that they load.
        complete: whether there was a file for all that is loaded.
    """

    occurrences: tuple[Occurrence, ...]
    bindings: tuple[Binding, ...]
    files: frozenset[Path]
    complete: bool

    def at(self, offset: int) -> Occurrence | None:
        """The name around a place, or just before it."""
        place = bisect_right(self.occurrences, offset, key=lambda one: one.span.start) - 1
        found = self.occurrences[place] if place >= 0 else None
        return found if found is not None and offset <= found.span.end else None

    def of(self, binding: Binding) -> list[Occurrence]:
        """Where the variable occurs that something binds, wherever else it is bound."""
        return [one for one in self.occurrences if one.binding is not None and _variable(one.binding) == _variable(binding)]

    def outline(self) -> list[Binding]:
        """The first binding of each name that the whole file knows; what is imported has none here."""
        first: dict[str, Binding] = {}
        for one in self.bindings:
            if one.scope is None and one.kind != "import":
                first.setdefault(one.name, one)
        return list(first.values())

    def local_at(self, offset: int) -> list[Binding]:
        """What is bound around a place and not in the whole file."""
        scopes = ((one, one.scope) for one in self.bindings)
        return [one for one, scope in scopes if scope is not None and scope.start <= offset <= scope.end]


def names_of(statements: tuple[ast.Statement, ...], dialect: ast.Dialect, path: Path | None = None) -> Names:
    """What the names of a program mean.

    Args:
        path: its file; what it loads is looked for beside it.
    """
    files = Files(path)
    resolver = Resolver(dialect, path, files)
    with deep_recursion():
        resolver.run(statements)
    occurrences = sorted(resolver.occurrences.values(), key=lambda one: one.span.start)
    bindings = sorted(resolver.bindings, key=lambda one: one.span.start)
    return Names(tuple(occurrences), tuple(bindings), frozenset(files.found), files.complete)


def word_at(text: str, offset: int) -> tuple[str, int, int] | None:
    """The word around a place of a text, or just before it, with its start and end."""
    start = offset = min(max(offset, 0), len(text))
    while start > 0 and (text[start - 1].isalnum() or text[start - 1] == "_"):
        start -= 1
    found = _WORD.match(text, start)
    return (found[0], start, found.end()) if found is not None and found.end() >= offset else None


def comment_above(span: Span) -> str:
    """The comment that stands directly above a place, and its number signs left out."""
    text = span.source.text
    line = text.rfind("\n", 0, span.start) + 1
    lines = [] if text[line : span.start].strip() else text[:line].splitlines()
    comment: list[str] = []
    while lines and lines[-1].lstrip().startswith("#"):
        comment.append(lines.pop().lstrip().lstrip("#").removeprefix(" "))
    return "\n".join(reversed(comment)).strip()


def _variable(binding: Binding) -> tuple[str, Span | None, str]:
    return binding.name, binding.scope, binding.span.source.name
