"""What is held of a selector is so on every input: where keys are distinct, how many are selected, whether it looks back."""

import pytest

import compiler
import rasp
from compiler.analysis.selections import Selections
from compiler.target import Target
from rasp.graph import canonical
from rasp.graph.nodes import SELECTOR_TYPES, Selector, Sop

SELECTIONS = Selections(Target.of("ab", 5, False), {})


def sop(expression: str) -> Sop:
    root = canonical(rasp.loads(f"x = {expression};")["x"].node).root
    assert not isinstance(root, SELECTOR_TYPES)
    return root


def selector(expression: str) -> Selector:
    root = canonical(rasp.loads(f"s = {expression};")["s"].node).root
    assert isinstance(root, SELECTOR_TYPES)
    return root


@pytest.mark.parametrize(
    ("expression", "distinct"),
    [
        ("indices", True),
        ("indices * 1.0 - 2", True),
        ("indices % 4", False),
        ("1 / indices", False),
        ("tokens", False),
        ("length - indices", False),
        ("(0 if indices == 1 else indices) * 1.0", False),  # as many integers lie between its bounds as there are positions
        ("selector_width(select(indices, indices, <))", True),
        ("selector_width(select(tokens, tokens, <))", False),
    ],
)
def test_distinct(expression: str, distinct: bool) -> None:
    assert SELECTIONS.is_distinct(sop(expression)) == distinct


@pytest.mark.parametrize(
    ("expression", "low", "high"),
    [
        ("select(tokens, tokens, ==)", 1, 5),
        ("select(tokens, tokens, <)", 0, 5),
        ("select(indices, 0, ==)", 1, 1),
        ("select(indices, indices + 1, ==)", 0, 1),
        ("select(1, 2, ==)", 0, 0),
    ],
)
def test_widths(expression: str, low: int, high: int) -> None:
    assert SELECTIONS.width_range(selector(expression)) == (low, high)


def test_keys_that_two_positions_share_are_averaged() -> None:
    program = "key = (0 if indices == 1 else indices) * 1.0; mean = aggregate(select(key, indices, ==), tokens_int);"
    model = compiler.compile(rasp.loads(program)["mean"], vocab=(1, 5), max_length=5)
    assert model([1, 5, 5, 5]) == [3.0, 0, 5, 5]
    assert compiler.verify(model, samples=0, adversarial=0).passed
