import itertools

import pytest

from compiler.gadgets.equality import code_bit, code_functions, code_length


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 17, 100])
def test_equal_codes_score_all_bits_and_others_at_least_two_less(size: int) -> None:
    bits = code_length(size)
    codes = [[code_bit(index, bit) for bit in range(bits)] for index in range(size)]
    for one, other in itertools.product(range(size), repeat=2):
        score = sum(a * b for a, b in zip(codes[one], codes[other], strict=True))
        assert score == bits if one == other else score <= bits - 2


def test_code_length_is_logarithmic() -> None:
    assert [code_length(size) for size in (1, 2, 3, 4, 5, 512, 513, 65_536)] == [0, 1, 2, 2, 3, 9, 10, 16]


def test_values_outside_the_list_have_code_zero() -> None:
    functions = code_functions(["a", "b", "c"])
    assert [function("z") for function in functions] == [0, 0]
    assert len({tuple(function(value) for function in functions) for value in "abc"}) == 3


def test_values_that_compare_equal_share_a_code() -> None:
    functions = code_functions([1, True, 2])
    assert [function(1) for function in functions] == [function(True) for function in functions]
