import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import compiler
import rasp
from compiler.gadgets.mean import at_cuts
from compiler.gadgets.nearest import around_integers


@given(st.integers(-9, 3), st.integers(1, 9), st.lists(st.integers(-3, 3), min_size=60, max_size=60))
def test_a_function_is_told_by_an_integer_and_a_side(low: int, size: int, images: list[int]) -> None:
    """Every function that changes at integers only: any values at the integers and between them."""
    high = low + size

    def function(number: Fraction) -> int:
        return (
            images[math.floor(number * 2) - 2 * (low - 1)]
            if number.denominator == 1
            else images[2 * (math.floor(number) - low) + 3]
        )

    cuts = [Fraction(k) for k in range(low, high + 1)]
    points = sorted({Fraction(low) - Fraction(1, 3), *cuts, *(cut + Fraction(1, 3) for cut in cuts)})
    sides = around_integers(at_cuts(points, cuts, function), low, high)
    for k in range(low, high + 1):
        assert sides.at[k] == function(Fraction(k))
        assert sides.at[k] + sides.above[k] == function(k + Fraction(1, 3))
        assert sides.at[k] + sides.below[k] == function(k - Fraction(1, 3))


@pytest.mark.parametrize("default", [0, 7, -3])
@pytest.mark.parametrize("values", ["x * 700 - 1000", "x * 900"])
def test_integer_means_of_large_numbers(values: str, default: int) -> None:
    """A threshold for each value would add up to more than float32 holds."""
    source = f"def f(x):\n    return kqv(x, shift_right(x, 1), {values}, equals, default={default})\n"
    model = compiler.compile(rasp.loads(source, "rasp-l")["f"], range(6), 24, causal=True)
    assert any("beside an integer" in cell for cell in model.cells)
    assert compiler.verify(model, exhaustive=300, adversarial=100, samples=200).passed
