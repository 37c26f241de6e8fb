import itertools
import operator
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.gadgets.order import ranking
from rasp.graph.nodes import Atom

ORDERS: dict[str, tuple[Callable[[Atom, Atom], bool], bool, bool]] = {
    "<": (operator.lt, False, True),
    "<=": (operator.le, False, False),
    ">": (operator.gt, True, True),
    ">=": (operator.ge, True, False),
}
NUMBERS = st.lists(st.integers(-9, 9) | st.fractions(-3, 3, max_denominator=3), min_size=1, max_size=9)
STRINGS = st.lists(st.text("abc", max_size=2), min_size=1, max_size=9)


@pytest.mark.parametrize("sign", ORDERS)
@given(sides=st.tuples(NUMBERS, NUMBERS) | st.tuples(STRINGS, STRINGS))
def test_a_key_is_selected_where_its_rank_is_less_than_what_the_query_accepts(
    sign: str, sides: tuple[list[Atom], list[Atom]]
) -> None:
    holds, descending, strict = ORDERS[sign]
    keys, queries = sides
    ranks = ranking(keys, queries, descending=descending, strict=strict)
    for key, query in itertools.product(keys, queries):
        assert 0 <= ranks.key(key) < ranks.size
        assert 0 <= ranks.query(query) <= ranks.size
        accepted = ranks.query(query) if ranks.strict else ranks.query(query) + 1
        assert (ranks.key(key) < accepted) == holds(key, query)


@pytest.mark.parametrize("size", [1, 2, 512, 8192])
def test_one_rank_for_each_value_where_all_are_compared(size: int) -> None:
    values: list[Atom] = list(range(size))
    ranks = ranking(values, values, descending=False, strict=True)
    assert ranks.size == size
    assert [ranks.key(value) for value in (0, size - 1)] == [0, size - 1]
    assert [ranks.query(value) for value in (0, size - 1)] == [0, size - 1]


def test_keys_that_no_query_tells_apart_share_a_rank() -> None:
    ranks = ranking(list(range(1000)), [Fraction(1, 2), 700], descending=False, strict=True)
    assert ranks.size == 3
    assert [ranks.key(key) for key in (0, 1, 699, 700, 999)] == [0, 1, 1, 2, 2]
    assert not ranks.strict  # every query accepts some key, so that one rank less is enough
    assert [ranks.query(query) for query in (Fraction(1, 2), 700)] == [0, 1]


@given(st.integers(1, 600), st.integers(2, 30), st.data())
def test_digits_decide_the_order_and_at_most_one_place_does(size: int, base: int, data: st.DataObject) -> None:
    """The formula of the gadget: some digit is less, and all above it are equal; only one can be."""
    key, query = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    places = [base**power for power in range(12) if base**power <= size]
    deciding = [
        place
        for place in places
        if key // (place * base) == query // (place * base) and key // place % base < query // place % base
    ]
    assert len(deciding) == int(key < query)
