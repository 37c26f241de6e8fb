"""The looped programs solve their tasks at any length."""

import pytest

from rasp.check import check
from tests.looped import LOOPED, Looped

SIZES = (*range(1, 21), 37, 50, 100, 200)


@pytest.mark.parametrize("looped", LOOPED, ids=lambda looped: looped.name)
def test_the_answer_is_right(looped: Looped) -> None:
    for question, answer in looped.samples(SIZES):
        assert looped.program(question)[-len(answer) :] == answer


@pytest.mark.parametrize("looped", LOOPED, ids=lambda looped: looped.name)
def test_the_step_is_raspl(looped: Looped) -> None:
    """Of errors there is none: what the programs strain is arithmetic on counts."""
    assert {finding.rule for finding in check(looped.program) if finding.severity == "error"} == set()
