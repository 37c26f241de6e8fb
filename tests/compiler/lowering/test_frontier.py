"""Which values a table is over, and that the layer in which it is ready is the one that was estimated."""

import pytest

import compiler
import rasp
from compiler.lowering.frontier import Times, after, best_frontier
from compiler.target import Target
from rasp.graph import canonical
from rasp.graph.nodes import SELECTOR_TYPES, SelectorWidth, Sop
from tests.compiler.circuits import lowering_of

COUNT = "often = selector_width(select(tokens, tokens, ==));"


def sop(program: str) -> Sop:
    root = canonical(rasp.loads(program)["x"].node).root
    assert not isinstance(root, SELECTOR_TYPES)
    return root


def times(target: Target, most_rows: int = 4096) -> Times:
    lowering = lowering_of(target)
    return Times(lowering.values, lowering.ratios, most_rows)


def test_a_table_over_the_sources_is_taken_if_its_arguments_come_later() -> None:
    """``often % 2`` is ready in layer 1; their combination too, but only if the table is over the counts."""
    node = sop(f"{COUNT} x = (often % 2) * (often % 3) + (often % 2) * indices % 2;")
    frontier = best_frontier(times(Target.of("ab", 6, False)), node, 4096)
    assert frontier is not None
    assert any(isinstance(leaf, SelectorWidth) for leaf in frontier)


def test_no_frontier_has_more_rows_than_allowed() -> None:
    node = sop(f"{COUNT} x = (often % 5 + indices) * tokens_int;")
    few = times(Target.of(range(9), 40, False), 100)
    assert best_frontier(few, node, 100) is None
    found = best_frontier(times(Target.of(range(9), 40, False)), node, 4096)
    assert found is not None
    assert few.rows(found) > 100


def test_a_count_is_run_over_and_not_multiplied() -> None:
    known = times(Target.of("ab", 50, False))
    count = sop("x = selector_width(select(tokens, tokens, ==));")
    index = sop("x = indices;")
    assert known.rows((index, count)) == 50


def test_units_are_ready_in_the_next_mlp() -> None:
    assert [after(time) for time in (0, 1, 2, 3, 4)] == [2, 2, 4, 4, 6]


@pytest.mark.parametrize(
    ("expression", "layers"),
    [
        ("tokens_int * indices + tokens_int", 1),
        ("often * 2 + indices", 1),
        ("often % 2 == 0", 1),
        ("often > 2 and tokens_int == 1", 1),
        ("tokens_int if often > 2 else indices", 1),
        ("selector_width(select(often, often, <))", 2),
        ("selector_width(select(often % 2, often % 3, ==))", 2),
    ],
)
def test_depth(expression: str, layers: int) -> None:
    """Elementwise work on counts does not take a layer of its own."""
    sop = rasp.loads(f"{COUNT} x = {expression};")["x"]
    model = compiler.compile(sop, vocab=range(3), max_length=8)
    assert model.config.layers == layers
    assert model.batch([[0, 1, 2, 1], [2] * 8]) == [sop([0, 1, 2, 1]), sop([2] * 8)]
