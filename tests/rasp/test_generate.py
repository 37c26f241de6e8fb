"""Autoregressive generation."""

from __future__ import annotations

from random import Random

import pytest

import rasp
from rasp.elaborate.raspl import RaspLFunction
from rasp.errors import InputError, RaspTypeError, RaspValueError

COUNT = """
END = -2

def count(x, start=-1, step=1):
    'after START a b: a, a + step, ... up to b, then END'
    begin = lasts(x, full(x, start))
    low = index_select(x, begin + 1)
    high = index_select(x, begin + 2)
    following = where(x >= high, full(x, END), x + step)
    return where(indices(x) == begin + 2, low, following)
"""


@pytest.fixture(scope="module")
def count() -> RaspLFunction:
    return rasp.loads(COUNT, "rasp-l")["count"]


def test_generation_ends_with_the_stop_token(count: RaspLFunction) -> None:
    assert count.generate([-1, 3, 7], stop=-2) == [-1, 3, 7, 3, 4, 5, 6, 7, -2]


def test_generation_takes_constants(count: RaspLFunction) -> None:
    assert count.generate([-9, 3, 7], stop=-2, start=-9, step=2) == [-9, 3, 7, 3, 5, 7, -2]


def test_generation_ends_at_the_limit(count: RaspLFunction) -> None:
    assert count.generate([-1, 0, 100], stop=-2, max_new_tokens=4) == [-1, 0, 100, 0, 1, 2, 3]
    assert count.generate([-1, 0, 100], stop=-2, max_new_tokens=0) == [-1, 0, 100]


def test_each_token_is_the_program_s_last_value(count: RaspLFunction) -> None:
    tokens = count.generate([-1, 2, 6], stop=-2)
    for length in range(3, len(tokens)):
        assert count(tokens[:length])[-1] == tokens[length]


def test_a_prompt_that_is_no_prompt(count: RaspLFunction) -> None:
    with pytest.raises(InputError, match="empty"):
        count.generate([], stop=-2)
    with pytest.raises(InputError, match="no token"):
        count.generate(["a"], stop=-2)
    with pytest.raises(RaspValueError, match="max_new_tokens"):
        count.generate([1], stop=-2, max_new_tokens=-1)
    with pytest.raises(RaspTypeError, match="no parameter 'stopp'"):
        count.generate([1], stop=-2, stopp=3)


def test_bools_are_generated_as_ints() -> None:
    flip = rasp.loads("def flip(x):\n    return x == 0\n", "rasp-l")["flip"]
    assert flip.generate([1], stop=7, max_new_tokens=3) == [1, 0, 1, 0]


def test_generated_counting_is_right_on_random_tasks(count: RaspLFunction) -> None:
    rng = Random(1)
    for _ in range(10):
        low = rng.randint(0, 50)
        high = low + rng.randint(0, 20)
        assert count.generate([-1, low, high], stop=-2) == [-1, low, high, *range(low, high + 1), -2]
