"""Hypothesis strategies for RASP syntax trees, built directly, not by parsing."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from rasp.errors import Source
from rasp.syntax import ast

SPAN = Source("<generated>", "").span(0, 0)
KEYWORDS = frozenset(
    {"set", "selector", "example", "examples", "show", "on", "off", "exit", "quit", "load", "draw", "round", "indicator"}
    | {"def", "for", "in", "return", "not", "and", "or", "if", "else"}
)
OPERATORS = ("^", "*", "/", "%", "+", "-", "==", "<=", ">=", ">", "<", "and", "or", "in")

names = st.one_of(
    st.sampled_from(["a", "b_1", "_x", "s", "op", "select", "aggregate", "range", "zip", "len", "tokens", "True"]),
    st.from_regex(r"[a-zA-Z_][a-zA-Z_0-9]{0,6}", fullmatch=True).filter(lambda name: name not in KEYWORDS),
).map(lambda name: ast.Name(name, span=SPAN))
plain_names = names.filter(lambda name: name.name not in {"select", "aggregate", "range", "zip", "len"})
strings = st.text(st.characters(exclude_characters='"\r\n', exclude_categories=["Cs"]), max_size=6)
integers = st.one_of(st.integers(0, 20), st.integers(0, 10**40))
decimals = st.builds(lambda digits, places: Fraction(digits, 10**places), st.integers(0, 10**9), st.integers(1, 7))
constants = st.one_of(integers, decimals, strings).map(lambda value: ast.Constant(value, span=SPAN))


def _some(strategy: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, min_size=least, max_size=3).map(tuple)


def _node(kind: Any, *parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.builds(lambda *values: kind(*values, span=SPAN), *parts)


def _grown(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    targets = _some(names, 1)
    return st.one_of(
        _node(ast.Binary, st.sampled_from(OPERATORS), inner, inner),
        _node(ast.Unary, st.sampled_from(["not", "-", "+"]), inner),
        _node(ast.Conditional, inner, inner, inner),
        _node(ast.Call, inner, _some(inner)),
        _node(ast.Index, inner, inner),
        _node(ast.ListDisplay, _some(inner)),
        _node(ast.DictDisplay, _some(st.tuples(inner, inner))),
        _node(ast.ListComprehension, inner, targets, inner),
        _node(ast.DictComprehension, inner, inner, targets, inner),
        _node(ast.SelectCall, inner, inner, st.sampled_from(["==", "!=", "<", ">", "<=", ">="])),
        _node(ast.AggregateCall, inner, inner, st.none() | inner),
        _node(ast.BuiltinCall, st.sampled_from(["round", "indicator", "len"]), st.tuples(inner)),
        _node(ast.BuiltinCall, st.sampled_from(["range", "zip"]), _some(inner, 1)),
    )


expressions: st.SearchStrategy[Any] = st.recursive(names | constants, _grown, max_leaves=12)
_paths = strings
_simple = st.one_of(
    _node(ast.ExpressionStatement, expressions),
    _node(ast.Assign, _some(names, 1), _some(expressions, 1)),
    _node(ast.Draw, expressions, st.none() | expressions),
    _node(ast.Load, _paths),
)
_statements = st.recursive(
    _simple,
    lambda inner: st.one_of(
        _node(ast.FunctionDef, plain_names, _some(names), _some(inner), _some(expressions, 1)),
        _node(ast.For, _some(names, 1), expressions, _some(inner, 1)),
    ),
    max_leaves=5,
)
_subsets = st.sampled_from([None, "s-op", "selector"])
_commands = st.one_of(
    _node(ast.SetExample, _subsets, expressions),
    _node(ast.ShowExample, _subsets),
    _node(ast.ToggleExamples, _subsets, st.booleans()),
    _node(ast.ToggleFullDisplay, st.booleans()),
    _node(ast.Exit, st.sampled_from(["exit", "exit()", "quit", "quit()"])),
)
programs = _some(_statements | _commands).map(lambda items: ast.Program("rasp", items, SPAN.source))
