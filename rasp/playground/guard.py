"""What comes in before anything else sees it: only from the page itself, only JSON, and not too much."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rasp.playground import limits

HOSTS = ("127.0.0.1", "localhost")
"""Names of this machine; others may be those of a hostile page whose name was made to mean this machine."""

SECURITY = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}
"""The page loads nothing from elsewhere, runs no script but its own, and can't be put into another."""


class RefusedError(Exception):
    """A request that is not answered."""

    def __init__(self, status: int, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.hint = status, message, hint

    def response(self) -> JSONResponse:
        """What is answered instead."""
        return JSONResponse({"error": {"message": self.message, "hint": self.hint}}, self.status)


def refusal(request: Request, error: Exception) -> JSONResponse:
    """The answer to a request that was refused on the way."""
    assert isinstance(error, RefusedError)
    return error.response()


class OwnPageOnly:
    """Lets the page's own requests through, and adds the headers that keep other pages out.

    A browser names the page that sends a request (``Origin``); scripts of other pages can't forge it, and can't send JSON to
    another place without asking first, which is answered with a refusal.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(SECURITY)
            await send(message)

        refused = _refused(scope["method"], Headers(scope=scope))
        if refused is None and self._open >= limits.CONNECTIONS:
            refused = RefusedError(503, "too many requests are open", "try again in a moment")
        if refused is not None:
            await refused.response()(scope, receive, send_guarded)
            return
        self._open += 1
        try:
            await self._app(scope, receive, send_guarded)
        finally:
            self._open -= 1


def _refused(method: str, headers: Headers) -> RefusedError | None:
    """Why a request is not for this server."""
    host, origin = headers.get("host", ""), headers.get("origin")
    if host.partition(":")[0] not in HOSTS:
        return RefusedError(403, "the playground answers under its own address only")
    if method in ("GET", "HEAD") and origin is None:
        return None
    return None if origin == f"http://{host}" else RefusedError(403, "the playground answers its own page only")


async def json_of(request: Request) -> dict[str, Any]:
    """The body of a request.

    Raises:
        RefusedError: it is too large, comes too slowly, or is no JSON object.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise RefusedError(415, "a request is JSON")
    try:
        async with asyncio.timeout(limits.BODY_SECONDS):
            body = await _body(request)
        data = json.loads(body)
    except ClientDisconnect:
        raise RefusedError(499, "the browser has left") from None
    except TimeoutError:
        raise RefusedError(408, "the request comes too slowly") from None
    except (ValueError, RecursionError):
        raise RefusedError(400, "the request is no JSON") from None
    if not isinstance(data, dict):
        raise RefusedError(400, "a request is a JSON object")
    return data


async def _body(request: Request) -> bytes:
    """All of it; what is too large is read to its end, since a browser shows no answer before that, but not kept."""
    body = bytearray()
    size = 0
    async for part in request.stream():
        size += len(part)
        if size <= limits.BODY_BYTES:
            body += part
    if size > limits.BODY_BYTES:
        hint = f"a program has at most {limits.PROGRAM_CHARACTERS:,} characters here; 'rasp run' takes larger ones"
        raise RefusedError(413, f"the request is larger than {limits.BODY_BYTES:,} bytes", hint)
    return bytes(body)
