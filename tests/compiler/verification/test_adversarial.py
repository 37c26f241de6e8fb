from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rasp
from compiler.target import Target
from compiler.verification.adversarial import FAMILIES, LARGE_COUNTS, adversarial_inputs, ascending, boundary_lengths
from rasp.graph.nodes import Atom, Sop

PROGRAM = """
w = selector_width(select(tokens, "b", ==) and select(indices, indices, <));
u = selector_width(select(1 / indices, 1, ==));
"""
MODULE = rasp.loads(PROGRAM)
W: Sop = MODULE["w"].node


def found(vocab: object, longest: int, program: Sop = W, seed: int = 0) -> list[tuple[str, tuple[int, ...]]]:
    target = Target.of(vocab, longest, False)  # type: ignore[arg-type]
    return list(adversarial_inputs(program, target, longest=longest, seed=seed))


@pytest.mark.parametrize(
    ("longest", "lengths"),
    [
        (1, [1]),
        (2, [2, 1]),
        (3, [3, 2, 1]),
        (12, [12, 11, 9, 8, 7, 5, 4, 3, 2, 1]),
        (64, [64, 63, 33, 32, 31, 17, 16, 15, 9, 8, 7, 5, 4, 3, 2, 1]),
        (100, [100, 99, 65, 64, 63, 33, 32, 31, 17, 16, 15, 9, 8, 7, 5, 4, 3, 2, 1]),
    ],
)
def test_boundary_lengths(longest: int, lengths: list[int]) -> None:
    assert boundary_lengths(longest) == lengths


def test_the_order_of_tokens_of_every_kind() -> None:
    vocab: list[Atom] = ["b", 3, "a", Fraction(1, 2), True]
    assert [vocab[place] for place in ascending(vocab)] == [Fraction(1, 2), True, 3, "a", "b"]


@settings(max_examples=60)
@given(st.integers(1, 40), st.integers(1, 30), st.integers(0, 9))
def test_every_input_is_one_of_the_target_and_occurs_once(tokens: int, longest: int, seed: int) -> None:
    inputs = found(range(tokens), longest, rasp.loads("x = indices;")["x"].node, seed)
    assert len({ids for _, ids in inputs}) == len(inputs)
    assert {len(ids) for _, ids in inputs} == set(boundary_lengths(longest))
    assert all(0 <= index < tokens for _, ids in inputs for index in ids)
    assert {name for name, _ in inputs} <= {*FAMILIES, LARGE_COUNTS}


def test_what_the_classes_hold() -> None:
    classes: dict[str, list[tuple[int, ...]]] = {}
    for name, ids in found("dcba", 40):  # id 3 is the least token
        classes.setdefault(name, []).append(ids)
    assert set(classes) == {*FAMILIES, LARGE_COUNTS}
    assert all(len(set(ids)) == 1 for ids in classes["all equal"])
    assert (0,) * 40 in classes["all equal"]
    assert (3,) * 40 in classes["all equal"]
    assert all(list(ids) == sorted(ids, reverse=True) for ids in classes["ascending"])
    assert all(list(ids) == sorted(ids) for ids in classes["descending"])
    assert all(min(ids.count(token) for token in set(ids)) == 1 for ids in classes["one different"])
    assert all(ids[2:] == ids[:-2] or ids[3:] == ids[:-3] for ids in classes["alternating"])
    assert all(len(set(ids)) <= 3 for ids in classes["few distinct tokens"])
    assert max(len(set(ids)) for ids in classes["many distinct tokens"]) == 4
    runs = max(sum(a != b for a, b in zip(ids, ids[1:], strict=False)) for ids in classes["long runs"])
    assert runs <= 3


def test_the_longest_lengths_come_first() -> None:
    lengths = [len(ids) for name, ids in found("abc", 20) if name != LARGE_COUNTS]
    assert lengths == sorted(lengths, reverse=True)


def test_inputs_on_which_a_selector_selects_as_much_as_it_can() -> None:
    vocab = "abcdefgh" * 1
    most = max(max(MODULE["w"](["abcdefgh"[index] for index in ids])) for _, ids in found(vocab, 50))
    assert most == 49


def test_a_selector_that_is_undefined_on_every_input_gives_none() -> None:
    inputs = found("a", 5, MODULE["u"].node)
    assert {ids for _, ids in inputs} == {(0,) * length for length in boundary_lengths(5)}


def test_the_same_seed_gives_the_same_inputs() -> None:
    assert found("abcd", 30, seed=5) == found("abcd", 30, seed=5)
    assert found("abcd", 30, seed=5) != found("abcd", 30, seed=6)
