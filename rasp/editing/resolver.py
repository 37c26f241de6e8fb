"""Finds out what each name of a program means, by going through it as elaboration does, without values.

Statements run in order. What a function does is looked at where it is first used, as it then sees the names around it; that of
one which is never used, as they are in the end. Of the branches of an ``if`` neither sees the other; of a loop the first round
is looked at.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import TypeAlias, get_args

import rasp
from rasp.editing.scopes import Binding, Scope, View
from rasp.elaborate import loading, raspl_core, raspl_python
from rasp.elaborate.raspl_imports import EVERYTHING, file_of, is_host, is_library
from rasp.elaborate.scope import RESERVED
from rasp.errors import RaspError, Span
from rasp.graph.nodes import InputName
from rasp.syntax import ast
from rasp.syntax.words import CONSTANTS

Function: TypeAlias = ast.FunctionDef | ast.PythonDef | ast.Lambda

_BRACKETS = re.compile(r"([\s(]|#[^\r\n]*)*")
_LIBRARIES: dict[ast.Dialect, str] = {"rasp": "rasp.rasp", "rasp-l": "raspl.raspl"}
_CORE = (*raspl_core.FUNCTIONS, *raspl_python.FUNCTIONS, *raspl_python.HOSTS)

BUILTINS: dict[ast.Dialect, frozenset[str]] = {
    "rasp": frozenset({*CONSTANTS, *get_args(InputName), "tokens", "out"}),
    "rasp-l": frozenset({*CONSTANTS, "None", "__name__", *(known.name for known in _CORE)}),
}
"""Names that mean something and that no text binds."""


@dataclass(frozen=True)
class Occurrence:
    """A name in a text.

    Attributes:
        binding: what it means; None for a builtin, and for what is unknown.
    """

    name: str
    span: Span
    binding: Binding | None


class Files:
    """What the files bind that a program loads, each looked at once.

    Args:
        program: the file of the program itself.

    Attributes:
        found: the files.
        complete: whether there was one for all that is loaded.
    """

    def __init__(self, program: Path | None) -> None:
        self.found: set[Path] = set()
        self.complete = True
        self._names: dict[Path, dict[str, Binding]] = {} if program is None else {program.resolve(): {}}

    def loaded(self, statement: ast.Load, loader: Path | None) -> dict[str, Binding]:
        """What ``load`` binds."""
        try:
            file = loading.find(statement.path, None if loader is None else loader.parent, statement.span)
        except RaspError:
            self.complete = False
            return {}
        return _public(self._names_in(file, "rasp"))

    def imported(self, statement: ast.Import, importer: Path | None) -> dict[str, Binding]:
        """What can be imported from a file of RASP-L; nothing if the import means no file."""
        file = file_of(statement, importer)
        if file is None:
            self.complete = self.complete and is_host(statement)
            return {}
        names = self._names_in(file, "rasp-l")
        return _public(names) if statement.names == EVERYTHING else names

    def _names_in(self, file: Path, dialect: ast.Dialect) -> dict[str, Binding]:
        """What a file binds in the end; nothing if it can't be read, or loads itself."""
        resolved = file.resolve()
        if resolved not in self._names:
            self.found.add(resolved)
            self._names[resolved] = {}
            try:
                reading = loading.read_file(file, dialect=dialect)
            except RaspError:
                return {}
            resolver = Resolver(dialect, file, self)
            resolver.run_file(reading.statements)
            self._names[resolved] = resolver.scope.last()
        return self._names[resolved]


def _public(names: dict[str, Binding]) -> dict[str, Binding]:
    return {name: binding for name, binding in names.items() if not name.startswith("_")}


@cache
def library(dialect: ast.Dialect) -> Scope:
    """What the library of a language binds."""
    path = Path(rasp.__file__).parent / "library" / _LIBRARIES[dialect]
    resolver = Resolver(dialect, path, Files(path), Scope(None))
    with loading.unsaved({}):
        resolver.run_file(loading.read_file(path, dialect=dialect).statements)
    return resolver.scope


def _file_scope(dialect: ast.Dialect) -> Scope:
    """The scope of a file; in RASP it can't bind the library's names."""
    known = library(dialect)
    closed = RESERVED | BUILTINS[dialect] | known.made.keys() if dialect == "rasp" else frozenset[str]()
    return Scope(View(known), closed=closed - {"tokens"})


def _parameters(body: Function) -> tuple[Binding, ...]:
    match body:
        case ast.FunctionDef(parameters=parameters):
            places = [(parameter.name, parameter.span) for parameter in parameters]
        case ast.PythonDef(parameters=parameters):
            places = [(parameter.name, _name_of(parameter)) for parameter in parameters]
        case ast.Lambda(parameters=names, places=spans):
            places = list(zip(names, spans, strict=True))
    return tuple(Binding(name, "parameter", span, body.span, body.span) for name, span in places)


def _name_of(parameter: ast.Parameter) -> Span:
    """Its name is what follows the stars, or what a type and a default follow."""
    span, width = parameter.span, len(parameter.name)
    start = span.end - width if parameter.stars else span.start
    return span.source.span(start, start + width)


def place_of(name: ast.Name) -> Span:
    """Where a name stands, without the brackets around it."""
    before = _BRACKETS.match(name.span.source.text, name.span.start) if name.parenthesized else None
    return _first(name.span if before is None else name.span.source.span(before.end(), name.span.end), name.name)


def _first(span: Span, name: str) -> Span:
    """The name that a span begins with."""
    return span.source.span(span.start, span.start + len(name))


class Resolver:
    """Goes through one file.

    Attributes:
        scope: the file's own.
        occurrences: what was found, by the place of each name.
        bindings: all that the file binds, as it was met.
    """

    def __init__(self, dialect: ast.Dialect, path: Path | None, files: Files, scope: Scope | None = None) -> None:
        self._dialect: ast.Dialect = dialect
        self._path = path
        self._files = files
        self.scope = self._scope = scope or _file_scope(dialect)
        self.occurrences: dict[int, Occurrence] = {}
        self.bindings: list[Binding] = []
        self._moment = 0
        self._hidden: tuple[range, ...] = ()
        self._bodies: dict[Binding, Function] = {}
        self._waiting: deque[tuple[Function, tuple[Binding, ...], View]] = deque()
        self._unknown: list[tuple[Occurrence, View]] = []

    def run(self, statements: tuple[ast.Statement, ...]) -> None:
        """Look at a file, and at all that its functions do."""
        self.run_file(statements, self._run_bodies)
        self._leave()
        self._run_bodies()
        for one, view in self._unknown:
            self._note(one.name, one.span, view.find_later(one.name))

    def run_file(self, statements: tuple[ast.Statement, ...], after_each: Callable[[], None] = lambda: None) -> None:
        """Look at the statements of a file, but not into its functions."""
        for statement in statements:
            self._visit(statement)
            after_each()

    def _visit(self, tree: object) -> None:
        match tree:
            case tuple():
                for item in tree:
                    self._visit(item)
            case ast.Name(name=name):
                self._use(name, place_of(tree))
            case ast.Assign():
                self._assign(tree)
            case ast.AugmentedAssign(target=target, value=value, span=span):
                self._visit((target, value))
                read = self.occurrences[target.span.start]
                self._bind_variables((target,), span)
                if read.binding is not None:
                    self._note(target.name, target.span, read.binding)
            case ast.FunctionDef() | ast.PythonDef():
                self._define(tree)
            case ast.For(targets=targets, iterable=iterable, body=body, span=span):
                self._visit(iterable)
                self._bind_variables(targets, span)
                self._visit(body)
            case ast.If():
                self._branch(tree)
            case ast.ListComprehension(value=value) | ast.DictComprehension(key=value):
                self._comprehend(tree, value.span)
            case ast.Lambda():
                self._waiting.append((tree, _parameters(tree), self._view()))
            case ast.Call():
                self._visit((tree.function, tree.arguments, tuple(keyword.value for keyword in tree.keywords)))
                self._name_arguments(tree)
            case ast.Load():
                self._bring(self._files.loaded(tree, self._path))
            case ast.Import():
                self._import(tree)
            case ast.Tree():
                self._visit(tuple(getattr(tree, field.name) for field in fields(tree) if field.compare))

    # Uses

    def _view(self) -> View:
        return View(self._scope, self._moment, self._hidden)

    def _use(self, name: str, span: Span) -> None:
        view = self._view()
        binding, seen = view.find(name) or (None, view)
        self._note(name, span, binding)
        if binding is not None:
            self._look_into(binding, seen)
        elif self._scope is not self.scope and name not in BUILTINS[self._dialect]:
            self._unknown.append((self.occurrences[span.start], view))

    def _note(self, name: str, span: Span, binding: Binding | None) -> None:
        self.occurrences[span.start] = Occurrence(name, span, binding)

    def _name_arguments(self, call: ast.Call) -> None:
        """The names of keyword arguments are parameters of the function, where it is known."""
        callee = self.occurrences[place_of(call.function).start] if isinstance(call.function, ast.Name) else None
        known = callee.binding.parameters if callee is not None and callee.binding is not None else ()
        for keyword in call.keywords:
            parameter = next((one for one in known if one.name == keyword.name), None)
            if parameter is not None:
                self._note(keyword.name, _first(keyword.span, keyword.name), parameter)

    # Bindings

    def _bind(self, binding: Binding) -> Binding:
        self._moment += 1
        if self._scope.bind(binding.name, binding, self._moment):
            self.bindings.append(binding)
            self._note(binding.name, binding.span, binding)
        else:
            self._use(binding.name, binding.span)
        return binding

    def _bind_variables(self, names: tuple[ast.Name, ...], statement: Span) -> None:
        for name in names:
            self._bind(Binding(name.name, "variable", name.span, self._scope.text, statement))

    def _bring(self, names: dict[str, Binding]) -> None:
        """Bind what other files have bound."""
        self._moment += 1
        for name, binding in names.items():
            self._scope.bind(name, binding, self._moment)

    def _assign(self, statement: ast.Assign) -> None:
        match statement:
            case ast.Assign(targets=(name,), values=(ast.Lambda() as function,), span=span):
                self._bind_function(name, function, span)
            case ast.Assign(targets=targets, values=values, span=span):
                self._visit(values)
                self._bind_variables(targets, span)

    def _define(self, tree: ast.FunctionDef | ast.PythonDef) -> None:
        if isinstance(tree, ast.PythonDef):
            self._visit(tuple(parameter.default for parameter in tree.parameters))
        self._bind_function(tree.name, tree, tree.span)

    def _bind_function(self, name: ast.Name, body: Function, statement: Span) -> None:
        parameters = _parameters(body)
        binding = self._bind(Binding(name.name, "function", name.span, self._scope.text, statement, parameters))
        self._bodies[binding] = body
        self._scope.functions.append(binding)

    def _import(self, statement: ast.Import) -> None:
        if is_library(statement):
            known = {} if statement.names == EVERYTHING else library(self._dialect).last()
        else:
            known = self._files.imported(statement, self._path)
        if statement.names == EVERYTHING:
            self._bring(known)
            return
        whole = statement.alias or statement.module.partition(".")[0]
        for (name, bound), (there, here) in zip(statement.names or (("", whole),), statement.places, strict=True):
            if name in known:
                self._note(name, there, known[name])
                self._note(bound, here, known[name])
                self._bring({bound: known[name]})
            else:
                self._bind(Binding(bound, "import", _first(here, bound), self._scope.text, statement.span))

    # Scopes

    def _branch(self, statement: ast.If) -> None:
        self._visit(statement.condition)
        before, hidden = self._moment, self._hidden
        self._visit(statement.then)
        self._hidden = (*hidden, range(before + 1, self._moment + 1))
        self._visit(statement.otherwise)
        self._hidden = hidden

    def _comprehend(self, tree: ast.ListComprehension | ast.DictComprehension, first: Span) -> None:
        self._visit(tree.iterable)
        with self._inside(Scope(self._view(), first.to(tree.targets[-1].span))):
            self._bind_variables(tree.targets, tree.span)
            self._visit((tree.key, tree.value) if isinstance(tree, ast.DictComprehension) else tree.value)

    def _look_into(self, function: Binding, view: View) -> None:
        """Have what a function does looked at, with the names around it as they are seen here; only the first time counts."""
        body = self._bodies.pop(function, None)
        if body is not None:
            self._waiting.append((body, function.parameters, view))

    def _run_bodies(self) -> None:
        """Look at what the functions do that were used."""
        while self._waiting:
            body, parameters, view = self._waiting.popleft()
            with self._inside(Scope(view, body.span)):
                for parameter in parameters:
                    self._bind(parameter)
                self._visit(body.body)
                if isinstance(body, ast.FunctionDef):
                    self._visit(body.results)
                self._leave()

    def _leave(self) -> None:
        """Nothing has used the functions that are still there."""
        for function in self._scope.functions:
            self._look_into(function, self._view())

    @contextmanager
    def _inside(self, scope: Scope) -> Iterator[None]:
        before = self._scope, self._hidden
        self._scope, self._hidden = scope, ()
        try:
            yield
        finally:
            self._scope, self._hidden = before
