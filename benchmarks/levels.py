"""Levels of LLVM's optimization for compiled models beside each other: time to compile, time to run, and whether outputs differ.

    python benchmarks/levels.py [--programs NAME …] [--levels N …] [--length N] [--batches N …] [--rounds N]

In one process, all levels in turns; XLA's own default is level 3. Takes about a minute, and prints Markdown.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import jax
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import compiler
from benchmarks.compiler_programs import BY_NAME
from benchmarks.tables import table
from compiler.execution import runner
from compiler.model import Model

PROGRAMS = ("sort.rasp", "dyck1.rasp", "long_addition.rasp")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", nargs="+", default=PROGRAMS, metavar="NAME")
    parser.add_argument("--levels", nargs="+", type=int, default=(3, 2, 1, 0), metavar="N")
    parser.add_argument("--length", type=int, default=40, metavar="N")
    parser.add_argument("--batches", nargs="+", type=int, default=(8, 2048), metavar="N")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    options = parser.parse_args()
    jax.config.update("jax_enable_compilation_cache", False)
    rows = [
        row
        for name in options.programs
        for size in options.batches
        for row in measured(name, options.length, size, options.levels, options.rounds)
    ]
    print(table(["program", "batch", "level", "compile, s", "run, ms", "outputs that differ"], rows))


def measured(name: str, length: int, size: int, levels: Sequence[int], rounds: int) -> list[list[str | int | float]]:
    """A row for each level: medians over rounds, in each of which all levels have their turn."""
    program = BY_NAME[name]
    model = compiler.compile(program.load(), vocab=program.vocab(length), max_length=length, causal=program.causal)
    inputs = model.encoder(program.draw_inputs(length, size))
    ids, lengths = inputs.ids.reshape(size, length), np.full(size, length, np.int32)
    seconds: dict[int, tuple[list[float], list[float]]] = {level: ([], []) for level in levels}
    outputs: dict[int, np.ndarray] = {}
    for _ in range(rounds):
        for level in levels:
            compiling, running, outputs[level] = timed(model, ids, lengths, level)
            seconds[level][0].append(compiling)
            seconds[level][1].append(running)
    first = outputs[levels[0]]
    differ = {level: int((found != first).sum()) for level, found in outputs.items()}
    return [
        [name, size, level, median(compiling), 1e3 * median(running), differ[level]]
        for level, (compiling, running) in seconds.items()
    ]


def timed(model: Model, ids: np.ndarray, lengths: np.ndarray, level: int) -> tuple[float, float, np.ndarray]:
    """Seconds until the first outputs are there, beyond those of a later call; seconds of such a call; the outputs."""
    runner._forward.cache_clear()  # pyright: ignore[reportPrivateUsage]
    runner.options = lambda: {"xla_backend_optimization_level": level}
    fresh = runner.Runner.of(model.transformer)
    began = time.perf_counter()
    outputs = fresh(ids, lengths)
    first = time.perf_counter() - began
    times = []
    for _ in range(7):
        began = time.perf_counter()
        fresh(ids, lengths)
        times.append(time.perf_counter() - began)
    return first - median(times), median(times), outputs


if __name__ == "__main__":
    main()
