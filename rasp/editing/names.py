"""Where a name comes from: the places of a text that bind names, and which of them a use of a name means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

import rasp
from rasp.elaborate.loading import file_source, find
from rasp.errors import RaspError, Source, Span
from rasp.syntax import ast
from rasp.syntax.parser import read

Kind: TypeAlias = Literal["variable", "function", "parameter"]

_LIBRARIES: dict[ast.Dialect, str] = {"rasp": "rasp.rasp", "rasp-l": "raspl.raspl"}
_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True)
class Binding:
    """A place that binds a name.

    Attributes:
        span: of the name.
        scope: the text in which it is known; None for all of it.
        statement: where the statement begins, above which its comment stands.
    """

    name: str
    kind: Kind
    span: Span
    scope: Span | None
    statement: Span


def word_at(text: str, offset: int) -> tuple[str, int, int] | None:
    """The name around a place of a text, or just before it, with its start and end."""
    start = offset = min(max(offset, 0), len(text))
    while start > 0 and (text[start - 1].isalnum() or text[start - 1] == "_"):
        start -= 1
    found = _WORD.match(text, start)
    return (found[0], start, found.end()) if found is not None and found.end() >= offset else None


def bindings_of(statements: tuple[ast.Statement, ...]) -> list[Binding]:
    """Every place that binds a name, in the order of the text."""
    return list(_bindings(statements, None, None))


def definition_of(name: str, offset: int, source: Source, dialect: ast.Dialect, path: Path | None = None) -> Binding | None:
    """The place that a use of a name at an offset of a text means: in it, in what it loads, or in the library."""
    statements = read(source, dialect).statements
    known = [one for one in bindings_of(statements) if one.name == name and _sees(one, offset)]
    if known:
        inner = min(known, key=_size)
        equals = [one for one in known if one.scope == inner.scope]
        before = [one for one in equals if one.span.start <= offset]
        return before[-1] if before else equals[0]
    found = (one for one in _loaded(statements, path, set()) if one.name == name and one.scope is None)
    return next(found, None) or next((one for one in library_bindings(dialect) if one.name == name and one.scope is None), None)


@cache
def library_bindings(dialect: ast.Dialect) -> tuple[Binding, ...]:
    """What the library of a language binds."""
    path = Path(rasp.__file__).parent / "library" / _LIBRARIES[dialect]
    return tuple(bindings_of(read(file_source(path), dialect).statements))


def comment_above(span: Span) -> str:
    """The comment that stands directly above a place, and its number signs left out."""
    text = span.source.text
    line = text.rfind("\n", 0, span.start) + 1
    lines = [] if text[line : span.start].strip() else text[:line].splitlines()
    comment: list[str] = []
    while lines and lines[-1].lstrip().startswith("#"):
        comment.append(lines.pop().lstrip().lstrip("#").removeprefix(" "))
    return "\n".join(reversed(comment)).strip()


def _bindings(tree: object, scope: Span | None, statement: Span | None) -> Iterator[Binding]:
    match tree:
        case tuple():
            for item in tree:
                yield from _bindings(item, scope, statement)
        case ast.Assign(targets=targets, values=values, span=span):
            yield from _bound(targets, "variable", scope, span)
            yield from _bindings(values, scope, span)
        case ast.AugmentedAssign(target=target, value=value, span=span):
            yield from _bound((target,), "variable", scope, span)
            yield from _bindings(value, scope, span)
        case ast.FunctionDef(name=name, parameters=parameters, body=body, results=results, span=span):
            yield Binding(name.name, "function", name.span, scope, span)
            yield from _bound(parameters, "parameter", span, span)
            yield from _bindings((body, results), span, span)
        case ast.PythonDef(name=name, parameters=parameters, body=body, span=span):
            yield Binding(name.name, "function", name.span, scope, span)
            for parameter in parameters:
                yield Binding(parameter.name, "parameter", parameter.span, span, span)
            yield from _bindings(body, span, span)
        case ast.For(targets=targets, iterable=iterable, body=body, span=span):
            yield from _bound(targets, "variable", scope, span)
            yield from _bindings((iterable, body), scope, span)
        case ast.ListComprehension(targets=targets, span=span) | ast.DictComprehension(targets=targets, span=span):
            yield from _bound(targets, "variable", span, statement or span)
            yield from _children(tree, scope, statement)
        case ast.Tree():
            yield from _children(tree, scope, statement or tree.span)


def _children(tree: ast.Tree, scope: Span | None, statement: Span | None) -> Iterator[Binding]:
    for field in fields(tree):
        if field.compare:
            yield from _bindings(getattr(tree, field.name), scope, statement)


def _bound(names: tuple[ast.Name, ...], kind: Kind, scope: Span | None, statement: Span) -> Iterator[Binding]:
    return (Binding(name.name, kind, name.span, scope, statement) for name in names)


def _sees(binding: Binding, offset: int) -> bool:
    return binding.scope is None or binding.scope.start <= offset <= binding.scope.end


def _size(binding: Binding) -> float:
    return float("inf") if binding.scope is None else binding.scope.end - binding.scope.start


def _loaded(statements: tuple[ast.Statement, ...], path: Path | None, seen: set[Path]) -> Iterator[Binding]:
    """What the files bind that a RASP text loads, the last one first."""
    for statement in reversed(statements):
        if isinstance(statement, ast.Load):
            try:
                file = find(statement.path, None if path is None else path.parent, statement.span)
                loaded = read(file_source(file)).statements if file.resolve() not in seen else ()
            except RaspError:
                continue
            seen.add(file.resolve())
            yield from reversed(bindings_of(loaded))
            yield from _loaded(loaded, file, seen)
