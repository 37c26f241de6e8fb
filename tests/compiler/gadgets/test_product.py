import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import compiler
import rasp
from compiler.circuit import Feature, Form, FromToken
from compiler.gadgets.product import quarter_square, switched
from compiler.gadgets.staircase import staircase
from tests.compiler.circuits import weigh


@given(st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6))
def test_two_quarter_squares_make_the_product(x: int, y: int) -> None:
    assert quarter_square(x + y) - quarter_square(x - y) == x * y


def squared_in_float32(z: int, low: int, high: int) -> np.float32:
    """The quarter square as units compute it: every partial sum in float32."""
    stairs = staircase([(k, quarter_square(k)) for k in range(low, high + 1)], high)
    places = np.array([stairs.low, *(at for at, _ in stairs.bends)], np.float32)
    changes = np.array([stairs.slope, *(change for _, change in stairs.bends)], np.float32)
    parts = np.maximum(np.float32(z) - places, np.float32(0)) * changes
    return np.cumsum(parts, dtype=np.float32)[-1] + np.float32(stairs.start)


@pytest.mark.parametrize(("low", "high"), [(0, 2047), (-2047, 2047), (-2047, 0)])
def test_products_up_to_the_bound_are_exact_in_float32(low: int, high: int) -> None:
    ends = (low, low + 1, (low + high) // 2, high - 1, high)
    for x in ends:
        for y in ends:
            one = squared_in_float32(x + y, 2 * low, 2 * high)
            other = squared_in_float32(x - y, low - high, high - low)
            assert one - other == x * y


@given(st.integers(-3000, 3000), st.integers(0, 3000), st.data())
def test_a_switch_times_an_integer_is_one_unit(low: int, span: int, data: st.DataObject) -> None:
    bit, y = Feature("bit", FromToken((0, 1)), 0, 1), Feature("y", FromToken((0, 1)), low, low + span)
    unit, rest = switched(Form.of(bit), Form.of(y))
    value = data.draw(st.integers(low, low + span))
    for on in (0, 1):
        at = {bit: on, y: value}
        assert max(0, weigh(unit.form, at)) + weigh(rest, at) == on * value


def test_a_compiled_product_of_counts_is_exact_at_its_greatest() -> None:
    program = """
        left = selector_width(select(tokens, tokens, ==));
        right = selector_width(select(tokens, tokens, !=));
        product = left * right - left * left;
    """
    sop = rasp.loads(program)["product"]
    model = compiler.compile(sop, vocab="ab", max_length=256)
    inputs = ["a" * 256, "a" * 128 + "b" * 128, "a" * 255 + "b", "b", "ab" * 127]
    assert model.batch(inputs) == [sop(tokens) for tokens in inputs]


def test_a_product_beyond_float32_is_refused() -> None:
    module = rasp.loads("n = selector_width(select(tokens, tokens, ==)); big = n * n * n;")
    with pytest.raises(compiler.CompileError, match="float32"):
        compiler.compile(module["big"], vocab="ab", max_length=2048)
