"""Measurements that a process of its own makes step by step; what it reported before it took too long is kept.

The process reads a task, a JSON object, from its standard input, and writes a JSON object after each step. It may run in a
peer's environment, so this file needs nothing but Python.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median
from threading import Timer
from typing import Any, TypeVar

T = TypeVar("T")


def run(command: list[str], task: dict[str, Any], limit: float) -> dict[str, Any]:
    """All that the process reports, in one dictionary.

    Args:
        limit: seconds for each step; a process that takes longer for one is ended, and ``over_limit`` says so.
    """
    found: dict[str, Any] = {}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(task))
        process.stdin.close()
        while True:
            began = time.perf_counter()
            timer = Timer(limit, process.kill)
            timer.start()
            line = process.stdout.readline()
            timer.cancel()
            if not line:
                break
            found |= json.loads(line)
    if process.returncode:
        found["over_limit" if time.perf_counter() - began >= limit else "failed"] = True
    return found


def read_task() -> dict[str, Any]:
    return json.load(sys.stdin)


def report(**values: Any) -> None:
    """Write what a step found, and the process's peak memory so far, in bytes."""
    print(json.dumps({**values, "peak": peak_bytes()}), flush=True)


def timed(action: Callable[[], T]) -> tuple[T, float]:
    begin = time.perf_counter()
    result = action()
    return result, time.perf_counter() - begin


def median_seconds(action: Callable[[], object], times: int, patience: float = 20) -> float:
    """The median of several calls, or of fewer if they take longer than ``patience`` in all."""
    seconds: list[float] = []
    while len(seconds) < times and sum(seconds) < patience:
        seconds.append(timed(action)[1])
    return median(seconds)


def peak_bytes() -> int:
    """The process's peak resident memory."""
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
