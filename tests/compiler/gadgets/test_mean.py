import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import compiler
import rasp
from compiler.gadgets.mean import Piecewise, at_cuts, between, how_many, means, through_values

FRACTIONS = st.fractions(-4, 4, max_denominator=9)


def test_the_means_are_those_of_every_choice_of_values() -> None:
    assert set(means(0, 1, 1, 3)) == {Fraction(0), Fraction(1), Fraction(1, 2), Fraction(1, 3), Fraction(2, 3)}
    assert len(list(means(-2, 5, 3, 9))) == how_many(-2, 5, 9)


def rebuilt(piecewise: Piecewise, total: int, width: int) -> int:
    """A function of total / width from integers alone: two units for each place."""
    value = piecewise.first
    for place, included, change in piecewise.changes:
        x = place.denominator * total - place.numerator * width + int(included)
        value += change * (max(0, x) - max(0, x - 1))
    return value


def test_thresholds_rebuild_the_function_from_integers_alone() -> None:
    values = sorted(set(means(0, 2, 1, 8)))

    def function(value: Fraction) -> int:
        return 3 if value > Fraction(1, 2) else -(value == Fraction(1, 3))

    found = through_values(values, function)
    for width in range(1, 9):
        for total in range(2 * width + 1):
            assert rebuilt(found, total, width) == function(Fraction(total, width))


@given(st.dictionaries(FRACTIONS, st.integers(-5, 5), min_size=1, max_size=12))
def test_any_function_of_listed_fractions(images: dict[Fraction, int]) -> None:
    found = through_values(sorted(images), lambda value: images[value])
    for value, image in images.items():
        assert rebuilt(found, value.numerator, value.denominator) == image
        assert rebuilt(found, 3 * value.numerator, 3 * value.denominator) == image
        assert found.low <= image <= found.high


@given(st.lists(FRACTIONS, min_size=1, max_size=6, unique=True), st.data())
def test_any_function_that_changes_at_cuts_only(cuts: list[Fraction], data: st.DataObject) -> None:
    cuts = sorted(cuts)
    ends = (cuts[0] - 1, cuts[-1] + 1)
    middles = [(a + b) / 2 for a, b in itertools.pairwise((ends[0], *cuts, ends[1]))]
    points = sorted({*cuts, *middles})
    images = dict(zip(points, data.draw(st.lists(st.integers(-4, 4), min_size=len(points), max_size=len(points))), strict=True))

    def function(value: Fraction) -> int:
        """Constant on each cut and on each part between two."""
        return images[value] if value in images else images[middles[sum(cut < value for cut in cuts)]]

    found = at_cuts(points, cuts, function)
    value = data.draw(st.fractions(ends[0], ends[1], max_denominator=20) | st.sampled_from(cuts))
    assert rebuilt(found, value.numerator, value.denominator) == function(value)


@given(FRACTIONS, FRACTIONS)
def test_the_place_between_two_fractions_is_the_simplest(a: Fraction, b: Fraction) -> None:
    low, high = min(a, b), max(a, b)
    if low == high:
        return
    place, belongs_above = between(low, high)
    assert low <= place <= high
    assert belongs_above == (place > low)
    for denominator in range(1, place.denominator):
        assert not any(low <= Fraction(p, denominator) <= high for p in range(-4 * denominator, 4 * denominator + 1))


@pytest.mark.parametrize("cut", ["0.5", "1/3", "0"])
@pytest.mark.parametrize("sign", ["<", "<=", "==", ">"])
def test_a_compiled_mean_is_compared_exactly(cut: str, sign: str) -> None:
    """Also where float64 would not tell: at 1/3 and at every prefix."""
    module = rasp.loads(f'x = aggregate(select(indices, indices, <=), indicator(tokens == "a")) {sign} {cut};')
    model = compiler.compile(module["x"], vocab="ab", max_length=64)
    tokens = ["a" * 64, "b" * 64, "ab" * 32, "abb" * 21 + "a", "b" * 42 + "a" * 22, "ba" * 20]
    assert model.batch(tokens) == [module["x"](each) for each in tokens]


@pytest.mark.parametrize("default", ["0", "5", "1/2"])
def test_where_nothing_is_selected_the_default_is_compared(default: str) -> None:
    module = rasp.loads(f'x = aggregate(select(indices, indices, <) and select(tokens, "a", ==), indices, {default}) > 1;')
    model = compiler.compile(module["x"], vocab="ab", max_length=12)
    assert compiler.verify(model, exhaustive=60, adversarial=20, samples=20).passed
