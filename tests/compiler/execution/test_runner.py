"""Blocks, threads and left-out zeros change nothing: outputs are those of the transformer itself, computed all at once."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import compiler
import rasp
from compiler.execution import runner
from compiler.execution.compact import compact
from compiler.execution.runner import FEWEST_POSITIONS, Blocks, Runner, Sizes
from compiler.transformer import MLP, Attention, Layer, Transformer
from tests.compiler.export.cases import NAMES, check, model_of


def whole(model: compiler.Model, ids: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    with jax.default_matmul_precision("highest"):
        return np.asarray(jax.vmap(model.transformer)(jnp.asarray(ids), jnp.asarray(lengths)))


@pytest.mark.parametrize("name", NAMES)
def test_left_out_zeros(name: str) -> None:
    model = model_of(name)
    check(model, lambda ids, lengths: whole(model, ids, lengths))


@pytest.mark.parametrize(
    ("numbers", "fewest", "threads"), [(2**6, 1, 1), (2**9, 3, 1), (2**11, 8, 2), (2**12, 8, 13), (2**40, 8, 4)]
)
@pytest.mark.parametrize("name", ["sorted", "fraction", "told"])
def test_blocks_and_threads(name: str, numbers: int, fewest: int, threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "IN_CACHE", numbers)
    monkeypatch.setattr(runner, "FEWEST_POSITIONS", fewest)
    monkeypatch.setattr(runner, "WORTH_SHARING", 0)
    monkeypatch.setattr(runner, "_threads", lambda: threads)
    model = model_of(name)
    for _ in range(2):  # compiled by the first call, run by all threads in the second
        check(model, lambda ids, lengths: whole(model, ids, lengths))


@given(st.integers(1, 10_000), st.integers(1, 20), st.integers(1, 5_000), st.integers(0, 30))
def test_blocks_hold_no_more_than_they_may(positions: int, heads: int, width: int, size: int) -> None:
    sizes = Sizes(heads, width)
    blocks = Blocks.of(positions, sizes, 2**size)
    if blocks.positions is None:
        assert blocks.rows * sizes.numbers(positions) <= 2**size < 2 * blocks.rows * sizes.numbers(positions)
    else:
        assert blocks.rows == 1
        assert blocks.positions == FEWEST_POSITIONS or blocks.positions * (positions * heads + width) <= 2**size


def test_heads_of_like_size_are_together_and_units_see_their_cells() -> None:
    model = compiler.compile(rasp.load("examples/sort.rasp")["sorted"], vocab="abcdefgh", max_length=100)
    first, second = compact(model.transformer).layers
    dense = model.transformer.layers[0]
    assert sum(group.query.shape[0] for group in first.attention.groups) == dense.attention.query.shape[0]
    assert len(first.attention.groups) > 1
    assert len(first.mlp.reads) < dense.mlp.into.shape[0]
    assert len(first.mlp.writes) < dense.mlp.into.shape[0]
    assert np.asarray(first.mlp.into).any(axis=1).all()
    assert np.asarray(second.mlp.out).any(axis=1).all()


def test_weights_without_zeros() -> None:
    """Learned weights have none: everything is kept."""
    draw = np.random.default_rng(1)

    def random(*shape: int) -> jax.Array:
        return jnp.asarray(draw.normal(size=shape).astype(np.float32))

    heads, width, size, units = 3, 8, 4, 16
    read = [random(heads, width, size) if k % 2 == 0 else random(heads, size) for k in range(6)]
    attention = Attention(*read, out=random(heads, size, width), out_bias=random(width))
    layer = Layer(attention, MLP(random(width, units), random(units), random(units, width), random(width)))
    transformer = Transformer(random(6, width), random(10, width), (layer, layer), random(width, 5), random(5), causal=True)
    ids, lengths = draw.integers(0, 5, (4, 9)), np.array([9, 1, 4, 7])
    with jax.default_matmul_precision("highest"):
        wanted = np.asarray(jax.vmap(transformer)(jnp.asarray(ids), jnp.asarray(lengths)))
    found = Runner.of(transformer)(ids, lengths)
    for row, other, length in zip(found, wanted, lengths, strict=True):
        np.testing.assert_allclose(row[:length], other[:length], rtol=1e-4, atol=1e-4)


def test_a_long_input() -> None:
    program = rasp.loads("x = selector_width(select(tokens, tokens, ==) and select(indices, indices, <));")
    model = compiler.compile(program["x"], vocab="ab", max_length=3_000)
    assert model.runner.blocks(3_001).positions is not None
    draw = np.random.default_rng(3)
    for length in (3_000, 2_999, 1_025):
        tokens = "".join(draw.choice(["a", "b"], length))
        assert model(tokens) == program["x"](tokens)
