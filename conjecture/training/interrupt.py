"""Ctrl-C, taken at a moment when nothing is lost."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Any, NoReturn


class Interrupted(KeyboardInterrupt):
    """Training was stopped by Ctrl-C or by a request to end."""


class Interruption:
    """Within ``with``, the first Ctrl-C only asks to stop; the second one stops at once."""

    def __init__(self) -> None:
        self.asked = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Interruption:
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._ask) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        if self.asked:
            raise Interrupted("stopped at once; what was done since the last checkpoint is lost")
        self.asked = True

    def stop(self, where: str, *, kept: bool) -> NoReturn:
        """End, saying where; ``kept`` tells whether there is a checkpoint."""
        after = "the same command goes on from there" if kept else "there is no checkpoint"
        raise Interrupted(f"stopped in {where}; {after}")
