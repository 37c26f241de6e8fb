"""Compiles one program and measures the model; ``compilers.py`` starts it in a process of its own.

The task names the ``program``, the ``length``, what to ``optimize`` (null for the default) and ``inputs`` of that length, or
none; of the first ``checked`` of them the values are compared with the interpreter's. With the argument ``about`` it prints
versions, and what the compiler can optimize beside its default.
"""

from __future__ import annotations

import importlib.metadata
import inspect
import json
import platform
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import compiler
from benchmarks import stages
from benchmarks.compiler_programs import BY_NAME, Program, reason
from compiler.verification.verify import same_atoms
from rasp.errors import RaspError
from rasp.evaluate import evaluate


def main() -> None:
    task = stages.read_task()
    program = BY_NAME[task["program"]]
    compiled = compiling(program, task["length"], task["optimize"])
    stages.report(imported=True)
    try:
        model, cold = stages.timed(compiled)
    except RaspError as error:
        stages.report(refused=reason(error))
        return
    sizes = asdict(model.config)
    stages.report(cold=cold, **sizes, margin=model.certificate.margin, compile_peak=stages.peak_bytes())
    stages.report(warm=stages.median_seconds(compiled, 3))
    if task["inputs"]:
        try_out(model, task["inputs"], task["checked"])


def try_out(model: compiler.Model, inputs: Sequence[Sequence[Any]], number: int) -> None:
    """Check the first inputs, and time all of them in one jitted call."""
    checked = inputs[:number]
    stages.report(wrong=wrong(model, checked), checked=len(checked))
    encoded = model.encoder(inputs)
    ids, lengths = encoded.ids.reshape(len(inputs), -1), encoded.lengths
    model.outputs(ids, lengths)
    stages.report(batch=stages.median_seconds(lambda: model.outputs(ids, lengths), 5))


def compiling(program: Program, length: int, optimize: str | None) -> Callable[[], Any]:
    """What is timed: the program is loaded already."""
    sop, vocab = program.load(), program.vocab(length)
    options: dict[str, Any] = {} if optimize is None else {"optimize": optimize}
    return lambda: compiler.compile(sop, vocab, length, causal=program.causal, **options)


def wrong(model: compiler.Model, inputs: Sequence[Sequence[Any]]) -> int:
    found = model.batch_atoms(inputs)
    return sum(
        not same_atoms(values, evaluate(model.sop.node, tokens).to_atoms()) for values, tokens in zip(found, inputs, strict=True)
    )


def about() -> dict[str, Any]:
    packages = {name: importlib.metadata.version(name) for name in ("jax", "equinox", "numpy")}
    has_width = "optimize" in inspect.signature(compiler.compile).parameters
    return {"versions": {"Python": platform.python_version(), **packages}, "optimize": ["width"] if has_width else []}


if __name__ == "__main__":
    if sys.argv[1:] == ["about"]:
        print(json.dumps(about()))
    else:
        main()
