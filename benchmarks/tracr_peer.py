"""Compiles one program with Tracr and measures the model; ``compilers.py`` starts it with the Python that can import Tracr.

The task names the ``program``, the ``length``, the ``vocab``, and ``inputs`` of that length; of the first ``checked`` of them
the values are compared with those of Tracr's own evaluation. The programs are those of Tracr's library, or are put together
from its parts. With the argument ``about`` it prints versions.
"""

from __future__ import annotations

import importlib.metadata
import json
import logging
import platform
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import jax
import numpy as np
from tracr.compiler import compiling, lib  # type: ignore[import-not-found]
from tracr.rasp import rasp  # type: ignore[import-not-found]

from benchmarks import stages

BOS = "compiler_bos"
LONG_COMPILE = 40.0
"""Seconds; what takes longer to compile is not compiled three more times."""


def double_histogram() -> Any:
    """How many tokens are as frequent, by a division: Tracr can't say 'and not a repeat' (its issue 4)."""
    histogram = lib.make_hist()
    as_frequent = rasp.SelectorWidth(rasp.Select(histogram, histogram, rasp.Comparison.EQ))
    return rasp.SequenceMap(lambda positions, each: positions // max(each, 1), as_frequent, histogram)


PROGRAMS: dict[str, Callable[[int], Any]] = {
    "length": lambda _: lib.make_length(),
    "hist": lambda _: lib.make_hist(),
    "double_hist": lambda _: double_histogram(),
    "reverse": lambda _: lib.make_reverse(rasp.tokens),
    "sort_unique": lambda _: lib.make_sort_unique(rasp.tokens, rasp.tokens),
    "sort": lambda length: lib.make_sort(rasp.tokens, rasp.tokens, max_seq_len=length, min_key=1),
    "sort_freq": lib.make_sort_freq,
    "shuffle_dyck1": lambda _: lib.make_shuffle_dyck(["()"]),
    "shuffle_dyck2": lambda _: lib.make_shuffle_dyck(["()", "{}"]),
    "pair_balance": lambda _: lib.make_pair_balance(rasp.tokens, "(", ")"),
    "frac_prevs": lambda _: lib.make_frac_prevs(rasp.tokens == "a"),
    "shift_by_1": lambda _: lib.shift_by(1, rasp.tokens),
    "detect_pattern_abc": lambda _: lib.detect_pattern(rasp.tokens, "abc"),
    "count_less_freq": lambda _: lib.make_count_less_freq(2),
}


def main() -> None:
    logging.disable(logging.WARNING)  # Tracr warns of each division by zero that it tries
    task = stages.read_task()
    length, inputs = task["length"], task["inputs"]
    program = PROGRAMS[task["program"]](length)

    def compiled(**options: int) -> Any:
        return compiling.compile_rasp_to_model(program, set(task["vocab"]), length, compiler_bos=BOS, **options)

    stages.report(imported=True)
    model, cold = stages.timed(compiled)
    stages.report(cold=cold, **sizes(model), compile_peak=stages.peak_bytes())
    if cold < LONG_COMPILE:
        stages.report(warm=stages.median_seconds(compiled, 3, patience=LONG_COMPILE))
    checked = inputs[: task["checked"]]
    expected = [program(tokens) for tokens in checked]
    forward = jitted(model)
    ids = encoded(model, inputs)
    stages.report(wrong=wrong(model, forward(ids), expected), checked=len(checked))
    stages.report(batch=stages.median_seconds(lambda: forward(ids), 5))
    raised = compiled(mlp_exactness=4 * (length + 1) * (length + 2))
    stages.report(wrong_raised=wrong(raised, jitted(raised)(ids), expected))


def about() -> dict[str, Any]:
    packages = {name: importlib.metadata.version(name) for name in ("dm-haiku", "jax", "numpy")}
    return {"versions": {"Python": platform.python_version(), "Tracr": commit(), **packages}}


def commit() -> str:
    """The commit that was installed, if it was installed from a repository."""
    origin = json.loads(importlib.metadata.distribution("tracr").read_text("direct_url.json") or "{}")
    return origin.get("vcs_info", {}).get("commit_id", "of unknown commit")[:7]


def sizes(model: Any) -> dict[str, Any]:
    config = model.model_config
    return {
        "layers": config.num_layers,
        "heads": [config.num_heads] * config.num_layers,
        "d_model": len(model.residual_labels),
        "parameters": sum(leaf.size for leaf in jax.tree.leaves(model.params)),
    }


def jitted(model: Any) -> Callable[[np.ndarray], np.ndarray]:
    """The model on a batch of ids of shape (batch, length + 1); Tracr's own call takes one input and is not jitted."""

    @jax.jit
    def forward(params: Any, ids: jax.Array) -> jax.Array:
        return jax.vmap(lambda row: model.forward(params, row[None]).unembedded_output[0])(ids)

    return lambda ids: np.asarray(forward(model.params, ids))


def encoded(model: Any, inputs: Sequence[Sequence[Any]]) -> np.ndarray:
    return np.array([model.input_encoder.encode([BOS, *tokens]) for tokens in inputs], np.int32)


def wrong(model: Any, outputs: np.ndarray, expected: Sequence[Sequence[Any]]) -> int:
    """How many inputs have a wrong value, by the standard of Tracr's own tests: what should be None may be anything."""
    decoded = [model.output_encoder.decode(row.tolist())[1:] for row in outputs[: len(expected)]]
    return sum(not same(found, wanted) for found, wanted in zip(decoded, expected, strict=True))


def same(found: Sequence[Any], wanted: Sequence[Any]) -> bool:
    return all(each is None or same_value(value, each) for value, each in zip(found, wanted, strict=True))


def same_value(found: Any, wanted: Any) -> bool:
    if isinstance(found, str | None) or isinstance(wanted, str):
        return found == wanted
    return bool(np.isclose(found, wanted, rtol=0.005, atol=1e-7))


if __name__ == "__main__":
    if sys.argv[1:] == ["about"]:
        print(json.dumps(about()))
    else:
        main()
