from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from rasp.playground.limits import LOOK_MEMORY
from rasp.playground.workers import Pool, Worker, WorkerError
from tests.rasp.playground.conftest import HISTOGRAM

QUICK = {"text": HISTOGRAM, "dialect": "rasp", "input": "hello", "tokens": None, "name": None}
LOOP = "for i in range(1000) { for j in range(1000) { x = 1; } }"
SLOW = {**QUICK, "text": f"def f(x) {{ {LOOP} return x; }} y = f(1);"}
SECONDS = 60.0


def with_worker(action: Callable[[Worker], Awaitable[None]], memory: int = LOOK_MEMORY) -> None:
    async def session() -> None:
        worker = Worker(memory)
        try:
            await action(worker)
        finally:
            await worker.end()

    asyncio.run(session())


async def works(worker: Worker | Pool) -> None:
    answer = await worker.ask("look", QUICK, SECONDS)
    assert answer["answer"]["rows"][0]["cells"] == ["1", "1", "2", "2", "1"]


def test_a_job_that_takes_too_long_is_ended_and_the_next_is_done() -> None:
    async def action(worker: Worker) -> None:
        await works(worker)
        with pytest.raises(WorkerError, match=r"stopped after 0\.2 seconds"):
            await worker.ask("look", SLOW, 0.2)
        await works(worker)

    with_worker(action)


def test_a_job_that_nobody_waits_for_is_ended() -> None:
    async def action(worker: Worker) -> None:
        process = await worker.start()
        asked = asyncio.create_task(worker.ask("look", SLOW, SECONDS))
        await asyncio.sleep(0.1)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        assert await asyncio.wait_for(process.wait(), SECONDS) != 0

    with_worker(action)


def test_a_process_that_ends_by_itself_is_told_and_replaced() -> None:
    async def action(worker: Worker) -> None:
        await works(worker)
        process = await worker.start()
        asked = asyncio.create_task(worker.ask("look", SLOW, SECONDS))
        await asyncio.sleep(0.1)
        process.kill()
        with pytest.raises(WorkerError, match="ended by itself"):
            await asked
        await works(worker)

    with_worker(action)


@pytest.mark.skipif(os.name == "nt", reason="Windows limits no address space")
def test_a_process_gets_no_more_memory_than_it_may_have() -> None:
    async def action(worker: Worker) -> None:
        lists = "".join(f"x{number} = range(900000);" for number in range(50))
        answer = await worker.ask("look", {**QUICK, "text": lists}, SECONDS)
        assert answer["error"]["message"].startswith("out of memory")
        await works(worker)

    with_worker(action, memory=500 * 2**20)


def test_a_server_that_is_killed_leaves_no_process() -> None:
    async def action(worker: Worker) -> None:
        process = await worker.start()
        asked = asyncio.create_task(worker.ask("look", SLOW, SECONDS))
        await asyncio.sleep(0.1)
        assert process.stdin is not None
        process.stdin.close()  # as the system does for a server that is gone
        await asyncio.wait_for(process.wait(), SECONDS)
        with pytest.raises(WorkerError, match="ended by itself"):
            await asked
        with pytest.raises(ProcessLookupError):
            os.kill(process.pid, 0)

    with_worker(action)


@pytest.mark.parametrize(
    ("job", "request_", "message"),
    [
        ("cook", QUICK, "there is no job 'cook'"),
        ("look", {**QUICK, "text": "#" * 100_001}, "programs of 100,000 characters at most"),
    ],
)
def test_a_job_that_fails_answers_with_its_error(job: str, request_: dict[str, Any], message: str) -> None:
    async def action(worker: Worker) -> None:
        answer = await worker.ask(job, request_, SECONDS)
        assert message in answer["error"]["message"]

    with_worker(action)


def test_only_so_many_requests_wait() -> None:
    async def session() -> None:
        pool = Pool(1, 2, LOOK_MEMORY)
        await pool.start()
        try:
            asked = [asyncio.create_task(works(pool)) for _ in range(3)]
            await asyncio.sleep(0)
            with pytest.raises(WorkerError, match="too many requests wait"):
                await pool.ask("look", QUICK, SECONDS)
            await asyncio.gather(*asked)
            await works(pool)
        finally:
            await pool.end()

    asyncio.run(session())
