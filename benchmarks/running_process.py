"""Times one of our models, and the same weights in PyTorch where that is present; ``running.py`` starts it.

The task names what to measure, ``what``: ``batches`` (with ``program``, ``length``, ``inputs``), ``products``, ``generation``
or ``long`` (with ``program`` and ``length``). With the argument ``about`` it prints versions.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import jax
import jax.numpy as jnp
import numpy as np

import compiler
from benchmarks import stages
from benchmarks.compiler_programs import BY_NAME
from compiler.execution.compact import CompactAttention, CompactMLP
from compiler.execution.runner import Runner
from compiler.transformer import Layer, Transformer

PACKAGES = ("jax", "equinox", "numpy", "torch")
SIZE = 2_048
"""Of the matrices whose product shows what the machine can do."""


def main() -> None:
    task = stages.read_task()
    MEASURES[task["what"]](task)


def batches(task: dict[str, Any]) -> None:
    """From tokens to values, all inputs in one call, and one input; then the forward pass alone, here and in PyTorch."""
    inputs, calls = task["inputs"], task["calls"]
    model = compiled(task)
    for first in (inputs, inputs[:1]):  # compiles
        model.batch(first)
    stages.report(batch=stages.median_seconds(lambda: model.batch(inputs), calls))
    stages.report(one=stages.median_seconds(lambda: model.batch(inputs[:1]), 5 * calls))
    encoded = model.encoder(inputs)
    ids, lengths = encoded.ids.reshape(len(inputs), -1), encoded.lengths
    model.outputs(ids, lengths)
    dense = Runner(jax.device_put(without_compacting(model.transformer)))
    dense(ids, lengths)
    ours, other, theirs = [], [], []
    peer = torch_forward(model, ids, lengths)
    for _ in range(calls):  # in turns, so that a slow moment of the machine is everybody's
        ours.append(stages.timed(lambda: model.outputs(ids, lengths))[1])
        other.append(stages.timed(lambda: dense(ids, lengths))[1])
        if peer is not None:
            theirs.append(stages.timed(peer)[1])
    stages.report(
        forward=float(np.median(ours)), dense=float(np.median(other)), floats=products(model, ids.shape[1], len(inputs))
    )
    if peer is not None:
        stages.report(torch=float(np.median(theirs)))
    a = jnp.asarray(np.random.default_rng(0).normal(size=(SIZE, SIZE)).astype(np.float32))
    product = jax.jit(lambda a: jnp.matmul(a, a, precision="highest"))
    product(a).block_until_ready()
    stages.report(rate=2 * SIZE**3 / stages.median_seconds(lambda: product(a).block_until_ready(), calls))


def compiled(task: dict[str, Any]) -> compiler.Model:
    program, length = BY_NAME[task["program"]], task["length"]
    return compiler.compile(program.load(), program.vocab(length), length, causal=program.causal)


def without_compacting(transformer: Transformer) -> Any:
    """The weights as they are, zeros included, in the form that is run."""

    def layer(of: Layer) -> Layer[CompactAttention, CompactMLP]:
        cells = tuple(range(of.mlp.into.shape[0]))
        mlp = CompactMLP(of.mlp.into, of.mlp.into_bias, of.mlp.out, of.mlp.out_bias, cells, cells)
        return Layer(CompactAttention((of.attention,), of.attention.out_bias), mlp)

    parts = transformer.tokens, transformer.positions, tuple(map(layer, transformer.layers))
    return Transformer(*parts, transformer.unembedding, transformer.unembedding_bias, transformer.causal)


def products(model: compiler.Model, length: int, inputs: int) -> float:
    """Additions and multiplications of a dense forward pass, all in matrix products."""
    positions = length + 1
    weights = sum(
        sum(a.size for a in (layer.attention.query, layer.attention.key, layer.attention.value, layer.attention.out))
        + layer.mlp.into.size
        + layer.mlp.out.size
        for layer in model.transformer.layers
    )
    scores = sum(
        layer.attention.query.shape[0] * (layer.attention.query.shape[2] + layer.attention.value.shape[2])
        for layer in model.transformer.layers
    )
    return 2.0 * inputs * positions * (weights + positions * scores + model.transformer.unembedding.size)


def torch_forward(model: compiler.Model, ids: np.ndarray, lengths: np.ndarray) -> Callable[[], Any] | None:
    if importlib.util.find_spec("torch") is None:
        return None
    import torch  # pyright: ignore[reportMissingImports]

    module = compiler.export.to_torch(model)
    given = torch.tensor(ids, dtype=torch.int64), torch.tensor(lengths, dtype=torch.int64)

    def forward() -> Any:
        with torch.inference_mode():
            return module(*given).numpy()

    found = forward()
    assert np.array_equal(found, model.outputs(ids, lengths))
    forward()
    return forward


def generation(task: dict[str, Any]) -> None:
    """Tokens in a second, of one stream and of a batch."""
    model, calls = compiled(task), task["calls"]
    prompt, stop = task["prompt"], task["stop"]
    many = [prompt] * task["rows"]
    found = model.generate(prompt, stop=stop)
    new = len(found) - len(prompt)
    model.generate_batch(many, stop=stop)
    seconds = stages.median_seconds(lambda: model.generate(prompt, stop=stop), calls)
    together = stages.median_seconds(lambda: model.generate_batch(many, stop=stop), calls)
    stages.report(tokens=new, one=new / seconds, many=new * len(many) / together)


def long(task: dict[str, Any]) -> None:
    """One input as long as the model takes, compared with the interpreter."""
    model = compiled(task)
    program, length = BY_NAME[task["program"]], task["length"]
    tokens = program.draw(Random(task["program"]), program.vocab(length), length)
    (found,), first = stages.timed(lambda: model.batch_atoms([tokens]))
    stages.report(
        first=first, again=stages.median_seconds(lambda: model.batch_atoms([tokens]), task["calls"]), tokens=len(tokens)
    )
    sop = model.sop
    stages.report(exact=isinstance(found, list) and found == sop.column(tokens).to_atoms())


MEASURES: dict[str, Callable[[dict[str, Any]], None]] = {"batches": batches, "generation": generation, "long": long}


def about() -> dict[str, Any]:
    known = {name: importlib.metadata.version(name) for name in PACKAGES if importlib.util.find_spec(name)}
    return {"Python": platform.python_version(), **known}


if __name__ == "__main__":
    began = time.perf_counter()
    if sys.argv[1:] == ["about"]:
        print(json.dumps(about()))
    else:
        main()
