"""One measurement in a process of its own, so that its peak memory and its first imports are true.

    python benchmarks/fresh_process.py call NAME LENGTH     one call of a program of programs.py
    python benchmarks/fresh_process.py load FILE            loading a file, first and again

Prints a JSON object.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


def call(name: str, length: int) -> dict[str, Any]:
    """Seconds on the clock and of the processor for one call, and the peak memory of the process."""
    from benchmarks.programs import BY_NAME

    program = BY_NAME[name]
    sop, tokens = program.example(), program.tokens(Random(length), length)
    sop(program.tokens(Random(0), 10))
    begin, processor = time.perf_counter(), time.process_time()
    sop(tokens)
    return {
        "seconds": time.perf_counter() - begin,
        "processor": time.process_time() - processor,
        "peak": peak_bytes(),
    }


def load(file: str) -> dict[str, Any]:
    """Seconds on the clock and of the processor for the first load, with its imports, and for the best of the next three."""
    import rasp

    first = timed_load(rasp, file)
    again = min(timed_load(rasp, file) for _ in range(3))
    return {"seconds": first[0], "processor": first[1], "again": again[0]}


def timed_load(rasp: Any, file: str) -> tuple[float, float]:
    begin, processor = time.perf_counter(), time.process_time()
    rasp.load(file)
    return time.perf_counter() - begin, time.process_time() - processor


def peak_bytes() -> int:
    """The process's peak resident memory."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["call", name, length]:
            print(json.dumps(call(name, int(length))))
        case ["load", file]:
            print(json.dumps(load(file)))
        case _:
            sys.exit(__doc__)
