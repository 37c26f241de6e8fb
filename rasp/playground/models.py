"""The compiled models of open pages: a process for each, which holds the model, and a folder with its files."""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path

from rasp.playground import limits
from rasp.playground.guard import RefusedError
from rasp.playground.jobs import Data
from rasp.playground.workers import Worker, WorkerError

FILES = ("model.safetensors", "report.md", "stream.svg", "attention.svg")
"""What a page can download."""

_PAGE = re.compile(r"[0-9a-f]{32}")


@dataclass(eq=False)
class _Place:
    """What a page has."""

    folder: Path
    worker: Worker = field(default_factory=lambda: Worker(limits.COMPILE_MEMORY))
    using: asyncio.Lock = field(default_factory=asyncio.Lock)


class Models:
    """The models by page; where there are too many, one that compiles takes the place of the idle one that compiled longest ago.

    Args:
        folder: for files.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._places: dict[str, _Place] = {}
        self._taking = asyncio.Lock()

    async def compiled(self, page: str, request: Data) -> AsyncGenerator[Data, None]:
        """News of a compilation, then its answer; what the page compiled before is dropped. Raises as ``Worker.events`` does."""
        async with self._taking:
            place = await self._taken(page)
            await place.using.acquire()
        try:
            asked = {**request, "folder": str(place.folder)}
            async with aclosing(place.worker.events("compile", asked, limits.COMPILE_SECONDS)) as events:
                async for event in events:
                    yield event
        finally:
            place.using.release()

    async def attended(self, page: str, request: Data) -> Data:
        """The attention of the page's model on an input, once what it does is done.

        Raises:
            WorkerError: the page has no model; or as ``Worker.ask``.
        """
        place = self._places.get(page)
        if place is None:
            raise WorkerError("this page has no compiled model any more", hint="compile again")
        async with place.using:
            return await place.worker.ask("attend", {**request, "folder": str(place.folder)}, limits.ATTEND_SECONDS)

    async def left(self, page: str) -> None:
        """The page was closed."""
        async with self._taking:
            await self._drop(page)

    def file(self, page: str, name: str) -> Path:
        """A file of a page's model.

        Raises:
            RefusedError: there is none.
        """
        place = self._places.get(page)
        path = None if place is None or name not in FILES else place.folder / name
        if path is None or not path.is_file():
            raise RefusedError(404, "there is no such file", "compile a program first")
        return path

    async def end(self) -> None:
        """Drop all models."""
        for page in list(self._places):
            await self._drop(page)

    async def _taken(self, page: str) -> _Place:
        if not _PAGE.fullmatch(page):
            raise RefusedError(400, "a request names its page")
        await self._drop(page)
        if len(self._places) >= limits.COMPILED_MODELS:
            idle = next((other for other, place in self._places.items() if not place.using.locked()), None)
            if idle is None:
                raise WorkerError("other pages are compiling", hint="wait until one is done, or close it")
            await self._drop(idle)
        self._places[page] = _Place(Path(tempfile.mkdtemp(dir=self._folder)))
        return self._places[page]

    async def _drop(self, page: str) -> None:
        place = self._places.pop(page, None)
        if place is not None:
            await place.worker.close()
            shutil.rmtree(place.folder, ignore_errors=True)
