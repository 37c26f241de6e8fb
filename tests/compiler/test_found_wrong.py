"""Programs that an earlier compiler got wrong, each on the input that showed it."""

import pytest

import compiler
import rasp
from compiler.verification.verify import same_atoms

OFTEN = "often = selector_width(select(tokens, tokens, ==));\n"
FRACTION = 'mean = aggregate(select(tokens_str, "1", ==), {value}, {default});\n'

CASES: dict[str, tuple[str, int, str]] = {
    "a default near 0 under a line": (FRACTION.format(value="tokens_int", default="0.01") + "x = round(1 / mean);", 16, "0"),
    "the same, negated": (FRACTION.format(value="indices", default="0.01") + "x = round(1 / (-mean));", 16, "0"),
    "the same, doubled": (FRACTION.format(value="indices", default="0.01") + "x = round(1 / (2 * mean));", 16, "0"),
    "the same, compared": (FRACTION.format(value="indices", default="0.001") + "x = 1 / mean > 500;", 32, "0"),
    "a default near 0, modulo": (FRACTION.format(value="indices", default="0.05") + "x = 3 % mean;", 16, "0"),
    "a choice of an int or a float": (
        'x = (indices if tokens_str == "1" else 0.0) + (0.0 if tokens_str == "1" else 2 * indices);',
        8,
        "1",
    ),
    "a mean of nothing under a line": (
        'never = select((tokens_str == "0") + 0, 2, ==) and select(length, 0, <);\nx = aggregate(never, indices ^ 3, 3) % 2.5;',
        16,
        "01",
    ),
    "means of numbers of either sign": (
        "mean = aggregate(select(tokens, tokens, ==), indices * 3 - tokens_int * 7);\n"
        "x = round(1 / mean) if mean > 0 or mean < 0 else 0;",
        16,
        "1000000000010001",
    ),
    "a mean that can't be listed is unequal": (
        "mean = aggregate(select(tokens, tokens, ==), indices);\nx = selector_width(select(mean, 0, !=));",
        13,
        "0",
    ),
    "the same, to an index": (
        "mean = aggregate(select(tokens, tokens, ==), indices);\nx = selector_width(select(mean, indices % 2, !=));",
        13,
        "0110",
    ),
    "a choice of a string or of too many numbers": (
        OFTEN + 'mean = aggregate(select(indices, indices, <=), tokens_int);\nx = "b" if often == 9 else mean - often;',
        20,
        "0",
    ),
    "a cell is emptied of large numbers": (
        OFTEN + "before = select(indices, indices - 1, ==);\nlarge = often * often * often * 70001;\n"
        "first = aggregate(before, large);\nlast = aggregate(before, large > 100000);\n"
        "x = first + selector_width(select(last, True, ==));",
        5,
        "0000",
    ),
}
LARGE = """
before = select(indices, indices - 1, ==);
first = aggregate(before, tokens_int);
last = aggregate(before, tokens_int == 0);
x = first + selector_width(select(last, True, ==));
"""


@pytest.mark.parametrize("case", CASES)
def test_right_now(case: str) -> None:
    program, length, tokens = CASES[case]
    sop = rasp.loads(program)["x"]
    model = compiler.compile(sop, vocab="01", max_length=length)
    assert same_atoms(model.batch_atoms([tokens])[0], sop.column(tokens).to_atoms())
    assert compiler.verify(model, exhaustive=200, adversarial=40, samples=60).passed


@pytest.mark.parametrize("largest", [1_400_001, 4_200_001])
def test_a_cell_is_emptied_of_large_tokens(largest: int) -> None:
    """The sum in the cell has room for the rounding of a count beside one number of up to 2^22."""
    model = compiler.compile(rasp.loads(LARGE)["x"], vocab=[0, 2, largest], max_length=5)
    assert model([largest]) == [0]
    assert compiler.verify(model, exhaustive=200, adversarial=40, samples=60).passed


def test_a_mean_of_a_large_number_and_others_of_every_kind() -> None:
    """Once it took minutes: staircases of 100,000 integers were taken apart again and again."""
    program = """
    v = (0.5 if tokens == "a" else (0.5 if tokens == "d" else (False if indices > 1 else 100000)));
    x = aggregate(select(tokens, "a", ==), v, True);
    """
    model = compiler.compile(rasp.loads(program)["x"], vocab="abd", max_length=6)
    assert compiler.verify(model, exhaustive=200, adversarial=40, samples=60).passed


@pytest.mark.parametrize("length", [512, *(pytest.param(length, marks=pytest.mark.slow) for length in (1_024, 2_100))])
def test_squares_of_places_that_heads_average(length: int) -> None:
    """A head that finds the last such position carries its square, too, which beyond 724 positions it can't round: codes then."""
    program = rasp.load("examples/induction.raspl")["next_token"]
    model = compiler.compile(program, vocab=range(5), max_length=length, causal=True)
    report = compiler.verify(model, exhaustive=30, adversarial=20, samples=10)
    assert report.passed
