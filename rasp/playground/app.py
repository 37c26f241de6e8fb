"""The server of the playground: the page, and what it asks."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from pathlib import Path
from typing import TypeVar

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from rasp.draw.style import LIGHT
from rasp.playground import limits
from rasp.playground.guard import OwnPageOnly, RefusedError, json_of, refusal
from rasp.playground.jobs import Data, error_data
from rasp.playground.models import Models
from rasp.playground.palette import colours, palette_css
from rasp.playground.programs import programs
from rasp.playground.words import words
from rasp.playground.workers import Pool, WorkerError

PAGE = Path(__file__).parent / "page"
NEWS_EVERY = 0.5
"""Seconds between two signs of life of a long job."""

Result = TypeVar("Result")


def app() -> Starlette:
    """The server as an ASGI application; it starts its processes when it is started, and ends them when it ends."""
    return Starlette(
        routes=[
            Route("/palette.css", _palette),
            Route("/api/begin", _begin),
            Route("/api/look", _short("look"), methods=["POST"]),
            Route("/api/format", _short("format"), methods=["POST"]),
            Route("/api/compile", _compile, methods=["POST"]),
            Route("/api/attend", _attend, methods=["POST"]),
            Route("/api/leave", _leave, methods=["POST"]),
            Route("/api/model/{page}/{name}", _file),
            Mount("/", StaticFiles(directory=PAGE, html=True)),
        ],
        middleware=[Middleware(OwnPageOnly)],
        exception_handlers={RefusedError: refusal},
        lifespan=_running,
    )


@asynccontextmanager
async def _running(app: Starlette) -> AsyncIterator[None]:
    with tempfile.TemporaryDirectory(prefix="rasp-playground-") as folder:
        app.state.pool = Pool(limits.LOOK_WORKERS, limits.LOOKS_WAITING, limits.LOOK_MEMORY)
        app.state.models = Models(Path(folder))
        await app.state.pool.start()
        try:
            yield
        finally:
            await end(app)


async def end(app: Starlette) -> None:
    """End all processes; whoever waits for one is told."""
    await app.state.models.end()
    await app.state.pool.end()


async def _begin(request: Request) -> Response:
    """What a page needs once: the example programs, the words of the languages, and the colours of pictures by name."""
    return JSONResponse({"programs": programs(), "words": words(), "colours": colours(LIGHT)})


async def _palette(request: Request) -> Response:
    return Response(palette_css(), media_type="text/css")


def _short(job: str) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        data = await json_of(request)
        return await _answer(_while_awaited(request, request.app.state.pool.ask(job, data, limits.LOOK_SECONDS)))

    return answer


async def _attend(request: Request) -> Response:
    """It is done also where the browser no longer waits: ending it would end the model's process."""
    data = await json_of(request)
    return await _answer(request.app.state.models.attended(str(data.get("page")), data))


async def _leave(request: Request) -> Response:
    data = await json_of(request)
    await request.app.state.models.left(str(data.get("page")))
    return JSONResponse({})


async def _answer(job: Awaitable[Data]) -> Response:
    try:
        found = await job
    except WorkerError as error:
        return JSONResponse({"error": error_data(error)}, 503)
    return JSONResponse(found.get("answer", found), 200 if "answer" in found else 422)


async def _while_awaited(request: Request, job: Awaitable[Result]) -> Result:
    """The result of a job, which is ended if the browser no longer waits for it."""
    doing = asyncio.ensure_future(job)
    gone = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({doing, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not doing.done():
            raise RefusedError(499, "nobody waits for the answer")
        return doing.result()
    finally:
        gone.cancel()
        doing.cancel()
        with suppress(asyncio.CancelledError, WorkerError):
            await doing


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _compile(request: Request) -> Response:
    data = await json_of(request)
    events = request.app.state.models.compiled(str(data.get("page")), data)
    return StreamingResponse(_lines(request, events), media_type="application/x-ndjson")


async def _lines(request: Request, events: AsyncGenerator[Data, None]) -> AsyncGenerator[str, None]:
    """Events as lines of JSON, with signs of life between them; none follows once the browser has left."""
    try:
        async with aclosing(events):
            pending: asyncio.Future[Data | None] = asyncio.ensure_future(anext(events, None))
            try:
                while not await request.is_disconnected():
                    await asyncio.wait({pending}, timeout=NEWS_EVERY)
                    if not pending.done():
                        yield "{}\n"
                        continue
                    event = pending.result()
                    if event is None:
                        return
                    yield json.dumps(event) + "\n"
                    pending = asyncio.ensure_future(anext(events, None))
            finally:
                pending.cancel()
                with suppress(asyncio.CancelledError, WorkerError):
                    await pending
    except (WorkerError, RefusedError) as error:
        told = error_data(error) if isinstance(error, WorkerError) else {"message": error.message, "hint": error.hint}
        yield json.dumps({"error": told}) + "\n"


async def _file(request: Request) -> Response:
    path = request.app.state.models.file(request.path_params["page"], request.path_params["name"])
    return FileResponse(path, filename=path.name)
