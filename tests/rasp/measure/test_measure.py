"""Program length: what is counted, in which form, and how it is shown."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given

import rasp
from rasp.errors import RaspTypeError
from rasp.graph.nodes import Atom, Compare, Comparison, Const, Input, Map, Node, Op, SelectorWidth, Sop
from rasp.measure import measure, measure_graph
from rasp.measure.bits import SYMBOLS, atom_bits, graph_bits, natural_bits
from rasp.measure.source import needed_statements
from tests.rasp.graph.graphs import graphs

PROGRAM = """# A comment is no token.
k = 2;
def scaled(x, by) { k = by; return x * k; }
unused = indices + 1;
wide = selector_width(select(tokens, tokens, ==));  # nor is this
y = scaled(wide, k);
"""


def test_graph_counts() -> None:
    measures = measure(rasp.loads(PROGRAM)["wide"])
    simplified = measures.simplified
    assert (simplified.nodes, simplified.attention, simplified.selectors, simplified.elementwise) == (3, 1, 1, 0)
    assert (simplified.depth, simplified.layers, simplified.heads) == (1, 1, 1)
    written = measures.written
    assert (written.attention, written.selectors, written.elementwise, written.heads) == (2, 4, 6, 2)


def test_text_counts_the_statements_that_the_s_op_needs() -> None:
    module = rasp.loads(PROGRAM)
    text = measure(module["y"], program=module.program).text
    assert text is not None
    assert (text.total_tokens, text.total_ast_nodes) == (4 + 18 + 6 + 14 + 9, 3 + 10 + 5 + 7 + 6)
    assert (text.tokens, text.ast_nodes) == (4 + 18 + 14 + 9, 3 + 10 + 7 + 6)
    wide = measure(module["wide"], program=module.program).text
    assert wide is not None
    assert (wide.tokens, wide.ast_nodes) == (14, 7)


@pytest.mark.parametrize(
    ("program", "needed"),
    [
        ("a = 1; b = indices; x = indices + a;", {0, 2}),
        ("b = 5; def f(b) { c = b; return c; } c = 7; x = f(indices);", {1, 3}),
        ("v = 1; c = [v for v in [1, 2]]; x = c[0] + indices;", {1, 2}),
        ("v = 1; c = {v: v for v in [1, 2]}; x = c[1] + indices;", {1, 2}),
        ("x = indices; for i in [1, 2] { x = x + i; } y = x;", {0, 1}),
        ("def g(s) { return s + 1; } def f(s) { return g(s); } x = f(indices);", {0, 1, 2}),
        ('n = 3; set example "abc"\nx = indices;', {2}),
    ],
)
def test_needed_statements(program: str, needed: set[int]) -> None:
    module = rasp.loads(program)
    assert needed_statements(module["x"].node, "x", module.program) == needed


def test_statements_are_needed_for_their_nodes_too() -> None:
    module = rasp.loads("a = indices + 1; b = a * 2;")
    assert needed_statements(module["b"].node, None, module.program) == {0, 1}


def test_rasp_l_programs_are_measured() -> None:
    module = rasp.loads("def f(x):\n    # counts\n    return num_prev(x, x)\n\n\ndef g(x):\n    return x\n", dialect="rasp-l")
    measures = measure(module["f"], program=module.program)
    assert measures.name == "f"
    assert measures.simplified.heads_by_layer == (1,)
    assert measures.text is not None
    assert (measures.text.tokens, measures.text.total_tokens) == (13, 21)
    assert (measures.text.ast_nodes, measures.text.total_ast_nodes) == (8, 13)


def test_values_that_are_no_s_op() -> None:
    module = rasp.loads("def f(a, b) { return a + b; } s = select(indices, indices, <);")
    assert measure(module["s"]).written.selectors == 1
    with pytest.raises(RaspTypeError, match="'f' is a function; an s-op is needed"):
        measure(module["f"])


def test_table_and_dictionary() -> None:
    module = rasp.loads(PROGRAM)
    measures = measure(module["wide"], program=module.program)
    assert measures.table().splitlines()[:3] == [
        "                        as written     simplified",
        "nodes                           19              3",
        "attention operations             2              1",
    ]
    assert measures.table().splitlines()[-2].split() == ["tokens", "14", "51"]
    shown = json.loads(json.dumps(measures.as_dict()))
    assert shown["simplified"]["heads_by_layer"] == [1]
    assert shown["written"]["heads"] == 2
    assert shown["text"] == {"tokens": 14, "ast_nodes": 7, "total_tokens": 51, "total_ast_nodes": 31}
    assert measure(module["wide"]).as_dict()["text"] is None
    assert "tokens" not in measure(module["wide"]).table()


def test_the_table_of_the_documentation() -> None:
    page = Path(__file__).parents[3].joinpath("docs", "language", "measures.md").read_text(encoding="utf-8")
    program = page.split('loads("""')[1].split('""")')[0]
    module = rasp.loads(program)
    assert f"```\n{measure(module['histogram'], program=module.program).table()}\n```" in page
    assert f"log₂ {SYMBOLS} for its symbol: {len(Op)} elementwise operators" in page


def test_the_code_of_a_small_graph() -> None:
    tokens = Input("tokens_str")
    width = SelectorWidth(Compare(tokens, tokens, Comparison.EQ))
    assert graph_bits(width) == pytest.approx(natural_bits(3) + 3 * math.log2(SYMBOLS) + math.log2(2))
    total = Map(Op.ADD, (width, Const(-1)))
    more = natural_bits(5) - natural_bits(3) + 2 * math.log2(SYMBOLS) + 2 * math.log2(4) + atom_bits(-1)
    assert graph_bits(total) == pytest.approx(graph_bits(width) + more)


@pytest.mark.parametrize(
    ("atom", "bits"),
    [(True, 3), (0, 3), (1, 5), (-1, 5), (2, 7), (Fraction(0), 4), (Fraction(1, 2), 8), ("", 3), ("a", 2 + 3 + 13)],
)
def test_the_code_of_an_atom(atom: Atom, bits: int) -> None:
    assert atom_bits(atom) == bits


@given(graphs())
def test_simplifying_makes_nothing_deeper(node: Node) -> None:
    measures = measure(node)
    assert measures.simplified.depth <= measures.written.depth
    assert measures.simplified.heads <= measures.written.heads
    assert measures.simplified.bits > 0
    assert measures.written.nodes >= measures.written.attention + measures.written.selectors + measures.written.elementwise


def test_deep_graphs_are_measured() -> None:
    node: Sop = Input("indices")
    for _ in range(20_000):
        node = Map(Op.NEG, (node,))
    assert measure_graph(node).elementwise == 20_000
