"""A playground in a process of its own, as users start it."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

HISTOGRAM = "same = select(tokens, tokens, ==);\nhistogram = selector_width(same);\n"


@dataclass(frozen=True)
class Playground:
    """A running server."""

    process: subprocess.Popen[str]
    host: str

    @property
    def address(self) -> str:
        return f"http://{self.host}"

    def post(self, path: str, data: Any, **headers: str | None) -> tuple[int, Any]:
        """Status and JSON answer of a request; headers replace the page's own, None leaves one out."""
        body = data if isinstance(data, bytes) else json.dumps(data).encode()
        own = {"Content-Type": "application/json", "Origin": self.address}
        given = {**own, **{name.replace("_", "-"): value for name, value in headers.items()}}
        connection = http.client.HTTPConnection(self.host, timeout=60)
        try:
            connection.request("POST", path, body, {name: value for name, value in given.items() if value is not None})
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()

    def look(self, text: str, tokens: str) -> tuple[int, Any]:
        return self.post("/api/look", {"text": text, "dialect": "rasp", "input": tokens, "tokens": None, "name": None})

    @property
    def megabytes(self) -> float:
        """The most memory that the server had so far."""
        with open(f"/proc/{self.process.pid}/status") as file:
            return int(re.findall(r"VmHWM:\s+(\d+)", file.read())[0]) / 1024


@pytest.fixture(scope="module")
def playground() -> Iterator[Playground]:
    command = [sys.executable, "-m", "rasp", "playground", "--port", "0", "--no-browser"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        found = re.search(r"http://([\d.:]+)/", line)
        assert found is not None, line + process.stderr.read()
        yield Playground(process, found[1])
        process.terminate()
        assert process.wait(20) in (0, -15)
        assert process.stderr.read() == ""
