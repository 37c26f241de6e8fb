"""Hypothesis strategies for RASP-L syntax trees: every node of the dialect, in every place where it may stand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from rasp.errors import Source
from rasp.syntax import ast

_SPAN = Source("<tree>", "").span(0, 0)
_NAMES = st.sampled_from(["x", "y", "kqv", "_private", "größe", "If", "define", "lambda_", "infinite", "none"])
_LITERAL_NAMES = st.sampled_from(["True", "False", "None"])
_ARITHMETIC = ["|", "^", "&", "+", "-", "*", "/", "//", "%", "==", "!=", "<", "<=", ">", ">=", "and", "or"]


def _name(name: str) -> ast.Name:
    return ast.Name(name, span=_SPAN)


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
_DECIMALS = st.builds(lambda digits, places: Fraction(digits, 10**places), st.integers(0, 10**6), st.integers(1, 5))
_CONSTANTS = st.builds(ast.Constant, st.integers(0, 10**12) | _DECIMALS | _TEXT, span=st.just(_SPAN))
_FORMATTED = st.sampled_from(["f'{x}'", 'f"{x} and {y}"', "f''"]).map(lambda text: ast.FormattedString(text, span=_SPAN))
_LEAVES: st.SearchStrategy[Any] = (_NAMES | _LITERAL_NAMES).map(_name) | _CONSTANTS | _FORMATTED


def _larger(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    span = st.just(_SPAN)
    items = st.lists(inner, max_size=3).map(tuple)
    parameters = st.lists(_NAMES, max_size=2, unique=True).map(tuple)
    return st.one_of(
        st.builds(ast.Unary, st.sampled_from(["not", "-", "+", "~"]), inner, span=span),
        st.builds(ast.Binary, st.sampled_from(_ARITHMETIC), inner, inner, span=span),
        st.builds(ast.Conditional, inner, inner, inner, span=span),
        st.builds(ast.Lambda, parameters, inner, span=span),
        st.builds(ast.Attribute, inner, _NAMES, span=span),
        st.builds(ast.Index, inner, inner, span=span),
        st.builds(ast.TupleDisplay, items, span=span),
        st.builds(ast.ListDisplay, items, span=span),
        _calls(inner),
    )


def _calls(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    span = st.just(_SPAN)
    positional = st.lists(inner | st.builds(ast.Starred, st.just(1), inner, span=span), max_size=2)
    last = st.lists(st.builds(ast.Starred, st.just(2), inner, span=span), max_size=1)
    keywords = st.lists(st.builds(ast.Keyword, _NAMES, inner, span=span), max_size=2).map(tuple)
    arguments = st.builds(lambda first, others: (*first, *others), positional, last)
    return st.builds(ast.Call, inner, arguments, keywords, span=span)


EXPRESSIONS: st.SearchStrategy[Any] = st.recursive(_LEAVES, _larger, max_leaves=12)

_TARGETS = _NAMES.map(_name)
_AUGMENTED = st.sampled_from(["+", "-", "*", "//", "%", "&", "|", "^"])
_PARAMETERS = st.lists(
    st.builds(ast.Parameter, _NAMES, st.none() | EXPRESSIONS, span=st.just(_SPAN))
    | st.builds(ast.Parameter, _NAMES, st.none(), st.sampled_from([1, 2]), span=st.just(_SPAN)),
    max_size=3,
).map(tuple)
_ALIASES = st.lists(st.tuples(_NAMES, _NAMES), min_size=1, max_size=2).map(tuple)

_IMPORTED = _ALIASES | st.just((("*", "*"),))


def _simple() -> st.SearchStrategy[Any]:
    span = st.just(_SPAN)
    return st.one_of(
        st.builds(ast.ExpressionStatement, EXPRESSIONS, span=span),
        st.builds(ast.Assign, _TARGETS.map(lambda name: (name,)), EXPRESSIONS.map(lambda value: (value,)), span=span),
        st.builds(
            ast.AugmentedAssign, _TARGETS, st.sampled_from(["+", "-", "*", "//", "%", "&", "|", "^"]), EXPRESSIONS, span=span
        ),
        st.builds(ast.Pass, span=span),
        st.builds(ast.Import, st.sampled_from(["numpy", "a.b"]), st.just(()), st.none() | _NAMES, span=span),
        st.builds(
            ast.Import, st.sampled_from(["np_rasp", "a.b"]), _ALIASES | st.just((("*", "*"),)), level=st.integers(0, 2), span=span
        ),
        st.builds(ast.Import, st.just(""), _ALIASES, level=st.integers(1, 2), span=span),
    )


def _compound(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    span = st.just(_SPAN)
    block = st.lists(inner, min_size=1, max_size=3).map(tuple)
    returns = st.builds(ast.Return, st.none() | EXPRESSIONS, span=span)
    body = st.lists(inner | returns, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(ast.PythonDef, _TARGETS, _PARAMETERS, body, span=span),
        st.builds(ast.If, EXPRESSIONS, block, block | st.just(()), span=span),
        st.builds(ast.While, EXPRESSIONS, block, span=span),
    )


STATEMENTS: st.SearchStrategy[Any] = st.recursive(_simple(), _compound, max_leaves=6)
PROGRAMS: st.SearchStrategy[ast.Program] = st.lists(STATEMENTS, max_size=4).map(
    lambda statements: ast.Program("rasp-l", tuple(statements), Source("<tree>", ""))
)
"""Programs that the parser could have made."""
