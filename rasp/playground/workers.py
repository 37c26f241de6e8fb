"""Worker processes, seen from the server: they do one job at a time, and are ended where it takes too long or nobody waits."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress

from rasp.errors import RaspError
from rasp.playground import limits
from rasp.playground.jobs import Data

SMALLER = "take a shorter input, a smaller program, or a smaller vocabulary and length to compile for"


class WorkerError(RaspError):
    """A job that was not done: it took too long, its process ended, or too many wait."""


class Worker:
    """A process that does one job at a time. It is started when it is first needed, and again after it was ended.

    Args:
        memory: its address space, in bytes.
    """

    def __init__(self, memory: int) -> None:
        self._memory = memory
        self._process: Process | None = None
        self._is_closed = False

    async def start(self) -> Process:
        """The process, which is started if there is none."""
        if self._process is None or self._process.returncode is not None:
            # -P: a file of the user's folder must not stand in for a module
            command = (sys.executable, "-P", "-m", "rasp.playground.child", str(self._memory))
            environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}
            self._process = await asyncio.create_subprocess_exec(
                *command,
                stdin=PIPE,
                stdout=PIPE,
                env=environment,
                limit=limits.ANSWER_BYTES,
                start_new_session=True,  # Ctrl-C on the console is for the server alone, which ends this process
            )
        if self._is_closed:
            await self.end()
            raise WorkerError("this computation was replaced by another")
        return self._process

    async def end(self) -> None:
        """End the process, whatever it does."""
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def close(self) -> None:
        """End the process for good, also one that is about to start."""
        self._is_closed = True
        await self.end()

    async def ask(self, job: str, request: Data, seconds: float) -> Data:
        """The answer to a request. Raises as ``events`` does."""
        async with aclosing(self.events(job, request, seconds)) as events:
            async for event in events:
                if "progress" not in event:
                    return event
        raise AssertionError("a job ends with an answer")

    async def events(self, job: str, request: Data, seconds: float) -> AsyncGenerator[Data, None]:
        """News of a job as it comes, then its answer or error; the process is ended if nobody waits for that.

        Raises:
            WorkerError: the job takes longer, or the process ends by itself.
        """
        process = await self.start()
        assert process.stdin is not None
        is_done = False
        deadline = asyncio.get_running_loop().time() + seconds
        try:
            process.stdin.write(json.dumps({"job": job, "request": request}).encode() + b"\n")
            while not is_done:
                async with asyncio.timeout_at(deadline):
                    event = await _line(process)
                is_done = "progress" not in event
                yield event
        except TimeoutError:
            raise WorkerError(
                f"stopped after {seconds:g} seconds", hint=f"{SMALLER}; the command line has no such limit"
            ) from None
        finally:
            if not is_done:
                await self.end()


class Pool:
    """Workers for short jobs of whoever asks, first come, first served.

    Args:
        size: how many.
        waiting: how many requests may wait for one.
    """

    def __init__(self, size: int, waiting: int, memory: int) -> None:
        self._workers = [Worker(memory) for _ in range(size)]
        self._idle: asyncio.LifoQueue[Worker] = asyncio.LifoQueue()
        for worker in self._workers:
            self._idle.put_nowait(worker)
        self._room = size + waiting

    async def start(self) -> None:
        """Start all processes, so that the first request need not wait for that."""
        await asyncio.gather(*(worker.start() for worker in self._workers))

    async def end(self) -> None:
        """End all processes."""
        await asyncio.gather(*(worker.close() for worker in self._workers))

    async def ask(self, job: str, request: Data, seconds: float) -> Data:
        """The answer to a request.

        Raises:
            WorkerError: too many wait; or as ``Worker.ask``.
        """
        if not self._room:
            raise WorkerError("too many requests wait", hint="try again in a moment")
        self._room -= 1
        try:
            worker = await self._idle.get()
            try:
                return await worker.ask(job, request, seconds)
            finally:
                self._idle.put_nowait(worker)
        finally:
            self._room += 1


async def _line(process: Process) -> Data:
    assert process.stdout is not None
    try:
        line = await process.stdout.readline()
    except ValueError:  # longer than the reader's limit
        raise WorkerError("the answer is too large for a page", hint=SMALLER) from None
    if not line:
        raise WorkerError("the computation ended by itself, perhaps out of memory", hint=SMALLER)
    return json.loads(line)
