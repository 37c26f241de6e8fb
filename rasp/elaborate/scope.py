"""Where names live: one table of variables for the console, each loaded file, each call and each step of a comprehension."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from rasp.elaborate.kinds import Value
from rasp.errors import RaspNameError, Span, did_you_mean
from rasp.values import Selector, SOp

RESERVED = frozenset(
    {"if", "else", "not", "and", "or", "out", "def", "return", "range", "for", "in", "zip", "len", "True", "False", "indices"}
    | {"tokens_asis", "tokens_str", "tokens_int", "tokens_bool", "tokens_float"}
)
"""Names that no scope may bind."""


class FollowUpError(RaspNameError):
    """A name is unknown only because the statement that would have defined it failed."""


@dataclass(eq=False)
class Scope:
    """A table of variables and the table to look in next.

    Attributes:
        name: what a function display calls the place (``console``, a load path; one ``'`` for each function around it).
        protected: further names that can't be bound here (the library's, in the console).
        exported_to: the scope that also gets what is bound here, unless it is private: the loader of a file.
        folder: where the file that this scope belongs to lies; None where it is not a file's own scope.
        failed: names that failed statements would have bound; None once that can be any name.
    """

    name: str
    parent: Scope | None = None
    variables: dict[str, Value] = field(default_factory=dict)
    protected: frozenset[str] = frozenset()
    exported_to: Scope | None = None
    folder: Path | None = None
    failed: set[str] | None = field(default_factory=set)

    def nested(self) -> Scope:
        """The scope of a call or of one step of a comprehension."""
        return Scope(self.name + "'", self)

    def lookup(self, name: str, span: Span | None) -> Value:
        """The value of a name.

        Raises:
            RaspNameError: it has none; a FollowUpError if an error that was reported before is to blame.
        """
        for scope in self.chain():
            if name in scope.variables:
                return scope.variables[name]
        error = FollowUpError if self._has_failed(name) else RaspNameError
        raise error(f"Undefined variable: {name}", span, hint=did_you_mean(name, self.names()))

    def bind(self, name: str, value: Value, span: Span | None) -> None:
        """Give a name a value here, and in the scope this one exports to.

        Raises:
            RaspNameError: the name is reserved.
        """
        if name in RESERVED or name in self.protected:
            raise RaspNameError(f"Cannot set reserved name: {name}", span, hint="choose another name")
        self.variables[name] = value
        if self.failed:
            self.failed.discard(name)
        if self.exported_to is not None and not name.startswith("_"):
            self.exported_to.bind(name, value, span)

    def excuse(self, names: Iterable[str] | None) -> None:
        """Note that the statement that would have bound these names (None: nobody knows which) failed."""
        if names is None:
            self.failed = None
        elif self.failed is not None:
            self.failed.update(name for name in names if name not in self.variables)

    def chain(self) -> Iterator[Scope]:
        """This scope and those around it, innermost first."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def names(self) -> set[str]:
        """All names that can be looked up here."""
        return {name for scope in self.chain() for name in scope.variables}

    def nearest_folder(self) -> Path | None:
        return next((scope.folder for scope in self.chain() if scope.folder is not None), None)

    def _has_failed(self, name: str) -> bool:
        return any(scope.failed is None or name in scope.failed for scope in self.chain())


def named(value: Value, name: str) -> Value:
    """A value as a variable holds it: an s-op or a selector is shown by the variable's name, other holders keep theirs."""
    match value:
        case SOp() | Selector():
            return replace(value, name=name, label=name)
        case _:
            return value
