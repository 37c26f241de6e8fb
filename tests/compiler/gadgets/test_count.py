import jax
import jax.numpy as jnp
import numpy as np
import pytest

from compiler.gadgets import count
from compiler.lowering.heads import LARGEST_SUM
from compiler.transformer import Attention, Memory

QUERIES = 128
"""As many as a block has, since a product of one row is added up in another order than one of many."""


def read(scores: np.ndarray, values: np.ndarray) -> np.ndarray:
    """What a head with these scores and values puts out for each query, computed as the model does; shape (queries,)."""
    one, none = jnp.ones((1, 1)), jnp.zeros((1, 1, 1))
    head = Attention(none, one, none, none[0], none, none[0], out=jnp.ones((1, 1, 1)), out_bias=jnp.zeros(1))
    memory = Memory(jnp.asarray(scores)[None, :, None], jnp.asarray(values)[None, :, None])
    mask = jnp.ones((QUERIES, len(scores)), bool)
    with jax.default_matmul_precision("highest"):
        return np.asarray(jax.jit(lambda memory: head.mixed(jnp.zeros((QUERIES, 1)), memory, mask))(memory))[:, 0]


def counted(selected: int, keys: int, value: int, largest: int) -> np.ndarray:
    """What a head that counts puts out before rounding."""
    weight = count.sink_weight(keys, largest)
    scores = np.full(keys + 1, -256.0, np.float32)
    scores[0] = count.sink_score(weight)
    scores[1 : selected + 1] = 0
    values = np.full(keys + 1, value, np.float32)
    values[0] = 0
    return read(scores, values) * np.float32(count.scale(weight))


@pytest.mark.parametrize("keys", [1, 7, 64, 512, 2048, 8192, 65_536])
def test_every_count_is_within_the_certified_error(keys: int) -> None:
    weight = count.sink_weight(keys, 1)
    for selected in {0, 1, keys // 3, keys // 2, keys - 1, keys}:
        assert np.abs(counted(selected, keys, 1, 1) - selected).max() <= count.error(keys, 1, weight) < 0.5


@pytest.mark.parametrize(("keys", "value"), [(64, 100), (64, -100), (512, 30)])
def test_sums_are_within_the_certified_error(keys: int, value: int) -> None:
    weight = count.sink_weight(keys, abs(value))
    for selected in (0, 1, keys // 2, keys):
        assert np.abs(counted(selected, keys, value, abs(value)) - selected * value).max() <= count.error(
            keys, abs(value), weight
        )


@pytest.mark.parametrize("keys", [2, 64, 512, 4096])
@pytest.mark.parametrize("seed", range(3))
def test_sums_of_mixed_values_at_the_limit_round_to_the_integer(keys: int, seed: int) -> None:
    """Values of either sign up to 2¹⁶ / keys, some of them selected: the largest sums that one channel makes."""
    draw = np.random.default_rng(seed)
    largest = LARGEST_SUM // keys
    weight = count.sink_weight(keys, largest)
    values = draw.choice([-largest, largest, int(draw.integers(-largest, largest + 1))], keys)
    chosen = draw.random(keys) < draw.random()
    scores = np.where(chosen, 0, -256).astype(np.float32)
    order = np.append(0, 1 + draw.permutation(keys))
    scores = np.append(np.float32(count.sink_score(weight)), scores)[order]
    found = read(scores, np.append(0, values).astype(np.float32)[order]) * np.float32(count.scale(weight))
    assert np.abs(found - values[chosen].sum()).max() <= count.error(keys, largest, weight) < 0.5
    assert np.array_equal((found + np.float32(count.ROUNDER)) - np.float32(count.ROUNDER), np.full(QUERIES, values[chosen].sum()))


@pytest.mark.parametrize("keys", [64, 2_048, 65_536])
def test_rounding_is_far_below_what_the_certificate_allows(keys: int) -> None:
    """The relative error of the average that a head takes, whatever the number of keys."""
    draw = np.random.default_rng(keys)
    for largest in (1, 50):
        score = np.float32(count.sink_score(count.sink_weight(keys, largest)))
        values, chosen = draw.integers(1, largest + 1, keys), draw.random(keys) < 0.7
        scores = np.append(score, np.where(chosen, 0, -256)).astype(np.float32)
        wanted = values[chosen].sum() / (np.exp(np.float64(score)) + chosen.sum())
        assert np.abs(read(scores, np.append(0, values).astype(np.float32)) / wanted - 1).max() <= count.SOFTMAX_ERROR / 2


def test_the_weight_keeps_the_error_of_the_formula_below_an_eighth() -> None:
    for keys in (1, 10, 512, 8192):
        for largest in (1, 5, 100):
            assert keys * largest * keys / count.sink_weight(keys, largest) <= 1 / 8


@pytest.mark.parametrize("number", [0, 1, -1, 511, -4096, 2**21, -(2**21)])
@pytest.mark.parametrize("noise", [0.0, 0.2, -0.2, 0.45, -0.45])
def test_float32_addition_rounds_to_the_integer(number: int, noise: float) -> None:
    rounder = jnp.float32(count.ROUNDER)
    assert float((jnp.float32(number + noise) + rounder) - rounder) == number
