"""The simplified, hash-consed form of graphs."""

from __future__ import annotations

import copy
import gc
from fractions import Fraction

import pytest
from hypothesis import given

from rasp.errors import Source
from rasp.graph import canonical
from rasp.graph.canonical import _interned, canonical_forms, intern
from rasp.graph.nodes import (
    Aggregate,
    Atom,
    Compare,
    Comparison,
    Const,
    Input,
    Map,
    Node,
    Op,
    Param,
    Predicate,
    Selector,
    SelectorAnd,
    SelectorNot,
    SelectorOr,
    SelectorWidth,
    Sop,
    topological,
)
from tests.rasp.graph.graphs import graphs


def tokens() -> Sop:
    return Input("tokens_str")


def indices() -> Sop:
    return Input("indices")


def position_0() -> Sop:
    return Map(Op.INDICATOR, (Map(Op.EQ, (indices(), Const(0))),))


def at_0() -> Selector:
    return Compare(indices(), Const(0), Comparison.EQ)


def full() -> Selector:
    return Compare(Const(1), Const(1), Comparison.EQ)


def library_width(selector: Selector) -> Sop:
    """``selector_width`` as a program without a beginning-of-sequence token counts (Weiss et al. 2021, appendix B)."""
    others = Map(Op.DIV, (Const(1), Aggregate(SelectorOr(selector, at_0()), position_0())))
    first = Aggregate(SelectorAnd(selector, at_0()), Const(1), 0)
    return Map(Op.ROUND, (Map(Op.ADD, (Map(Op.SUB, (others, Const(1))), first)),))


@given(graphs())
def test_equal_graphs_become_one_node(node: Node) -> None:
    assert canonical(copy.deepcopy(node)).root is canonical(node).root


@given(graphs())
def test_the_forms_of_all_nodes(node: Node) -> None:
    forms = canonical_forms(node)
    assert list(forms) == topological(node)
    assert all(form is canonical(read).root for read, form in forms.items())


@given(graphs())
def test_the_canonical_form_is_its_own_form(node: Node) -> None:
    root = canonical(node).root
    assert canonical(root).root is root
    assert all(intern(read) is read for read in topological(root))


@pytest.mark.parametrize(("one", "other"), [(1, True), (1, Fraction(1)), (True, Fraction(1)), (0, False), ("1", 1)])
def test_equal_atoms_of_unlike_kinds_stay_apart(one: Atom, other: Atom) -> None:
    assert canonical(Const(one)).root is not canonical(Const(other)).root
    selector = full()
    assert canonical(Aggregate(selector, indices(), one)).root is not canonical(Aggregate(selector, indices(), other)).root


def test_unlike_nodes_stay_apart() -> None:
    nodes = [
        Compare(tokens(), indices(), Comparison.EQ),
        Compare(indices(), tokens(), Comparison.EQ),
        Compare(tokens(), indices(), Comparison.NE),
        Aggregate(full(), indices()),
        Aggregate(full(), indices(), reduction="max"),
        Predicate(indices(), tokens(), Param("key")),
        Predicate(indices(), tokens(), Param("query")),
    ]
    assert len({canonical(node).root for node in nodes}) == len(nodes)


def test_predicates_are_compared_by_their_bodies() -> None:
    def odd() -> Node:
        total = Map(Op.ADD, (Param("key"), Param("query")))
        return Predicate(indices(), indices(), Map(Op.EQ, (Map(Op.MOD, (total, Const(2))), Const(1))))

    assert canonical(odd()).root is canonical(odd()).root


def test_constants_are_folded_and_errors_are_kept() -> None:
    assert canonical(Map(Op.ADD, (Const(2), Map(Op.MUL, (Const(3), Const(4)))))).root is canonical(Const(14)).root
    division = canonical(Map(Op.DIV, (Const(1), Const(0)))).root
    assert isinstance(division, Map)


def test_negations_are_simplified() -> None:
    less = Compare(tokens(), indices(), Comparison.LT)
    assert canonical(SelectorNot(less)).root is canonical(Compare(tokens(), indices(), Comparison.GE)).root
    both = SelectorAnd(less, full())
    assert canonical(SelectorNot(SelectorNot(both))).root is canonical(both).root


def test_counting_idioms_become_widths() -> None:
    same = Compare(tokens(), tokens(), Comparison.EQ)
    assert canonical(library_width(same)).root is canonical(SelectorWidth(same)).root
    length = Map(Op.ROUND, (Map(Op.DIV, (Const(1), Aggregate(full(), position_0()))),))
    assert canonical(length).root is canonical(SelectorWidth(full())).root


def test_a_count_that_may_miss_position_0_is_left_as_it_is() -> None:
    same = Compare(tokens(), tokens(), Comparison.EQ)
    count = Map(Op.ROUND, (Map(Op.DIV, (Const(1), Aggregate(same, position_0()))),))
    assert not any(isinstance(node, SelectorWidth) for node in topological(canonical(count).root))


def test_spans_tell_where_a_node_came_from() -> None:
    source = Source("here", "tokens == 1")
    written = Map(Op.EQ, (Input("tokens_int", source.span(0, 6)), Const(1, source.span(10, 11))), source.span(0, 11))
    graph = canonical(written)
    assert all(node.span is None for node in topological(graph.root))
    assert graph.spans[graph.root].text == "tokens == 1"
    assert sorted(span.text for span in graph.spans.values()) == ["1", "tokens", "tokens == 1"]


def test_forms_are_not_kept_alive() -> None:
    before = len(_interned)
    node: Sop = indices()
    for number in range(100):
        node = Map(Op.ADD, (node, Const(f"unlikely {number}")))
    root = canonical(node).root
    assert len(_interned) >= before + 100
    del root, node
    gc.collect()
    assert len(_interned) <= before + 5


def test_deep_graphs() -> None:
    node: Sop = indices()
    for _ in range(50_000):
        node = Map(Op.NEG, (node,))
    assert len(topological(canonical(node).root)) == 50_001
