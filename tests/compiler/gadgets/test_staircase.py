import random
from collections.abc import Iterable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.circuit import FromPosition, FromUnits
from compiler.gadgets.staircase import Staircase, as_steps, clip, in_digits, staircase
from compiler.scores import EXACT, table_bound
from compiler.target import Target
from rasp.graph.nodes import Input
from tests.compiler.circuits import Run, lowering_of


def steps_of(low: int, values: Iterable[int | None]) -> list[tuple[int, int]]:
    """Steps from the values at low, low + 1, …; None is a point that never occurs and takes its neighbour's value."""
    listed = list(values)
    known = next((value for value in listed if value is not None), 0)
    steps = [(low, known)]
    for k, value in enumerate(listed, start=low):
        if value is not None and value != steps[-1][1]:
            steps.append((k, value))
    return steps


def stairs_through(low: int, values: Sequence[int | None]) -> Staircase:
    return staircase(steps_of(low, values), low + len(values) - 1)


def in_float32(stairs: Staircase, x: int) -> float:
    """The value as a layer computes it: float32 units, float32 sums, in two orders."""
    places = np.array([stairs.low, *(at for at, _ in stairs.bends)], np.float32)
    changes = np.array([stairs.slope, *(change for _, change in stairs.bends)], np.float32)
    parts = np.maximum(np.float32(x) - places, np.float32(0)) * changes
    forwards, backwards = np.cumsum(parts, dtype=np.float32)[-1], np.cumsum(parts[::-1], dtype=np.float32)[-1]
    assert forwards == backwards
    return float(forwards + np.float32(stairs.start))


@given(st.integers(-50, 50), st.lists(st.one_of(st.none(), st.integers(-100, 100)), min_size=1, max_size=40))
def test_a_staircase_goes_through_every_given_point(low: int, values: list[int | None]) -> None:
    stairs = stairs_through(low, values)
    for x, value in enumerate(values, start=low):
        assert value is None or stairs(x) == value == in_float32(stairs, x)


def test_linear_functions_need_no_units() -> None:
    assert stairs_through(-3, list(range(10, 60, 5))).bends == ()
    assert stairs_through(0, [7, None, None, 7]).bends == ()


def test_a_threshold_needs_two_units() -> None:
    assert len(stairs_through(0, [0] * 100 + [1] * 100).bends) == 2


def test_a_bend_that_no_integer_reaches_is_left_out() -> None:
    assert staircase([(0, 0), (5, 1)], 4).bends == ()
    assert staircase([(0, 0), (5, 1)], 5).bends == ((4, 1),)


@pytest.mark.parametrize("high", [512, 2048])
def test_the_worst_zigzag_below_the_bound_is_exact_in_float32(high: int) -> None:
    size = 2**24 // (2 * high * (high + 1))  # the changes are at most 2·size, at each of up to `high` places
    stairs = stairs_through(0, [size * (k % 2) for k in range(high + 1)])
    assert abs(stairs.slope) * high + sum(abs(change) * (high - at) for at, change in stairs.bends) < 2**24
    assert all(in_float32(stairs, x) == size * (x % 2) for x in (0, 1, 2, high // 2, high - 1, high))


def test_one_step_of_a_wide_range_is_exact_at_its_ends() -> None:
    stairs = staircase([(-(2**22), -7), (2**22 - 1, 1)], 2**22)
    assert [in_float32(stairs, x) for x in (-(2**22), 0, 2**22 - 2, 2**22 - 1, 2**22)] == [-7, -7, -7, 1, 1]


STEPS = st.lists(st.tuples(st.integers(-20, 20), st.integers(-5, 5)), min_size=1, unique_by=lambda step: step[0])


@given(STEPS, st.integers(-25, 25))
def test_clipped_steps_are_the_same_function_from_the_least_integer_on(steps: list[tuple[int, int]], low: int) -> None:
    steps = sorted(steps)
    clipped = clip(steps, low)

    def at(known: list[tuple[int, int]], x: int) -> int:
        return next((value for place, value in reversed(known) if place <= x), known[0][1])

    assert clipped[0][0] == low
    assert all(place > low for place, _ in clipped[1:])
    for x in range(max(low, steps[0][0]), 26):
        assert staircase(clipped, 26)(x) == at(clipped, x)
        if any(place <= low for place, _ in steps[1:]) and low >= steps[0][0]:
            continue
        assert at(clipped, x) == at(steps, x)


NODE = Input("indices")


@pytest.mark.parametrize("before", [0, 5])
@pytest.mark.parametrize("bit", [0, 3, 6, 7, 12])
def test_the_bits_of_large_integers_take_two_short_staircases(bit: int, before: int) -> None:
    """Directly, the lowest bit of 8,192 integers adds up 2^26; below 0 the function is constant."""
    draw = random.Random(bit)
    images = [1 if x >> bit & 1 else -1 for x in range(8_192)]
    steps = [(-9_000, before), *((x, image) for x, image in enumerate(images) if not x or image != images[x - 1])]
    places = tuple(sorted({-9_000, -8_191, -1, 0, 1, 127, 128, 8_191, *(draw.randint(-9_000, 8_191) for _ in range(56))}))
    target = Target.of("ab", len(places), False)
    features = lowering_of(target).features
    x = features.embedding(FromPosition(places))
    form = features.staircase(NODE, x, steps)
    tables = [feature.origin for feature in form.features]
    assert tables
    assert all(isinstance(origin, FromUnits) and table_bound(origin) < EXACT for origin in tables)
    found = Run(target, "a" * len(places)).form(form)
    assert found == [images[x] if x >= 0 else before for x in places]


@given(st.integers(-9, 9), st.lists(st.integers(0, 3), min_size=1, max_size=40))
def test_digits_say_what_the_steps_say(low: int, values: list[int]) -> None:
    high = low + len(values) - 1
    digits = in_digits(steps_of(low, values), high)
    if digits is not None:
        for x, value in enumerate(values, start=low):
            y = x - digits.origin
            said = digits.before if y < 0 else digits.of_high[y // digits.base] + digits.of_low[y % digits.base]
            assert said == value


def test_what_is_no_function_of_two_digits() -> None:
    assert in_digits(as_steps([k * k for k in range(64)]), 63) is None
    assert in_digits(as_steps([k // 8 + 3 * (k % 8) for k in range(64)]), 63) is not None
    assert in_digits([(0, 0), (2**21, 1)], 2**22) is None
