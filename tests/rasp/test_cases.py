"""The interpreter on the table of cases: every listed input, and every input up to a length."""

from __future__ import annotations

import itertools

import pytest

import rasp
from tests.cases import CASES, Case

LONGEST = {2: 6, 3: 5, 4: 4}
"""Longest inputs tried, by the size of the vocabulary."""


def agrees(got: list[object], wanted: list[object]) -> bool:
    return len(got) == len(wanted) and all(map(_same, got, wanted))


def _same(got: object, wanted: object) -> bool:
    if isinstance(wanted, float):
        return isinstance(got, float) and abs(got - wanted) <= 1e-9
    return type(got) is type(wanted) and got == wanted


def every_input(case: Case) -> list[str]:
    shortest = 0 if case.first else 1
    lengths = range(shortest, LONGEST[len(case.vocab)] + 1)
    return [case.first + "".join(word) for n in lengths for word in itertools.product(case.vocab, repeat=n)]


def test_names_are_distinct() -> None:
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_example_worked_by_hand_agrees_with_the_oracle(case: Case) -> None:
    tokens, output = case.example
    assert agrees(case.oracle(tokens), output)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_interpreter(case: Case) -> None:
    value = rasp.loads(case.program, case.dialect)[case.result]
    for tokens, output in case.outputs:
        assert agrees(value(tokens), output), tokens
    for tokens in every_input(case):
        got, wanted = value(tokens), case.oracle(tokens)
        assert agrees(got, wanted), (tokens, got, wanted)
