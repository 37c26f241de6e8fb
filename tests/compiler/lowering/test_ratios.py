"""Numbers as pairs of integers: the exact integers of the circuit, divided, are what the interpreter says."""

import itertools
from fractions import Fraction

import pytest

import rasp
from compiler.analysis.valuesets import Numbers
from compiler.errors import CompileError
from compiler.target import Target
from rasp.evaluate import evaluate
from rasp.graph import canonical
from rasp.graph.nodes import SELECTOR_TYPES, Aggregate, Atom, Sop
from tests.compiler.circuits import Run, lowering_of

PRELUDE = """
    mean = aggregate(select(indices, indices, <=), tokens_int);
    rare = aggregate(select(tokens_int, 3, ==) and select(indices, indices, <), indices, 1/2);
    often = selector_width(select(tokens, tokens, ==));
"""
EXPRESSIONS = [
    "mean",
    "rare",
    "mean + 1/3",
    "mean - rare",
    "mean * 3 - 2/7",
    "mean * rare",
    "mean / often",
    "often / (mean + 5)",
    "(indices + 1) * mean",
    "mean * (indices + 1) / 4",
    "-mean + often",
    "mean if tokens_int > 0 else often / 3",
    "(mean if rare > 1 else often) + indices",
    "mean if mean > 0 else 0 - mean",
    "mean % 2",
    "(mean * often) % 3",
    "1 / (often + mean * mean)",
    "(rare + indices) * 2",
    "aggregate(select(indices, length - 1 - indices, ==), mean)",
]
TARGET = Target.of([-1, 0, 2, 3], 5, False)
INPUTS: list[tuple[Atom, ...]] = [
    *itertools.product(TARGET.vocab, repeat=2),
    (3, 3, 3, 3, 3), (-1, 0, 2, 3, -1), (0, 0, 0), (2, 3, 2, 3, 2), (-1, -1, -1, -1), (3, 0, 3, -1, 3),
]  # fmt: skip


def sop(expression: str) -> Sop:
    root = canonical(rasp.loads(f"{PRELUDE} x = {expression};")["x"].node).root
    assert not isinstance(root, SELECTOR_TYPES)
    return root


def check(expression: str, target: Target, inputs: list[tuple[Atom, ...]]) -> None:
    node = sop(expression)
    lowering = lowering_of(target)
    ratio = lowering.ratios.of(node)
    for tokens in inputs:
        wanted = evaluate(node, list(tokens)).to_atoms()
        found = Run(target, tokens).ratio(ratio)
        assert [Fraction(value) for value in wanted if not isinstance(value, str)] == found, (tokens, expression)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_a_ratio_is_the_interpreters_number(expression: str) -> None:
    check(expression, TARGET, INPUTS)


def test_a_mean_times_its_width_is_an_integer_sum() -> None:
    ratio = lowering_of(TARGET).ratios.of(sop("(indices + 1) * mean"))
    assert ratio.denominator == 1


def test_a_mean_is_the_sum_over_the_width() -> None:
    lowering = lowering_of(TARGET)
    node = sop("mean")
    assert isinstance(node, Aggregate)
    ratio = lowering.ratios.of(node)
    run = Run(TARGET, (3, 3, -1, 0))
    assert (run.form(ratio.top), run.form(ratio.bottom)) == ([3, 6, 5, 5], [1, 2, 3, 4])


def test_the_least_and_the_greatest_of_what_can_not_be_listed() -> None:
    target = Target.of([-1, 0, 2, 3], 200, False)
    lowering = lowering_of(target)
    node = sop("mean * 2 - 2/7")
    assert isinstance(lowering.values.of(node), Numbers)
    assert 0 < lowering.ratios.least(node) <= Fraction(1, 7 * 200)


def test_a_product_beyond_float32_is_no_ratio() -> None:
    target = Target.of(range(100), 512, False)
    lowering = lowering_of(target)
    node = sop("mean * rare * mean * rare")
    assert lowering.ratios.structural(node) is None
    with pytest.raises(CompileError):
        lowering.ratios.of(node)
