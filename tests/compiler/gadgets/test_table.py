import itertools
import operator

from hypothesis import given
from hypothesis import strategies as st

from compiler.gadgets.table import groups


@given(st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6))))
def test_a_key_is_rejected_exactly_where_the_relation_fails(relation: set[tuple[int, int]]) -> None:
    keys = queries = list(range(7))
    found = groups(lambda key, query: (key, query) in relation, keys, queries)
    for key, query in itertools.product(keys, queries):
        rejected = [group for group in found if key in group.keys and query in group.rejected]
        assert len(rejected) == (0 if (key, query) in relation else 1)


def test_an_order_needs_one_dimension_less_than_values() -> None:
    values = list(range(40))
    assert len(groups(operator.le, values, values)) == 39


def test_a_condition_on_the_key_alone_needs_one_dimension() -> None:
    assert len(groups(lambda key, _: key % 2 == 0, list(range(40)), list(range(40)))) == 1


def test_a_relation_that_always_holds_needs_none() -> None:
    assert groups(lambda *_: True, [1, 2], [1, 2, 3]) == []
