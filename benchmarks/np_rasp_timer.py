"""Times calls in np_rasp; started by ``interpreters.py`` with the checkout as folder.

Each line of standard input is a JSON object: ``name`` of a program in ``programs.py``, ``tokens``. Each line of standard
output is its answer: processor seconds of the call, and the values.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

sys.path[:0] = ["src", "examples"]

import add  # type: ignore[import-not-found]  # noqa: E402
import count  # type: ignore[import-not-found]  # noqa: E402
from np_rasp import lib  # type: ignore[import-not-found]  # noqa: E402


def latest_maximum(x: Any) -> Any:
    """What its ``argmax`` is meant to be: as published it always raises, and ``mode`` with it."""
    return lib.lasts(x, lib.maximum(x))


lib.argmax = latest_maximum

PROGRAMS: dict[str, Callable[[Any], Any]] = {
    "count": count.count,
    "mode": lib.mode,
    "induct": lambda x: lib.induct(x, lib.shift_right(x, 1), 1),
    "addition, forward": partial(add.next_tok_addition, reverse=False),
    "addition, reversed": partial(add.next_tok_addition, reverse=True),
}


def main() -> None:
    for line in sys.stdin:
        task = json.loads(line)
        tokens = np.array(task["tokens"])
        begin = time.process_time()
        values = PROGRAMS[task["name"]](tokens)
        print(json.dumps({"seconds": time.process_time() - begin, "values": [int(value) for value in values]}), flush=True)


if __name__ == "__main__":
    main()
