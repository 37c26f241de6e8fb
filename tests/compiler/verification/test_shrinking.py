from collections.abc import Callable, Sequence

from hypothesis import given
from hypothesis import strategies as st

from compiler.verification.adversarial import Ids
from compiler.verification.shrinking import FirstFailing, shrunk


def first(fails: Callable[[Ids], bool]) -> FirstFailing:
    def judge(inputs: Sequence[Ids]) -> int | None:
        assert all(inputs), "an empty input is no input"
        return next((place for place, ids in enumerate(inputs) if fails(ids)), None)

    return judge


def test_tokens_are_dropped_and_replaced() -> None:
    assert shrunk((4, 1, 3, 9, 2, 7) * 50, first(lambda ids: 9 in ids and len(ids) >= 4)) in [
        (9, 0, 0, 0),
        (0, 9, 0, 0),
        (0, 0, 9, 0),
        (0, 0, 0, 9),
    ]
    assert shrunk((1, 2, 3), first(lambda _: True)) == (0,)
    assert shrunk((1, 2, 3), first(lambda ids: ids == (1, 2, 3))) == (1, 2, 3)


def test_an_order_that_matters_is_kept() -> None:
    assert shrunk((5, 1, 2, 1, 2, 5), first(lambda ids: 2 in ids and 1 in ids[ids.index(2) :])) == (2, 1)


def test_few_candidates_are_tried_for_a_long_input() -> None:
    tried = 0

    def judge(inputs: Sequence[Ids]) -> int | None:
        nonlocal tried
        tried += len(inputs)
        return next((place for place, ids in enumerate(inputs) if ids.count(3) >= 2), None)

    assert shrunk((0, 3, *[1] * 500, 3, 2), judge) == (3, 3)
    assert tried < 1_000


@given(st.lists(st.integers(0, 4), min_size=1, max_size=24), st.sets(st.integers(0, 4), min_size=1, max_size=3))
def test_no_single_change_of_the_result_fails(items: list[int], needed: set[int]) -> None:
    def fails(ids: Ids) -> bool:
        return needed & set(items) <= set(ids) and sum(ids) % 3 == sum(items) % 3

    small = shrunk(tuple(items), first(fails))
    assert fails(small)
    changed = [(*small[:k], *small[k + 1 :]) for k in range(len(small))]
    changed += [(*small[:k], 0, *small[k + 1 :]) for k in range(len(small)) if small[k]]
    assert not any(fails(ids) for ids in changed if ids)
