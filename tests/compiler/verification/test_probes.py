"""What probes ask, what they read, and what the interpreter must answer."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

import rasp
from compiler.compile import Compilation, passes
from compiler.target import Target
from compiler.verification.probes import Cells, Image, Pair, Probe, Sum, expected, probes_of
from rasp.evaluate import evaluate, evaluate_selector
from rasp.graph.nodes import Atom, Compare, Comparison, Input, Selector, Sop

TOKENS = Input("tokens_asis")
INDICES = Input("indices")
EARLIER = Compare(INDICES, INDICES, Comparison.LE)


class Asked:
    """An interpreter of one input."""

    def __init__(self, tokens: str) -> None:
        self.tokens = tokens

    def values(self, node: Sop) -> list[Atom]:
        return evaluate(node, self.tokens).to_atoms()

    def selected(self, selector: Selector) -> np.ndarray:
        return evaluate_selector(selector, self.tokens)


def compilation(program: str, name: str, vocab: str = "ab", max_length: int = 6) -> Compilation:
    return passes(rasp.loads(program)[name], Target.of(vocab, max_length, False), "depth")


def probes(program: str, name: str, max_length: int = 6) -> tuple[Probe, ...]:
    made = compilation(program, name, max_length=max_length)
    return probes_of(made, made.model.blueprint.named)


def test_an_image_goes_by_kind_first_then_by_value() -> None:
    image = Image(TOKENS, (1, True, "a"), (5, 6, 7))
    assert [image(value) for value in (1, True, "a")] == [5, 6, 7]
    assert Image(TOKENS, (1, 2), (5, 6))(Fraction(2)) == 6
    assert math.isnan(image("b"))
    assert math.isnan(image(3))


def test_an_image_of_what_can_not_be_listed_goes_by_stretches() -> None:
    half = Fraction(1, 2)
    image = Image(INDICES, (Fraction(0), half, Fraction(2), Fraction(9)), (0, 1, 2, 3), (half, Fraction(4)))
    assert [image(value) for value in (0, Fraction(1, 3), half, 1, 3)] == [0, 0, 1, 2, 2]
    assert [image(value) for value in (Fraction(9, 2), 100)] == [3, 3]
    assert math.isnan(image(4))
    assert math.isnan(image("a"))


@pytest.mark.parametrize(
    ("image", "text"),
    [
        (Image(INDICES, (0, 1, 2), (0, 1, 2)), "the number"),
        (Image(TOKENS, ("a", "b", "c"), (1, 0, 0)), 'is "a"'),
        (Image(TOKENS, ("a", "b", "c"), (1, 0, 1)), 'is not "b"'),
        (Image(INDICES, tuple(range(12)), (1,) * 5 + (0,) * 7), "is 0 or 1 or 2 or 3 or …"),
        (Image(TOKENS, ("a", 1), (-1, 1)), '"a": -1, 1: 1'),
        (Image(INDICES, tuple(range(9)), tuple(range(9, 0, -1))), "0: 9, 1: 8, 2: 7, 3: 6, …"),
    ],
)
def test_what_an_image_tells(image: Image, text: str) -> None:
    assert image.text == text


def test_expected_numbers() -> None:
    interpreter = Asked("abb")
    letters = Image(TOKENS, ("a", "b"), (3, 1))
    assert expected(letters, interpreter) == [3, 1, 1]
    assert expected(Sum(EARLIER, letters), interpreter) == [3, 4, 5]
    assert expected(Pair(INDICES, None), interpreter) == [0, 1, 2]


def test_reading_cells() -> None:
    answer = Cells((2, 0), (3, -1), 5, 0)
    values, integral = answer.read(np.array([[1, 9, 2], [0.5, 9, 0]], np.float32))
    assert values.tolist() == [10, 4.5]
    assert integral.tolist() == [True, False]
    values, integral = Cells((0, 1), (1, 1), 0, 0).read(np.array([[0.5, 1.5], [float("nan"), 1]], np.float32))
    assert values[0] == 2
    assert integral.tolist() == [False, False]


def test_a_count_is_one_cell_of_the_first_attention() -> None:
    (count,) = (probe for probe in probes("h = selector_width(select(tokens, tokens, ==));", "h") if probe.named)
    assert (count.name, count.text, count.ready) == ("h", "the number", 1)
    assert len(count.cells) == 1


def test_a_mean_is_a_sum_and_a_pair() -> None:
    found = probes("m = aggregate(select(indices, indices, <=), indices * 2) + 1/2;", "m", max_length=40)
    assert {type(probe.asks) for probe in found if probe.ready == 1} == {Sum, Pair}
    assert {type(probe.asks) for probe in found if probe.name == "m"} == {Pair}


def test_the_outermost_expression_has_the_name() -> None:
    found = probes("h = selector_width(select(tokens, tokens, ==)) + indices;", "h")
    (number,) = {probe.number for probe in found if probe.named}
    assert number == max(probe.number for probe in found)
    assert {probe.name for probe in found if probe.named} == {"h"}


def test_probes_are_read_while_their_cells_hold_them() -> None:
    program = "x = sort(tokens, tokens); y = reverse(x);"
    made = compilation("def reverse(s) { return aggregate(select(indices, length - 1 - indices, ==), s); }" + program, "y")
    uses = {(use.cell, use.complete): use for use in made.model.blueprint.cells}
    found = probes_of(made, made.model.blueprint.named)
    assert len(found) > 10
    for probe in found:
        stays = [uses[max(key for key in uses if key[0] == cell and key[1] <= probe.ready)] for cell in probe.cells]
        assert max(stay.complete for stay in stays) <= probe.ready <= probe.until
        assert all(probe.until <= max(stay.complete, stay.last_read - 1) for stay in stays)
