"""Times calls in the reference implementation of RASP; started by ``interpreters.py`` with the checkout as folder.

Each line of standard input is a JSON object: ``statement``, ``name`` of what it defines, ``tokens``. Each line of standard output
is its answer: processor seconds of the call, and the values.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time

from reference_driver import REPL  # type: ignore[attr-defined]


def main() -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        repl = REPL()
    for line in sys.stdin:
        task = json.loads(line)
        with contextlib.redirect_stdout(io.StringIO()):
            repl.run_given_line(task["statement"])
            result = repl.env.get_variable(task["name"])
            begin = time.process_time()
            values = result.call(task["tokens"], just_pass_exception_up=True).get_vals()
            seconds = time.process_time() - begin
        print(json.dumps({"seconds": seconds, "values": values}), flush=True)


if __name__ == "__main__":
    main()
