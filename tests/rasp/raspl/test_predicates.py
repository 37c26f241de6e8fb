"""Predicates become comparisons wherever they can, and mean the same."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rasp
from rasp.graph import Sop, canonical
from rasp.graph.nodes import (
    Aggregate,
    Compare,
    Const,
    Input,
    Lookup,
    Map,
    Op,
    Param,
    Predicate,
    SelectorAnd,
    SelectorNot,
    SelectorOr,
    SelectorWidth,
    topological,
)
from rasp.graph.text import graph_text
from tests.rasp.evaluate.brute import brute
from tests.rasp.raspl.generator import random_program, random_tokens


def width_of(predicate: str) -> Sop:
    text = f"def f(x):\n    return sel_width(select(x, indices(x), {predicate}, causal=False))\n"
    return rasp.loads(text, "rasp-l")["f"].sop().node


def selector_text(predicate: str) -> str:
    """The canonical selector in one line: x is the key, i the query."""
    root = canonical(width_of(predicate)).root
    assert isinstance(root, SelectorWidth)
    return _text(root.selector)


def _text(node: object) -> str:
    match node:
        case Input(name="indices"):
            return "i"
        case Input():
            return "x"
        case Const(value=value):
            return str(value)
        case Param(role=role):
            return role
        case Map(op=op, args=args):
            return f"({f' {op} '.join(map(_text, args))})" if len(args) == 2 else f"{op}({', '.join(map(_text, args))})"
        case Compare(key=key, query=query, op=op):
            return f"[{_text(key)} {op} {_text(query)}]"
        case SelectorAnd(left=left, right=right):
            return f"({_text(left)} and {_text(right)})"
        case SelectorOr(left=left, right=right):
            return f"({_text(left)} or {_text(right)})"
        case SelectorNot(operand=operand):
            return f"not {_text(operand)}"
        case Predicate(body=body):
            return f"predicate {_text(body)}"
        case _:
            raise AssertionError(node)


@pytest.mark.parametrize(
    ("predicate", "selector"),
    [
        ("equals", "[x == i]"),
        ("gt", "[x > i]"),
        ("lambda k, q: q < k", "[x > i]"),
        ("lambda k, q: k == q + 1", "[x == (i + 1)]"),
        ("lambda k, q: k % 3 != q % 2", "[(x % 3) != (i % 2)]"),
        ("lambda k, q: k + q > 4", "[x > (4 - i)]"),
        ("lambda k, q: q - k <= 3", "[x >= (i - 3)]"),
        ("lambda k, q: 3 - 2 * k + q < q - 1 + k", "[((3 - (2 * x)) - x) < ((i - 1) - i)]"),
        ("lambda k, q: k - q == 1", "[x == (i + 1)]"),
        ("lambda k, q: k < 3", "[x < 3]"),
        ("lambda k, q: 3 < q", "[3 < i]"),
        ("lambda k, q: k", "[x != 0]"),
        ("lambda k, q: not q", "[True == not(i)]"),
        ("lambda k, q: k % 2 == 1 and k > 2", None),
        ("lambda k, q: True", "[True == True]"),
        ("lambda k, q: 0", "[False == True]"),
        ("lambda k, q: k == q and k > 1", "([x == i] and [x > 1])"),
        ("lambda k, q: k == q or q > 1", "([x == i] or [1 < i])"),
        ("lambda k, q: not (k == q)", "[x != i]"),
        ("lambda k, q: not (k == q and k > 1)", "not ([x == i] and [x > 1])"),
        ("lambda k, q: (k == q) & (k > 1)", "([x == i] and [x > 1])"),
        ("lambda k, q: ~((k == q) | (k > 1))", "not ([x == i] or [x > 1])"),
        ("lambda k, q: k < q if q > 2 else k == q", "(([2 < i] and [x < i]) or ([2 >= i] and [x == i]))"),
        ("lambda k, q: (k > 1) == (q > 1)", "[(x > 1) == (i > 1)]"),
        ("lambda k, q: k * q > 3", "predicate ((key * query) > 3)"),
        ("lambda k, q: k * q > 3 and k == q", "(predicate ((key * query) > 3) and [x == i])"),
    ],
)
def test_simplification(predicate: str, selector: str | None) -> None:
    if selector is None:
        assert "predicate" not in selector_text(predicate)
    else:
        assert selector_text(predicate) == selector


def test_terms_that_may_be_strings_stay_where_they_are() -> None:
    letters, zero = Input("tokens_asis"), Const("a")
    body = Map(Op.EQ, (Map(Op.ADD, (Param("key"), Param("query"))), zero))
    root = canonical(SelectorWidth(Predicate(letters, letters, body))).root
    assert isinstance(root, SelectorWidth)
    assert isinstance(root.selector, Predicate)
    truth = canonical(SelectorWidth(Predicate(letters, letters, Param("key")))).root
    assert "not" in graph_text(truth)


def test_a_large_body_stays_a_predicate() -> None:
    root = canonical(width_of(f"lambda k, q: {' or '.join(f'k == q + {n}' for n in range(100))}")).root
    assert isinstance(root, SelectorWidth)
    assert isinstance(root.selector, Predicate)


@settings(max_examples=40)
@given(st.integers(0, 10**9))
def test_simplified_programs_give_what_the_written_graph_gives(seed: int) -> None:
    rng = Random(seed)
    program = rasp.loads(random_program(rng, statements=3), "rasp-l")["program"].sop()
    tokens = random_tokens(rng, longest=7)
    assert program.column(tokens).to_atoms() == brute(program.node, tokens)


def test_the_written_graph_has_places_and_no_shared_operations() -> None:
    node = rasp.loads("def f(x):\n    return cumsum(x > 1) + shift_right(x, 1)\n", "rasp-l")["f"].sop().node
    for part in topological(node):
        assert part.span is not None
        assert part.span.source.name == "<string>"
    heads = [part for part in topological(node) if isinstance(part, Aggregate | SelectorWidth)]
    assert [part.span.text for part in heads if part.span] == ["cumsum(x > 1)", "shift_right(x, 1)"]
    assert not any(isinstance(part, Lookup) for part in topological(node))
