import jax.numpy as jnp
import numpy as np
import pytest
from jax.nn import softmax

from compiler.gadgets import count
from compiler.heads import LARGEST_SUM


def counted(selected: int, keys: int, value: int, largest: int) -> float:
    """What a head that counts puts out before rounding, computed in float32 as the model does."""
    weight = count.sink_weight(keys, largest)
    scores = np.full(keys + 1, -256.0, np.float32)
    scores[0] = count.sink_score(weight)
    scores[1 : selected + 1] = 0
    values = np.full(keys + 1, value, np.float32)
    values[0] = 0
    return float(
        jnp.dot(softmax(jnp.asarray(scores)), jnp.asarray(values), precision="highest") * np.float32(count.scale(weight))
    )


@pytest.mark.parametrize("keys", [1, 7, 64, 512, 2048, 8192])
def test_every_count_is_within_the_certified_error(keys: int) -> None:
    weight = count.sink_weight(keys, 1)
    for selected in {0, 1, keys // 3, keys // 2, keys - 1, keys}:
        assert abs(counted(selected, keys, 1, 1) - selected) <= count.error(keys, 1, weight)


@pytest.mark.parametrize(("keys", "value"), [(64, 100), (64, -100), (512, 30)])
def test_sums_are_within_the_certified_error(keys: int, value: int) -> None:
    weight = count.sink_weight(keys, abs(value))
    for selected in (0, 1, keys // 2, keys):
        assert abs(counted(selected, keys, value, abs(value)) - selected * value) <= count.error(keys, abs(value), weight)


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
    given = softmax(jnp.concatenate([jnp.array([count.sink_score(weight)], jnp.float32), scores]))
    read = np.concatenate([[0], values]).astype(np.float32)
    found = np.float32(jnp.dot(given, read, precision="highest")) * np.float32(count.scale(weight))
    assert abs(found - values[chosen].sum()) <= count.error(keys, largest, weight) < 0.5
    assert (found + np.float32(count.ROUNDER)) - np.float32(count.ROUNDER) == values[chosen].sum()


def test_the_weight_keeps_the_error_of_the_formula_below_an_eighth() -> None:
    for keys in (1, 10, 512, 8192):
        for largest in (1, 5, 100):
            assert keys * largest * keys / count.sink_weight(keys, largest) <= 1 / 8


@pytest.mark.parametrize("number", [0, 1, -1, 511, -4096, 2**21, -(2**21)])
@pytest.mark.parametrize("noise", [0.0, 0.2, -0.2, 0.45, -0.45])
def test_float32_addition_rounds_to_the_integer(number: int, noise: float) -> None:
    rounder = jnp.float32(count.ROUNDER)
    assert float((jnp.float32(number + noise) + rounder) - rounder) == number
