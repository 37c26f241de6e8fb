"""Starts the server and shows the page."""

from __future__ import annotations

import errno
import socket
import sys
import threading
import webbrowser
from collections.abc import Awaitable, Callable

import uvicorn

from rasp.errors import RaspError
from rasp.playground import limits
from rasp.playground.app import app, end

HOST = "127.0.0.1"


class _Server(uvicorn.Server):
    """A server that tells when it is ready."""

    address: str
    opens: bool
    ending: Callable[[], Awaitable[None]]

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        print(f"the playground is at {self.address} (Ctrl-C ends it)", file=sys.stderr, flush=True)
        if self.opens:
            threading.Thread(target=webbrowser.open, args=(self.address,), daemon=True).start()  # some browsers are waited for

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what is computed first, so that every open request is answered at once."""
        await self.ending()
        await super().shutdown(sockets)


def serve(port: int, *, opens: bool) -> None:
    """Serve the playground on loopback until it is interrupted.

    Args:
        port: where; 0 for any that is free.
        opens: whether to show the page in the browser.

    Raises:
        RaspError: the port is taken, or may not be used.
    """
    with _bound(port) as listening:
        application = app()
        config = uvicorn.Config(
            application,
            log_level="error",
            access_log=False,
            limit_concurrency=8 * limits.CONNECTIONS,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=1,
            server_header=False,
            lifespan="on",
        )
        server = _Server(config)
        server.address = f"http://{HOST}:{listening.getsockname()[1]}/"
        server.opens = opens
        server.ending = lambda: end(application)
        server.run(sockets=[listening])


def _bound(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sys.platform != "win32":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen(limits.CONNECTIONS)
    except (OSError, OverflowError) as error:
        listening.close()
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        reason = "it is taken" if taken else getattr(error, "strerror", None) or str(error)
        raise RaspError(
            f"can't serve at port {port}: {reason}", hint="choose another with --port; 0 takes any that is free"
        ) from None
    return listening
