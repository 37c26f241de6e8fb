from hypothesis import given
from hypothesis import strategies as st

from compiler.gadgets.staircase import staircase


@given(st.integers(-50, 50), st.lists(st.one_of(st.none(), st.integers(-100, 100)), min_size=1, max_size=40))
def test_a_staircase_goes_through_every_given_point(low: int, values: list[int | None]) -> None:
    stairs = staircase(low, values)
    for x, value in enumerate(values, start=low):
        assert value is None or stairs(x) == value


def test_linear_functions_need_no_units() -> None:
    assert staircase(-3, list(range(10, 60, 5))).bends == ()
    assert staircase(0, [7, None, None, 7]).bends == ()


def test_a_threshold_needs_two_units() -> None:
    assert len(staircase(0, [0] * 100 + [1] * 100).bends) == 2
