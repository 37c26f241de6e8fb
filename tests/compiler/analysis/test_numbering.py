"""Numberings: where keys are told apart by a count, no query ever selects two."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

import compiler
import rasp
from compiler.analysis.selections import Selections
from compiler.target import Target
from rasp.graph import canonical
from rasp.graph.nodes import SELECTOR_TYPES
from rasp.values import Selector as SelectorValue

SELECTIONS = Selections(Target.of("ab", 5, False), {})

MARKED = 'tokens == "a"'
BEFORE = "select(indices, indices, <)"
SAME = "select(tokens, tokens, ==)"
ON = f"select({MARKED}, True, ==)"


def selector(key: str, *others: str) -> str:
    return " and ".join((f"select({key}, indices % 3, ==)", *others))


def proved(text: str) -> bool:
    """Whether a selector is held to select one key at most."""
    root = canonical(rasp.loads(f"s = {text};")["s"].node).root
    assert isinstance(root, SELECTOR_TYPES)
    return SELECTIONS.selects_one(root)


def most_selected(text: str) -> int:
    """How many keys a query selects at most, over all inputs of up to five tokens."""
    value = rasp.loads(f"s = {text};")["s"]
    assert isinstance(value, SelectorValue)
    inputs = ("".join(tokens) for length in range(1, 6) for tokens in itertools.product("ab", repeat=length))
    return max(int(row.sum()) for tokens in inputs for row in value(tokens))


@pytest.mark.parametrize(
    ("text", "one"),
    [
        (selector(f"selector_width({BEFORE} and {ON})", ON), True),
        (selector(f"selector_width({BEFORE} and {ON})"), False),  # all keys before the first marked one have the number 0
        (selector(f"selector_width({BEFORE} and {SAME})", SAME), True),
        (selector(f"selector_width({BEFORE} and {SAME})"), False),
        (selector(f"selector_width({BEFORE} and {SAME} and {ON})", SAME, ON), True),
        (selector(f"selector_width({BEFORE} and {SAME} and {ON})", SAME), False),
        (selector(f"selector_width({BEFORE} or {ON})", ON), False),
        (selector(f"selector_width({ON})", ON), False),
        (selector(f"selector_width(select(indices, indices, !=) and {ON})", ON), False),
        (selector(f"selector_width({BEFORE} and select(tokens, tokens, !=))", SAME), False),
        (selector(f"selector_width({BEFORE} and select(tokens, tokens, <))", SAME), False),
        (selector(f"selector_width({BEFORE} and {ON})", f"select({MARKED}, False, ==)"), False),
        (selector(f"selector_width({BEFORE} and {ON})", f"select(True, {MARKED}, ==)"), False),
        (selector(f"aggregate(select(indices, indices, <=), indicator({MARKED})) * (indices + 1)", ON), True),
        (selector(f"(1 + indices) * aggregate(select(indices, indices, <=), indicator({MARKED}))", ON), True),
        (selector(f"aggregate({BEFORE}, indicator({MARKED})) * indices", ON), True),
        (selector(f"aggregate(select(indices, indices, >=), indicator({MARKED})) * (length - indices)", ON), True),
        (selector(f"aggregate(select(indices, indices, >), indicator({MARKED})) * (length - 1 - indices)", ON), True),
        (selector(f"aggregate(select(indices, indices, <=), indicator({MARKED})) * indices", ON), False),
        (selector(f"aggregate(select(indices, indices, <=), indicator({MARKED})) * length", ON), False),
        (selector(f"aggregate(select(indices, indices, <=), indicator({MARKED})) * (indices + 1)"), False),
        (selector(f"aggregate(select(indices, indices, <=) and {SAME}, indicator({MARKED})) * (indices + 1)", SAME, ON), False),
        (selector("aggregate(select(indices, indices, <=), tokens_int) * (indices + 1)", ON), False),
    ],
)
def test_what_is_proved(text: str, one: bool) -> None:
    assert proved(text) == one
    if one:
        assert most_selected(text) <= 1


SIDES = st.sampled_from(["<", "<=", ">", ">=", "!="]).map(lambda op: f"select(indices, indices, {op})")
PARTS = [
    SAME,
    ON,
    f"select({MARKED}, {MARKED}, ==)",
    f"select({MARKED}, False, ==)",
    "select(indices % 2, indices % 2, ==)",
    "select(tokens, tokens, <=)",
    "select(tokens, tokens, !=)",
]


@given(SIDES, st.sets(st.sampled_from(PARTS), max_size=2), st.sets(st.sampled_from(PARTS), max_size=3))
def test_what_is_proved_is_so(side: str, counted: set[str], among: set[str]) -> None:
    text = selector(f"selector_width({' and '.join([side, *sorted(counted)])})", *sorted(among))
    if proved(text):
        assert most_selected(text) <= 1


def test_what_a_numbering_finds_is_looked_up_not_averaged() -> None:
    """The carry of the long addition is read at one position, so that no mean is left behind it."""
    model = compiler.compile(rasp.load("examples/long_addition.rasp")["long_addition"], vocab="0123456789+", max_length=12)
    assert "look up" in {head.reading for head in model.blueprint.heads_of(5)}
    assert model("999+1") == [0, 1, 0, 0, 0]
    assert compiler.verify(model, exhaustive=200, adversarial=100, samples=100).passed


def test_a_mean_over_a_part_of_one_side_is_no_numbering() -> None:
    """Two positions with an a or c among a and b share a mean times their index: 1 of 1 times 4, and 2 of 3 times 6."""
    program = rasp.loads("""
        x = tokens in ["a", "b"];
        marked = tokens in ["a", "c"];
        same = select(x, x, ==);
        f = aggregate(select(indices, indices, <=) and same, indicator(marked)) * (indices + 1);
        v = aggregate(select(f, 4, ==) and same and select(marked, True, ==), indices, 77);
    """)
    model = compiler.compile(program["v"], vocab="abcd", max_length=8)
    assert model("cccaba") == program["v"]("cccaba") == [77, 77, 77, 4.0, 4.0, 4.0]
    assert [type(value) for value in model("cccaba")] == [int, int, int, float, float, float]
