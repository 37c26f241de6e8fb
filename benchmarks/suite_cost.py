"""What a suite costs: the arithmetic of its training, and how long a device would take at a rate that is assumed.

    python benchmarks/suite_cost.py huang2024 [--rate 150] [--launch 5] [--json FILE]

XLA counts the operations of one step of each experiment, backward pass and optimizer included, and the kernels that it makes
of it, for this machine's device. The projection for a step of all seeds together is the longer of the arithmetic at ``rate``
TFLOP/s, and the kernels at ``launch`` microseconds each. It leaves testing out, and counts all steps, though training ends
earlier where all training lengths are right.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp

from conjecture.sweeps.experiment import Experiment
from conjecture.sweeps.suites import suite_named
from conjecture.tasks import task_named
from conjecture.training.steps import steps_of

KERNEL = re.compile(r"= \S+ (fusion|dot|custom-call|reduce|sort|scatter|gather|convolution|copy)\(")


def cost(experiment: Experiment) -> dict[str, Any]:
    """Operations and kernels of one step of one model, and how many models and steps there are."""
    recipe = experiment.recipe
    functions = steps_of(task_named(experiment.task), recipe)
    state = jax.eval_shape(functions.begin, jnp.uint32(0))
    advance: Any = functions.advance
    step = advance.lower(state, jnp.uint32(0), jnp.float32(recipe.learning_rate), 1)
    compiled = step.compile()
    found = compiled.cost_analysis()
    return {
        "task": experiment.task,
        "size": f"{recipe.layers} layers, {recipe.heads} heads, width {recipe.width}",
        "models": len(experiment.seeds) * len(experiment.learning_rates),
        "steps": recipe.steps,
        "flops": found["flops"],
        "kernels": len(KERNEL.findall(compiled.as_text())),
    }


def seconds(row: dict[str, Any], rate: float, launch: float) -> float:
    """All steps of all models together."""
    return row["steps"] * max(row["models"] * row["flops"] / (rate * 1e12), row["kernels"] * launch * 1e-6)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("suite")
    parser.add_argument("--rate", type=float, default=150, help="TFLOP/s that the device keeps up")
    parser.add_argument("--launch", type=float, default=5, help="microseconds of a kernel")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows = [cost(experiment) for experiment in suite_named(options.suite).experiments]
    for row in rows:
        whole = row["models"] * row["steps"] * row["flops"] / 1e15
        step = f"{row['flops'] / 1e9:9.2f} GFLOP and {row['kernels']:4} kernels a step"
        projected = seconds(row, options.rate, options.launch)
        print(f"{row['task']:<30} {row['size']:<32} {step}, {whole:9.2f} PFLOP in all, {projected:7.0f} s")
    minutes = sum(seconds(row, options.rate, options.launch) for row in rows) / 60
    print(f"{minutes:.1f} minutes at {options.rate:g} TFLOP/s, {options.launch:g} us a kernel")
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
