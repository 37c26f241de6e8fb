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
    signed = indices if share > 0.4 else 0 - indices;
    mean = aggregate(select(indices, indices, <=), indices);
    difference = mean - indices;
    shifted = mean + 2;
    rank = selector_width(select(shifted, shifted, <));
    n = selector_width(select(indices, indices, <=));
    numbered = n * 10 + indices;
    with_mean = often + aggregate(select(tokens, tokens, ==), indices);
    twice = selector_width(select(tokens, tokens, ==));
    x = selector_width(select(tokens, tokens, ==));
    x = selector_width(select(x, x, ==));
    again = selector_width(select(x, x, ==));
""")


def compiled(name: str, longest: int = 6) -> compiler.Model:
    return compiler.compile(PROGRAM[name], vocab="abc", max_length=longest)


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
    """Its bottom stays, so that only fractions with that bottom can be written."""
    model = compiled("above", 4)
    assert model("baac") == [1, 2, 2 / 3, 1]
    assert patch(model, "baac", "share", {1: 1}) == [1, 1, 2 / 3, 1]
    assert patch(model, "baac", "share", {2: 1 / 3}) == [1, 2, 2, 1]
    with pytest.raises(LabError, match=r"'share' can't be 0.7 here"):
        patch(model, "baac", "share", {2: 0.7})


def test_a_comparison_reads_the_new_number() -> None:
    assert patch(compiled("signed"), "abca", "share", {1: 1, 2: 0}) == [0, 1, -2, 3]
    assert patch(compiled("difference"), "abca", "mean", {1: 0}) == [0, -1, -1, -1.5]
    assert patch(compiled("difference"), "abca", "mean", {1: 1, 2: 2 / 3}) == [0, 0, -4 / 3, -1.5]


@pytest.mark.parametrize(
    ("program", "sop", "value", "message"),
    [
        ("numbered", "n", 3, "the cells of 'n' also hold"),
        ("again", "x", 1, "there are several s-ops 'x'"),
        ("difference", "mean", 1 / 3, "'mean' can't be 0.3333"),
        ("difference", "mean", 2**40, "'mean' can't be 1099511627776"),
        ("difference", "mean", -5, "'mean' can't be -5"),
        ("difference", "mean", float("inf"), "'mean' can't be inf"),
        ("difference", "mean", "a", "'mean' can't be 'a'"),
    ],
)
def test_what_would_not_be_that_s_op_alone(program: str, sop: str, value: object, message: str) -> None:
    with pytest.raises(LabError, match=message):
        patch(compiled(program, 60), "abca", sop, {1: value})


def test_cells_that_two_s_ops_share() -> None:
    with pytest.raises(LabError, match="the cells of 'shifted' also hold 'mean', which would change with it"):
        patch(compiled("rank"), "abca", "shifted", {1: 2.5})


@pytest.mark.parametrize("place", [4, -1, 0.0, "0", True])
def test_what_is_no_position(alike: compiler.Model, place: Any) -> None:
    with pytest.raises(LabError, match=f"position {place!r} is none of an input of 4 tokens"):
        patch(alike, "abca", "often", {place: 1})


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (lambda model: patch(model, "abca", "oft", {0: 1}), "no cells hold 'oft'(.|\n)*alike, often"),
        (lambda model: patch(model, "abca", "often", {0: 7}), "'often' can't be 7 here"),
        (lambda model: patch(model, "abca", "often", {0: "a"}), "'often' can't be 'a' here"),
    ],
)
def test_what_can_not_be_patched(alike: compiler.Model, bad: Callable[[compiler.Model], Any], message: str) -> None:
    with pytest.raises(LabError, match=message):
        bad(alike)
