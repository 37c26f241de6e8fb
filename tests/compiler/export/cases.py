"""Models of every decoder, with and without layers, alarms and causality; and the comparison that every export passes."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

import compiler
import rasp
from compiler.undefined import Undefined
from rasp.graph.nodes import Atom

PROGRAM = """
same = select(tokens, tokens, ==);
before = select(indices, indices, <=);
place = indices;
histogram = selector_width(same);
double_histogram = selector_width(select(histogram, histogram, ==) and before);
sorted = sort(tokens, tokens);
word = "odd" if histogram % 2 == 1 else tokens + "!";
fraction = aggregate(before, indicator(tokens == "a"));
above = aggregate(select(tokens, tokens, <), indices, 7);
inverse = 1 / (1 - indicator(tokens == "a"));
mixed = "a" if tokens == "a" else 1;
told = histogram if tokens == "a" else fraction;
"""

CAUSAL = {"place", "fraction"}
SHORTEST = "shortest"
"""A model for inputs of one token."""

NAMES = [*(line.split(" =")[0] for line in PROGRAM.strip().splitlines()[2:]), SHORTEST]
VOCAB = "abc"
LONGEST = 20
COUNT = 24

Outputs = Callable[[np.ndarray, np.ndarray], np.ndarray]


@functools.cache
def model_of(name: str) -> compiler.Model:
    module = rasp.loads(PROGRAM)
    if name == SHORTEST:
        return compiler.compile(module["word"], VOCAB, 1)
    return compiler.compile(module[name], VOCAB, LONGEST, causal=name in CAUSAL)


@functools.cache
def inputs_of(model: compiler.Model) -> tuple[np.ndarray, np.ndarray]:
    """Random ids, padded with random ids, and lengths, the least and the greatest among them."""
    longest = model.target.max_length
    draw = np.random.default_rng(20)
    lengths = np.append(draw.integers(1, longest + 1, COUNT), [1, longest])
    return draw.integers(0, len(VOCAB), (len(lengths), longest)), lengths


def check(model: compiler.Model, outputs: Outputs) -> None:
    """Outputs are equal wherever the program is defined, and what is read from them everywhere."""
    ids, lengths = inputs_of(model)
    found, wanted = outputs(ids, lengths), model.outputs(ids, lengths)
    assert found.dtype == np.float32
    assert found.shape == wanted.shape
    for row, other, length in zip(found, wanted, lengths, strict=True):
        values, expected = model.read(row[:length]), model.read(other[:length])
        assert told(values) == told(expected)
        if not isinstance(expected, Undefined):
            assert np.array_equal(row[:length], other[:length])


def check_alone(model: compiler.Model, outputs: Outputs) -> None:
    """Outputs for one input without padding are those for a batch."""
    ids, lengths = inputs_of(model)
    for row, one, length in zip(model.outputs(ids, lengths), ids, lengths, strict=True):
        assert np.array_equal(outputs(one[None, :length], np.array([length]))[0], row[:length])


def told(values: Sequence[Atom] | Undefined) -> object:
    """What is compared: values with their kinds, or why there are none, and where."""
    match values:
        case Undefined(problem=problem, position=position):
            return problem, position
        case _:
            return [(type(value), value) for value in values]


def stream_of(model: compiler.Model, ids: np.ndarray) -> np.ndarray:
    """The residual stream of one input, after the embedding and after each sublayer."""
    with jax.default_matmul_precision("highest"):
        run = eqx.filter_jit(type(model.transformer).passage)
        return np.asarray(run(model.transformer, jnp.asarray(ids), jnp.asarray(len(ids))).streams)
