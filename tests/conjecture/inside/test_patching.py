"""A patched value is read by what comes after it, and by nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import compiler
import rasp
from conjecture.errors import LabError
from conjecture.inside import patch

PROGRAM = rasp.loads("""
    often = selector_width(select(tokens, tokens, ==));
    alike = selector_width(select(often, often, ==));
    share = aggregate(select(indices, indices, <=), indicator(tokens == "a"));
    more = share + 1;
    above = share if share > 0.5 else often;
""")


@pytest.fixture(scope="module")
def alike() -> compiler.Model:
    return compiler.compile(PROGRAM["alike"], vocab="abc", max_length=6)


@pytest.mark.parametrize("values", [{}, {0: 1}, {0: 1, 3: 1}, {1: 3, 2: 3}, {0: 6}])
def test_what_follows_reads_the_new_values(alike: compiler.Model, values: dict[int, int]) -> None:
    often = [values.get(place, value) for place, value in enumerate([2, 1, 1, 2])]
    assert patch(alike, "abca", "often", values) == [often.count(value) for value in often]


def test_the_result_itself(alike: compiler.Model) -> None:
    assert patch(alike, "abca", "alike", {1: 4}) == [2, 4, 2, 2]


def test_the_input(alike: compiler.Model) -> None:
    """Changing a token's cells is as good as another token."""
    assert patch(alike, "abca", "tokens_str", {0: "b"}) == alike("bbca")


def test_a_number_that_is_a_pair_of_cells() -> None:
    model = compiler.compile(PROGRAM["above"], vocab="abc", max_length=4)
    assert model("baac") == [1, 2, 2 / 3, 1]
    assert patch(model, "baac", "share", {0: 0.75}) == [0.75, 2, 2 / 3, 1]


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (lambda model: patch(model, "abca", "oft", {0: 1}), "no cells hold 'oft'(.|\n)*alike, often"),
        (lambda model: patch(model, "abca", "often", {4: 1}), "position 4 is none of an input of 4 tokens"),
        (lambda model: patch(model, "abca", "often", {0: 7}), "'often' can't be 7 in this model"),
        (lambda model: patch(model, "abca", "often", {0: "a"}), "'often' can't be 'a' in this model"),
    ],
)
def test_what_can_not_be_patched(alike: compiler.Model, bad: Callable[[compiler.Model], Any], message: str) -> None:
    with pytest.raises(LabError, match=message):
        bad(alike)
