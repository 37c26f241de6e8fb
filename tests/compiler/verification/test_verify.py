from dataclasses import replace
from typing import Any

import pytest

import compiler
import rasp
from compiler.errors import RaspError
from compiler.undefined import Undefined
from compiler.verification.adversarial import FAMILIES
from compiler.verification.comparison import Comparison
from compiler.verification.verify import RANDOM, SHORT

PROGRAM = """
w = selector_width(select(tokens, tokens, ==));
w_below_9 = w if w < 9 else 0;
reverse = aggregate(select(indices, length - 1 - indices, ==), tokens);
undefined_where_b_ends = 1 / indicator(not (aggregate(select(indices, length - 1, ==), tokens) == "b"));
ones = 1 / indicator(indices >= 0);
third = 1 / 3 + indices;
t = tokens;
"""
MODULE = rasp.loads(PROGRAM)


def model(name: str = "w", vocab: str = "ab", max_length: int = 20, program: str | None = None) -> compiler.Model:
    """A model of one s-op, which says that it is one of another."""
    made = compiler.compile(MODULE[name], vocab=vocab, max_length=max_length)
    return replace(made, sop=MODULE[program]) if program else made


def test_a_right_model() -> None:
    report = compiler.verify(model(), exhaustive=30, samples=50)
    assert report.passed
    assert (report.different, report.undefined, report.mismatches) == (0, 0, ())
    assert (report.complete_to, report.longest) == (4, 20)
    counts = {tally.name: tally.compared for tally in report.classes}
    assert set(counts) >= {SHORT, RANDOM, *FAMILIES}
    assert (counts[SHORT], counts[RANDOM]) == (30, 50)
    assert sum(counts.values()) == report.tried
    assert report.summary.startswith(f"{report.tried:,} inputs compared, no mismatch; all inputs up to length 4, others up to 20")
    rows = [line.rsplit(maxsplit=3) for line in str(report).splitlines()[2:]]
    assert {name.strip(): [int(number) for number in numbers] for name, *numbers in rows} == {
        name: [number, 0, 0] for name, number in counts.items()
    }


def test_a_fault_at_large_counts_only_is_found_and_made_small() -> None:
    report = compiler.verify(model(program="w_below_9"), exhaustive=30, samples=0)
    assert not report.passed
    assert report.different > 20
    (mismatch,) = report.mismatches
    assert mismatch.tokens == ("a",) * 9
    assert mismatch.interpreted == (0,) * 9
    assert mismatch.compiled == (9,) * 9
    assert mismatch.name in FAMILIES
    assert mismatch.found >= 9
    assert "at position 0 the program gives 0, the model 9" in str(mismatch)
    assert str(mismatch) in str(report)


def test_the_first_difference_is_named() -> None:
    (mismatch, *_) = compiler.verify(model("t", program="reverse"), exhaustive=30, adversarial=0, samples=0).mismatches
    assert mismatch.tokens in [("a", "b"), ("b", "a")]
    assert mismatch.position == 0


def test_kinds_count() -> None:
    one = rasp.loads("x = indices; y = indices / 1;")
    made = compiler.compile(one["x"], vocab="a", max_length=2)
    report = compiler.verify(replace(made, sop=one["y"]))
    assert report.different == 2
    assert "the program gives 0/1, the model 0" in str(report.mismatches[0])


def test_inputs_undefined_for_both_are_counted_apart() -> None:
    made = model("undefined_where_b_ends", max_length=4)
    report = compiler.verify(made)
    assert report.passed
    assert (report.tried, report.undefined, report.different) == (15, 15, 0)
    assert "15 inputs compared, no mismatch; all inputs up to length 4, others up to 4; 15 undefined (both); " in str(report)
    assert Comparison(made).outcomes([(0, 1), (1, 0)]) == [False, True]


def test_a_model_that_has_a_value_where_the_program_has_none() -> None:
    report = compiler.verify(model("ones", program="undefined_where_b_ends", max_length=4))
    assert (report.tried, report.undefined, report.different) == (30, 0, 15)
    (mismatch,) = report.mismatches
    assert mismatch.tokens == ("b",)
    assert (mismatch.compiled, mismatch.position) == ((1,), None)
    assert isinstance(mismatch.interpreted, Undefined)
    assert "program: undefined: <string>:5:26: division by zero" in str(mismatch)
    assert "model:   [1/1]" in str(mismatch)


def test_a_model_that_has_no_value_where_the_program_has_one() -> None:
    report = compiler.verify(model("undefined_where_b_ends", program="ones", max_length=4))
    assert (report.tried, report.undefined, report.different) == (30, 0, 15)
    (mismatch,) = report.mismatches
    assert (mismatch.tokens, mismatch.interpreted) == (("b",), (1,))
    assert isinstance(mismatch.compiled, Undefined)
    assert (mismatch.compiled.problem, mismatch.compiled.position) == ("division by zero", 0)
    assert str(mismatch.compiled) == "<string>:5:26: division by zero (at position 0)"


def test_nothing_compared_is_not_passed() -> None:
    with pytest.raises(rasp.RaspError, match="nothing to verify"):
        compiler.verify(model(), exhaustive=0, adversarial=0, samples=0)
    report = compiler.verify(model(), exhaustive=1, adversarial=0, samples=0)  # there are more inputs of one token
    assert (report.tried, report.passed, report.complete_to) == (0, False, 0)
    assert "0 inputs compared" in str(report)


def test_all_inputs_of_a_small_model() -> None:
    report = compiler.verify(model(max_length=3))
    assert (report.tried, report.complete_to, [tally.name for tally in report.classes]) == (14, 3, [SHORT])


def test_a_longest_length() -> None:
    report = compiler.verify(model(), exhaustive=0, samples=20, longest=5)
    assert report.longest == 5
    assert report.passed


def test_one_token_and_one_position() -> None:
    assert compiler.verify(model(vocab="a", max_length=1)).tried == 1
    assert compiler.verify(model(vocab="a", max_length=30), exhaustive=5).passed


def test_the_same_seed_gives_the_same_report() -> None:
    made = model()
    assert compiler.verify(made, exhaustive=30, seed=3) == compiler.verify(made, exhaustive=30, seed=3)


@pytest.mark.parametrize("arguments", [{"exhaustive": -1}, {"adversarial": -1}, {"samples": -5}, {"longest": 0}])
def test_numbers_that_make_no_sense(arguments: dict[str, Any]) -> None:
    with pytest.raises(RaspError, match="0 or more"):
        compiler.verify(model(), **arguments)


def test_batches_of_mixed_lengths_are_put_back_in_order() -> None:
    made = model(max_length=200)
    inputs = [(0,) * length for length in (3, 150, 1, 17, 200, 16)]
    assert Comparison(made).outcomes(inputs) == [True] * 6
    assert Comparison(made).first_failing(inputs) is None
    assert Comparison(made).first_failing([]) is None
