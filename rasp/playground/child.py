"""A worker process: takes jobs from stdin and answers on stdout, a line of JSON each.

A job is ``{"job": name, "request": data}``. Each line of the answer is an object with one item: ``progress`` for news of the
job, and at its end ``answer`` or ``error``. The process ends when its stdin does, even within a job.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
from importlib.metadata import entry_points

from rasp.errors import RaspError
from rasp.playground.jobs import Data, Emit, Job, error_data
from rasp.playground.look import format_program, look

JOBS: dict[str, Job] = {"look": look, "format": format_program}

GROUP = "rasp.playground"
"""Of the entry points that are jobs."""


def main(memory: int) -> None:
    """Do jobs until nobody asks for more.

    Args:
        memory: address space, in bytes.
    """
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever else is printed is no answer
    _limit_memory(memory)
    jobs: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(jobs,), daemon=True).start()

    def write(line: Data) -> None:
        answers.write(json.dumps(line) + "\n")
        answers.flush()

    while True:
        job = json.loads(jobs.get())
        write(_done(job, lambda news: write({"progress": news})))


def _read(jobs: queue.SimpleQueue[str]) -> None:
    """Take in what comes. Its end is that of the server, which may have been killed: nothing is worth finishing then."""
    for line in sys.stdin:
        jobs.put(line)
    os._exit(0)


def _done(job: Data, emit: Emit) -> Data:
    """The last line of an answer. A job may fail in any way, so any exception is an answer too."""
    try:
        return {"answer": _job(job["job"])(job["request"], emit)}
    except RaspError as error:
        return {"error": error_data(error)}
    except ModuleNotFoundError as error:
        return {"error": {"message": str(error)}}
    except MemoryError:
        return {"error": {"message": "out of memory: take a shorter input or a smaller program"}}
    except Exception as error:
        import traceback

        traceback.print_exc()
        hint = "this is a fault of the playground; what was written to the console tells where"
        return {"error": {"message": f"{type(error).__name__}: {str(error)[:200]}", "hint": hint}}


def _job(name: str) -> Job:
    """The job of a name: one of these, or an entry point of another package, of which the language need not know.

    Raises:
        LookupError: there is none.
        ModuleNotFoundError: what it needs is not installed.
    """
    if name in JOBS:
        return JOBS[name]
    for point in entry_points(group=GROUP, name=name):
        return point.load()
    raise LookupError(f"there is no job '{name}'")


def _limit_memory(most: int) -> None:
    try:
        import resource
    except ModuleNotFoundError:  # not on Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or most < hard:
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


if __name__ == "__main__":
    main(int(sys.argv[1]))
