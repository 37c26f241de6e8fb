"""Value sets are sound: they hold every value that the interpreter gives, on every program that the generators make."""

import random
from dataclasses import replace
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rasp
from compiler.analysis.kinds import KindTable
from compiler.analysis.valuesets import Numbers
from compiler.target import Target
from rasp.evaluate import evaluate
from rasp.graph import canonical
from rasp.graph.nodes import SELECTOR_TYPES, Aggregate, Atom, Node, Sop
from tests.compiler.programs import LIBRARY, NAMES
from tests.compiler.soundness import check_value_sets, random_sops, some_inputs, value_sets
from tests.rasp.graph.graphs import graphs

MODULE = rasp.loads(LIBRARY)
LETTERS = Target.of("ab1", 6, False)
NUMBERS = Target.of([0, 1, 2, 5], 9, False)


@pytest.mark.parametrize("target", [LETTERS, NUMBERS], ids=["letters", "numbers"])
def test_random_programs(target: Target) -> None:
    checked = sum(check_value_sets(sop.node, target, some_inputs(target, seed, 30)) for seed, sop in random_sops(range(30)))
    assert checked > 200


@pytest.mark.slow
@pytest.mark.parametrize("target", [LETTERS, NUMBERS], ids=["letters", "numbers"])
def test_many_random_programs(target: Target) -> None:
    for seed, sop in random_sops(range(10_000, 13_000)):
        check_value_sets(sop.node, target, some_inputs(target, seed, 60))


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(graphs(largest=8), st.sampled_from([LETTERS, NUMBERS]), st.integers(0, 2**32))
def test_random_graphs(node: Node, target: Target, seed: int) -> None:
    if not isinstance(node, SELECTOR_TYPES):
        check_value_sets(node, target, some_inputs(target, seed, 20))


@pytest.mark.parametrize("name", NAMES)
def test_library_programs_at_length_40(name: str) -> None:
    target = Target.of("abc", 40, False)
    draw = random.Random(name)
    inputs: list[tuple[Atom, ...]] = [tuple("a" * 40), tuple("abc" * 13), *(tuple(draw.choices("abc", k=40)) for _ in range(5))]
    assert check_value_sets(MODULE[name].node, target, inputs)


def sops(program: str, *names: str) -> list[Sop]:
    module = rasp.loads(program)
    found: list[Sop] = []
    for name in names:
        root = canonical(module[name].node).root
        assert not isinstance(root, SELECTOR_TYPES)
        found.append(root)
    return found


def test_sets_are_joint_over_their_sources() -> None:
    """What can't occur together is not combined: the size is that of what occurs."""
    double, zero, parts = sops(
        "double = indices + indices; zero = tokens_int - tokens_int; parts = indices % 2 == 0 and (indices + 1) % 2 == 0;",
        "double", "zero", "parts",
    )  # fmt: skip
    values = value_sets(Target.of(range(100), 50, False))
    assert values.of(double) == tuple(range(0, 100, 2))
    assert values.of(zero) == (0,)
    assert values.of(parts) == (False,)


def test_a_width_has_every_count_and_a_reflexive_one_is_never_zero() -> None:
    some, same = sops(
        'some = selector_width(select(tokens, "a", ==)); same = selector_width(select(tokens, tokens, ==));', "some", "same"
    )
    values = value_sets(Target.of("ab", 5, False))
    assert values.of(some) == (0, 1, 2, 3, 4, 5)
    assert values.of(same) == (1, 2, 3, 4, 5)


def test_equal_values_of_unlike_kinds_are_several() -> None:
    (mixed,) = sops("mixed = (1 if indices == 0 else 1.0) if indices < 2 else True;", "mixed")
    values = value_sets(Target.of("ab", 5, False)).listed(mixed)
    assert sorted(type(value).__name__ for value in values) == ["Fraction", "bool", "int"]
    assert set(values) == {1}


@pytest.mark.parametrize("reduction", ["min", "max"])
def test_an_extreme_of_several_bools_is_an_int(reduction: Literal["min", "max"]) -> None:
    """Of one bool it is that bool."""
    (mean,) = sops("mean = aggregate(select(tokens, tokens, ==), indices == 0, False);", "mean")
    assert isinstance(mean, Aggregate)
    extreme = replace(mean, reduction=reduction)
    target = Target.of("ab", 5, False)
    assert KindTable(target).of(extreme) == {bool, int}
    found = {type(value) for tokens in ("aab", "ab") for value in evaluate(extreme, list(tokens)).to_atoms()}
    assert found == {bool, int}
    assert {(type(value), value) for value in value_sets(target).listed(extreme)} == {
        (kind, kind(number)) for kind in (bool, int) for number in (0, 1)
    }


def test_what_can_not_be_listed_has_bounds() -> None:
    (mean,) = sops("mean = aggregate(select(indices, indices, <=), indices) * 2 - 3;", "mean")
    known = value_sets(Target.of("ab", 300, False)).of(mean)
    assert isinstance(known, Numbers)
    assert (known.interval.low, known.interval.high) == (-3, 595)
