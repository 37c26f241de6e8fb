"""Times one of Tracr's models, jitted by hand; ``running.py`` starts it with the Python that can import Tracr.

The task names the ``program``, the ``length``, the ``vocab``, and ``inputs`` of that length. Reported are seconds from tokens to
decoded values, for all inputs in one call and for one input, and for the forward pass alone.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tracr.compiler import compiling  # type: ignore[import-not-found]

from benchmarks import stages
from benchmarks.tracr_peer import BOS, PROGRAMS, encoded, jitted


def main() -> None:
    logging.disable(logging.WARNING)
    task = stages.read_task()
    length, inputs = task["length"], task["inputs"]
    model = compiling.compile_rasp_to_model(PROGRAMS[task["program"]](length), set(task["vocab"]), length, compiler_bos=BOS)
    forward = jitted(model)

    def values(inputs: Sequence[Sequence[Any]]) -> list[list[Any]]:
        return [model.output_encoder.decode(row.tolist())[1:] for row in forward(encoded(model, inputs))]

    ids = encoded(model, inputs)
    for first in (inputs, inputs[:1]):  # compiles
        values(first)
    stages.report(batch=stages.median_seconds(lambda: values(inputs), task["calls"]))
    stages.report(one=stages.median_seconds(lambda: values(inputs[:1]), 5 * task["calls"]))
    stages.report(forward=stages.median_seconds(lambda: forward(ids), task["calls"]))


if __name__ == "__main__":
    main()
