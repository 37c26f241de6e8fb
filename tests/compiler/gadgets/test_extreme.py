from fractions import Fraction

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jax.nn import softmax

import compiler
import rasp
from compiler.gadgets import count, extreme
from compiler.scores import GAP
from rasp.graph.nodes import Atom


def average(equal: int, others: int, value: int) -> float:
    """What a head puts out that takes the greatest among equal values, in float32 as the model computes it."""
    scores = np.full(1 + equal + others, -GAP, np.float32)
    scores[0] = -GAP / 2
    scores[1 : equal + 1] = 0
    values = np.full(len(scores), -(2.0**16), np.float32)
    values[1 : equal + 1] = value
    return float(jnp.dot(softmax(jnp.asarray(scores)), jnp.asarray(values), precision="highest"))


@pytest.mark.parametrize("equal", [1, 2, 3, 7, 64, 513, 2048, 8191])
@pytest.mark.parametrize("value", [1, -1, 511, 65_535, -(2**16)])
def test_the_average_of_equal_integers_rounds_to_the_integer(equal: int, value: int) -> None:
    for others in (0, 1, 1000):
        found = average(equal, others, value)
        assert abs(found - value) <= extreme.error(abs(value)) < 0.5
        rounder = np.float32(count.ROUNDER)
        assert (np.float32(found) + rounder) - rounder == value


def test_a_rank_below_or_nothing_selected_has_weight_exactly_zero() -> None:
    scores = np.array([-GAP / 2, 0, -GAP, -GAP], np.float32)
    assert softmax(jnp.asarray(scores)).tolist() == [0, 1, 0, 0]
    assert softmax(jnp.asarray(scores[[0, 2, 3]])).tolist() == [1, 0, 0]


@given(st.lists(st.integers(-5, 5) | st.fractions(-2, 2, max_denominator=2) | st.text("ab", max_size=2), min_size=1))
def test_ranks_follow_the_order(values: list[Atom]) -> None:
    up, down = extreme.ranks(values, greatest=True), extreme.ranks(values, greatest=False)
    for kind in (str, (int, Fraction)):
        known = [value for value in values if isinstance(value, kind)]
        assert all((up[a] < up[b]) == (a < b) for a in known for b in known)  # type: ignore[operator]
        assert all((down[a] < down[b]) == (a > b) for a in known for b in known)  # type: ignore[operator]
    assert sorted(up.values()) == list(range(len(up)))


def test_the_compiled_greatest_of_2048_equal_values() -> None:
    reader = rasp.loads("def top(x):\n    return kqv(indices(x), indices(x), x, leq, reduction='max')\n", dialect="rasp-l")["top"]
    model = compiler.compile(reader, vocab=range(-3, 60_000, 3_001), max_length=2048, causal=True)
    vocab = list(range(-3, 60_000, 3_001))
    equal = [vocab[-1]] * 2048
    assert model(equal) == equal
    mixed = [vocab[0]] * 1000 + [vocab[5]] * 1048
    assert model(mixed) == mixed


def test_many_ranks_of_large_numbers() -> None:
    """What is read is not weighed as the comparisons are: 300 ranks times 100,000 would be too much."""
    reader = rasp.loads("def top(x):\n    return kqv(x % 2, x % 2, x, equals, reduction='max')\n", dialect="rasp-l")["top"]
    model = compiler.compile(reader, vocab=range(700, 100_000, 331), max_length=16, causal=True)
    assert compiler.verify(model, exhaustive=300, adversarial=50, samples=100).passed
