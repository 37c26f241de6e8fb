"""Programs that an earlier compiler got wrong, each on the input that showed it."""

import pytest

import compiler
import rasp
from compiler.verify import same_atoms

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
}


@pytest.mark.parametrize("case", CASES)
def test_right_now(case: str) -> None:
    program, length, tokens = CASES[case]
    sop = rasp.loads(program)["x"]
    model = compiler.compile(sop, vocab="01", max_length=length)
    assert same_atoms(model.batch_atoms([tokens])[0], sop.column(tokens).to_atoms())
    assert compiler.verify(model, exhaustive=200, adversarial=40, samples=60).passed
