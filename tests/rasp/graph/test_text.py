"""The text form of graphs, and one-line names."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasp import limits
from rasp.errors import RaspError, RaspLimitError, RaspSyntaxError
from rasp.graph import canonical
from rasp.graph.expression import atom_text, expression_text
from rasp.graph.nodes import (
    Aggregate,
    Compare,
    Comparison,
    Const,
    Input,
    Lookup,
    Map,
    Node,
    Op,
    Param,
    Predicate,
    SelectorAnd,
    SelectorNot,
    SelectorWidth,
)
from rasp.graph.text import graph_text, parse_graph
from tests.rasp.graph.graphs import ATOMS, graphs

TOKENS, INDICES = Input("tokens_str"), Input("indices")


@given(graphs())
def test_parse_gives_back_the_graph(node: Node) -> None:
    again = parse_graph(graph_text(node))
    assert canonical(again).root is canonical(node).root
    assert graph_text(again) == graph_text(node)


@given(ATOMS)
def test_atoms_survive_exactly(atom: object) -> None:
    again = parse_graph(graph_text(Const(atom)))  # pyright: ignore[reportArgumentType]
    assert isinstance(again, Const)
    assert (type(again.value), again.value) == (type(atom), atom)


def test_the_form_of_a_graph() -> None:
    same = Compare(TOKENS, TOKENS, Comparison.EQ)
    both = SelectorAnd(same, SelectorNot(Compare(INDICES, INDICES, Comparison.GT)))
    root = Map(Op.ADD, (SelectorWidth(both), Aggregate(same, INDICES, Fraction(1, 2), "max")))
    assert graph_text(root) == (
        "%1 = tokens_str\n"
        "%2 = select(%1, %1, ==)\n"
        "%3 = indices\n"
        "%4 = select(%3, %3, >)\n"
        "%5 = not(%4)\n"
        "%6 = and(%2, %5)\n"
        "%7 = width(%6)\n"
        "%8 = aggregate(%2, %3, max, 1/2)\n"
        "%9 = map(+, %7, %8)\n"
    )


def test_the_form_of_a_predicate_and_of_lookups() -> None:
    body = Map(Op.IN, (Map(Op.ADD, (Param("key"), Param("query"))), Const(2), Const(3)))
    root = SelectorWidth(Predicate(INDICES, Lookup(("a", True), (1, -2), TOKENS), body))
    assert graph_text(root) == (
        "%1 = indices\n"
        "%2 = tokens_str\n"
        '%3 = lookup({"a": 1, True: -2}, %2)\n'
        "%4 = key\n"
        "%5 = query\n"
        "%6 = map(+, %4, %5)\n"
        "%7 = 2\n"
        "%8 = 3\n"
        "%9 = map(in, %6, %7, %8)\n"
        "%10 = predicate(%1, %3, %9)\n"
        "%11 = width(%10)\n"
    )
    assert graph_text(Lookup(None, (1, "b"), INDICES)) == '%1 = indices\n%2 = lookup([1, "b"], %1)\n'


MALFORMED = [
    ("", 1, 1, "unexpected the end of the text"),
    ("indices", 1, 1, "unexpected 'indices'"),
    ("%1 = ", 1, 6, "unexpected the end of the text"),
    ("%1 = tokens", 1, 6, "unexpected 'tokens'"),
    ("%1 = indices\n%1 = 2", 2, 1, "%1 is defined twice"),
    ("%1 = map(+, %2, %2)", 1, 13, "%2 is not defined above"),
    ("%1 = 1\n%2 = map(not, %1, %1)", 2, 10, "'not' reads 1 s-op, not 2"),
    ("%1 = 1\n%2 = map(in)", 2, 10, "'in' reads at least 1 s-op, not 0"),
    ("%1 = 1\n%2 = map(if, %1)", 2, 10, "'if' reads 3 s-ops, not 1"),
    ("%1 = 1\n%2 = map(?, %1)", 2, 10, "this can't stand in the text of a graph"),
    ("%1 = 1\n%2 = select(%1, %1, +)", 2, 21, "unexpected '+'"),
    ("%1 = 1\n%2 = width(%1)", 2, 12, "this is an s-op; a selector is needed"),
    ("%1 = 1\n%2 = select(%1, %1, ==)\n%3 = map(not, %2)", 3, 15, "this is a selector; an s-op is needed"),
    ("%1 = 1\n%2 = select(%1, %1, ==)\n%3 = aggregate(%2, %1, median, 0)", 3, 24, "unexpected 'median'"),
    ("%1 = 1\n%2 = select(%1, %1, ==)\n%3 = aggregate(%2, %1, mean, x)", 3, 30, "unexpected 'x'"),
    ("%1 = indices\n%2 = predicate(%1, %1, %1)", 2, 24, "the body of a predicate reads key, query and constants only"),
    ("%1 = key", 1, 9, "'key' and 'query' occur only in the body of a predicate"),
    ('%1 = "a', 1, 6, "this can't stand in the text of a graph"),
    ('%1 = "\\u{110000}"', 1, 6, "there is no character 110000"),
    ("%1 = 1/0", 1, 6, "a fraction over zero"),
    ("%1 = 1 2", 1, 8, "unexpected '2'"),
    ("%1 = lookup({1: 2, 3}, %1)", 1, 21, "unexpected '}'"),
    ("%1 = lookup([1 2], %1)", 1, 16, "unexpected '2'"),
]


@pytest.mark.parametrize(("text", "line", "column", "message"), MALFORMED)
def test_malformed_text(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(RaspSyntaxError) as caught:
        parse_graph(text, name="graph")
    assert str(caught.value) == f"graph:{line}:{column}: {message}"


@given(st.integers(0, 2**32), st.lists(st.sampled_from([*'%123 =(),[]{}:/"\\+<\n-', "select", "map", "key", "0x"]), max_size=3))
def test_damaged_text_is_read_or_refused(seed: int, junk: list[str]) -> None:
    text = graph_text(Map(Op.ADD, (SelectorWidth(Compare(TOKENS, Const('a"b'), Comparison.EQ)), Const(Fraction(-1, 3)))))
    place = random.Random(seed).randrange(len(text))
    damaged = text[:place] + "".join(junk) + text[place + len(junk) :]
    error = _error_of(damaged)
    assert error is None or error.span is not None


def _error_of(text: str) -> RaspError | None:
    try:
        parse_graph(text)
    except RaspError as error:
        return error
    return None


def test_numbers_and_texts_beyond_the_limits() -> None:
    long, large = "9" * 5000, "0x" + "f" * (limits.NUMBER_BITS // 4 + 1)
    for text in (f"%1 = {long}", f"%1 = {large}", "%1 = 1" + " " * limits.SOURCE_CHARACTERS):
        with pytest.raises(RaspLimitError) as caught:
            parse_graph(text)
        assert caught.value.span is not None


def test_deep_graphs_have_a_text() -> None:
    node: Node = INDICES
    for _ in range(20_000):
        node = Map(Op.NEG, (node,))
    assert canonical(parse_graph(graph_text(node))).root is canonical(node).root
    assert len(expression_text(node, limit=100)) == 100
    assert len(repr(node)) < 100


UNLIKE = Compare(TOKENS, INDICES, Comparison.NE)
FIRST = Compare(INDICES, Const(0), Comparison.EQ)
EXPRESSIONS = [
    (Map(Op.ADD, (INDICES, Const(1))), "( indices + 1 )"),
    (Map(Op.POW, (INDICES, Const(Fraction(1, 2)))), "( indices ^ 0.5 )"),
    (Map(Op.NOT, (INDICES,)), "( not indices )"),
    (Map(Op.INDICATOR, (INDICES,)), "I(indices)"),
    (Map(Op.IF, (INDICES, Const("a"), Const("b"))), '( "a" if indices else "b" )'),
    (Map(Op.IN, (TOKENS, Const("a"), Const("b"))), '( tokens_str in ["a", "b"] )'),
    (Lookup(None, tuple(range(9)), INDICES), "[0, 1, 2, 3, 4, 5, 6, 7, …][indices]"),
    (Lookup((1, 2), ("x", "y"), INDICES), '{1: "x", 2: "y"}[indices]'),
    (SelectorWidth(SelectorNot(UNLIKE)), "selector_width(( not select(tokens_str, indices, !=) ))"),
    (Aggregate(FIRST, TOKENS, "-", "min"), 'aggregate_min(select(indices, 0, ==), tokens_str, "-")'),
    (Aggregate(Predicate(INDICES, TOKENS, Param("key")), INDICES), "aggregate(select(indices, tokens_str, key), indices)"),
]


@pytest.mark.parametrize(("node", "text"), EXPRESSIONS)
def test_expressions(node: Node, text: str) -> None:
    assert expression_text(node) == text
    assert repr(node) == f"<{type(node).__name__}: {text}>"


def test_expressions_use_names_and_are_cut() -> None:
    inner = Map(Op.ADD, (INDICES, Const(1)))
    assert expression_text(Map(Op.MUL, (inner, inner)), {inner: "next"}) == "( next * next )"
    assert expression_text(inner, {inner: "next"}) == "( indices + 1 )"
    assert expression_text(inner, limit=10) == "( indices…"


def test_a_shared_graph_of_exponential_size_as_a_tree() -> None:
    node: Node = INDICES
    for _ in range(200):
        node = Map(Op.ADD, (node, node))
    assert len(graph_text(node).splitlines()) == 201
    assert expression_text(node, limit=30) == "( " * 14 + "(…"


@given(ATOMS)
def test_atom_text_is_one_line_of_printable_text(atom: object) -> None:
    assert atom_text(atom).isprintable()  # pyright: ignore[reportArgumentType]
