from fractions import Fraction

from compiler.gadgets.mean import how_many, means, thresholds


def test_the_means_are_those_of_every_choice_of_values() -> None:
    assert set(means(0, 1, 1, 3)) == {Fraction(0), Fraction(1), Fraction(1, 2), Fraction(1, 3), Fraction(2, 3)}
    assert len(list(means(-2, 5, 3, 9))) == how_many(-2, 5, 9)


def test_thresholds_rebuild_the_function_from_integers_alone() -> None:
    values = sorted(set(means(0, 2, 1, 8)))

    def function(value: Fraction) -> int:
        return 3 if value > Fraction(1, 2) else -(value == Fraction(1, 3))

    found = thresholds(values, function)
    for width in range(1, 9):
        for total in range(2 * width + 1):
            above = [change for t, change in found if t.denominator * total - t.numerator * width >= 1]
            assert function(values[0]) + sum(above) == function(Fraction(total, width))
