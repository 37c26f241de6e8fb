"""Training speed: the lab beside GPT-2 in PyTorch, the model that Huang et al. 2024 train, at their size for copying.

    python benchmarks/training.py --torch PYTHON [--steps 100] [--json FILE]

PYTHON is an interpreter of an environment with torch and transformers. Two layers, one head, width 64, batch 64, copying of up to
50 different tokens of 150. Both train in turns, several times, so that a busy machine is busy for both. The peer's batches are
made beforehand, and padded to their longest sample; the lab makes its own within each step.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import jax
import jax.numpy as jnp

from conjecture.recipe import Recipe
from conjecture.tasks import task_named
from conjecture.training.steps import PIECE, steps_of

PEER = Path(__file__).with_name("training_peer.py")
RECIPE = Recipe(
    lengths=(1, 50), longest=150, layers=2, heads=1, width=64, batch=64, steps=30_000, learning_rate=1e-3, weight_decay=0.01
)
TURNS = 3


def lab_speed(recipe: Recipe, steps: int, seeds: int) -> list[float]:
    """Steps a second, all seeds together, in several turns."""
    functions = steps_of(task_named("copy-unique"), recipe)
    numbers = jnp.arange(seeds, dtype=jnp.uint32)
    rate = jnp.array(recipe.learning_rate)
    if seeds == 1:
        state, advance = functions.begin(numbers[0]), lambda state: functions.advance(state, numbers[0], rate, PIECE)[0]
    else:
        state = jax.vmap(functions.begin)(numbers)
        advance = jax.jit(lambda state: jax.vmap(lambda one, seed: functions.advance(one, seed, rate, PIECE)[0])(state, numbers))
    state = jax.block_until_ready(advance(state))
    found = []
    for _ in range(TURNS):
        began = time.perf_counter()
        for _ in range(max(1, steps // PIECE)):
            state = advance(state)
        jax.block_until_ready(state)
        found.append(seeds * PIECE * max(1, steps // PIECE) / (time.perf_counter() - began))
    return found


def peer_speed(python: str, steps: int) -> list[float]:
    """The same of the peer, in one process."""
    output = subprocess.run([python, str(PEER), str(steps), str(TURNS)], capture_output=True, text=True, check=True).stdout
    return json.loads(output)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--torch", help="a Python with torch and transformers")
    parser.add_argument("--steps", type=int, default=PIECE)
    parser.add_argument("--seeds", type=int, nargs="*", default=[1], help="how many train together")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    device = jax.devices()[0].device_kind
    rows = [
        {
            "what": f'lab, {seeds} together, packing="{packing}"',
            "device": device,
            "steps/s": lab_speed(replace(RECIPE, packing=packing), options.steps, seeds),
        }
        for packing in ("pairs", "single")
        for seeds in options.seeds
    ]
    if options.torch:
        rows.append({"what": "GPT-2 in PyTorch", "device": "cpu", "steps/s": peer_speed(options.torch, options.steps)})
    for row in rows:
        low, high = min(row["steps/s"]), max(row["steps/s"])
        print(f"{row['what']:<34} {row['device']:<16} {low:6.1f} to {high:6.1f} steps a second")
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
