"""What results are set against."""

from __future__ import annotations

import pytest

from conjecture.controls import chances, is_legal, measures_of
from conjecture.errors import LabError
from conjecture.solved import check_program
from conjecture.task_type import Program
from conjecture.tasks import task_named


@pytest.mark.parametrize(
    "name",
    ["count", "copy-unique", "mode", "sort", "reverse-unique", "addition-reversed-hinted", "parity-scratchpad", "boolean-and"],
)
def test_programs_of_rasp_l(name: str) -> None:
    assert is_legal(task_named(name))


@pytest.mark.parametrize(
    "name", ["copy-repeat", "parity", "addition-forward", "addition-reversed", "binary-majority-interleaved"]
)
def test_programs_that_rasp_l_forbids(name: str) -> None:
    assert not is_legal(task_named(name))


def test_chance_is_that_of_the_best_blind_answer() -> None:
    """One of two bits; one of very many copies; with a single zero in half of the inputs, 'no' is right half of the time."""
    bit, copy, conjunction = (chances(task_named(name), 20, [(20, 20)])[0] for name in ("parity", "copy-unique", "boolean-and"))
    assert bit == pytest.approx(0.5, abs=0.06)
    assert copy < 0.01
    assert conjunction == pytest.approx(0.5, abs=0.06)


def test_measures_have_names_and_are_those_of_the_program() -> None:
    found = measures_of(task_named("parity").program)
    assert found["simplified heads"] == 1
    assert {"written nodes", "simplified bits", "text tokens"} <= found.keys()


def test_a_program_that_does_not_solve_its_task_is_told() -> None:
    parity = task_named("parity")
    wrong = Program("binary_majority.raspl")
    assert check_program(parity, 10, [(9, 10)], 8, program=wrong).interpreter[0] < 1
    with pytest.raises(LabError, match=r"'next_token' of binary_majority.raspl does not solve parity: on .* it answers"):
        check_program(parity, 10, [(9, 10)], 8, program=wrong, require=True)
