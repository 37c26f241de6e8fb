"""What a name means is what it meant when the program was executed, the first time that it was looked up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rasp.editing.names import names_of
from rasp.elaborate.outcomes import errors_of
from rasp.elaborate.scope import Scope
from rasp.elaborate.session import Session
from rasp.errors import Source, Span
from rasp.syntax.parser import read

FILES = sorted((Path(__file__).parents[3] / "examples").rglob("*.rasp"))


@contextmanager
def watched(source: Source) -> Iterator[dict[int, Span | None]]:
    """Where the value comes from that a name of a text has, by the place of the name; None for what no statement bound."""
    origins: dict[tuple[int, str], Span | None] = {}
    scopes: list[Scope] = []  # kept, so that no other gets the number of one that is gone
    met: dict[int, Span | None] = {}
    bind, lookup = Scope.bind, Scope.lookup

    def watched_bind(scope: Scope, name: str, value: Any, span: Span | None) -> None:
        bind(scope, name, value, span)
        scopes.append(scope)
        origins[id(scope), name] = span

    def watched_lookup(scope: Scope, name: str, span: Span | None) -> Any:
        value = lookup(scope, name, span)
        holder = next(one for one in scope.chain() if name in one.variables)
        if span is not None and span.source is source:
            met.setdefault(span.start, origins.get((id(holder), name)))
        return value

    with mock.patch.object(Scope, "bind", watched_bind), mock.patch.object(Scope, "lookup", watched_lookup):
        yield met


def check(text: str, path: Path | None = None) -> bool:
    """Compare, if the program runs without an error."""
    source = Source("p" if path is None else str(path), text)
    reading = read(source)
    with watched(source) as met:
        errors = errors_of(Session(path).execute_all(reading))
    if errors or reading.errors:
        return False
    names = names_of(reading.statements, "rasp", path)
    for place, origin in met.items():
        found = names.at(place)
        assert found is not None
        binding = found.binding if found.binding is not None and found.binding.span.source is source else None
        if origin is None or origin.source is not source:
            assert binding is None, f"{found.name} at {found.span}"
        elif origin.text != found.name:  # a parameter is bound at the place of the call
            assert binding is not None
            assert binding.kind == "parameter"
        else:
            assert binding is not None, f"{found.name} at {found.span}"
            assert binding.span == origin, f"{found.name} at {found.span}"
    return True


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_examples(path: Path) -> None:
    assert check(path.read_text(encoding="utf-8"), path)


# Random programs of atoms, lists, functions, comprehensions, and loops of one round

NUMBERS, FUNCTIONS = st.sampled_from("abc"), st.sampled_from("fg")
LEAVES = NUMBERS | st.just("1")


def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("({} + {})".format, inner, inner),
        st.builds("{}({})".format, FUNCTIONS, inner),
        st.builds("[{} for {} in [{}]][0]".format, inner, NUMBERS, inner),
    )


VALUES = st.recursive(LEAVES, larger, max_leaves=4)


def blocks(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    body = st.lists(inner, min_size=1, max_size=3).map("".join)
    return st.one_of(
        st.builds("def {}({}) {{ {} return {}; }}\n".format, FUNCTIONS, NUMBERS | FUNCTIONS, body, VALUES),
        st.builds("for {} in [{}] {{ {} }}\n".format, NUMBERS, VALUES, body),
    )


PAIRS = st.builds("{}, {} = {}, {};\n".format, NUMBERS, NUMBERS, VALUES, VALUES)
SIMPLE = st.builds("{} = {};\n".format, NUMBERS, VALUES) | PAIRS
PROGRAMS = st.lists(st.recursive(SIMPLE, blocks, max_leaves=4), max_size=8).map("".join)
PRELUDE = "a = 1; b = 2; c = 3; def f(a) { return a; } def g(b) { return b; }\n"


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(PROGRAMS)
def test_random_programs(text: str) -> None:
    check(PRELUDE + text)
