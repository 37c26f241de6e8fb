"""The server under requests that its page would not send."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import Any

import pytest

from rasp.cli import main
from rasp.playground import limits
from tests.rasp.playground.conftest import HISTOGRAM, Playground

LOOK = {"text": HISTOGRAM, "dialect": "rasp", "input": "hello", "tokens": None, "name": None}


def get(playground: Playground, path: str, **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(playground.host, timeout=60)
    connection.putrequest("GET", path, skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


def works(playground: Playground) -> bool:
    status, answer = playground.look(HISTOGRAM, "hello")
    return status == 200 and answer["rows"][0]["cells"] == ["1", "1", "2", "2", "1"]


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "http://127.0.0.1:1", "https://{host}"])
def test_another_page_is_refused(playground: Playground, origin: str | None) -> None:
    status, answer = playground.post("/api/look", LOOK, Origin=origin and origin.format(host=playground.host))
    assert (status, answer["error"]["message"]) == (403, "the playground answers its own page only")


def test_a_name_that_was_made_to_mean_this_machine_is_refused(playground: Playground) -> None:
    port = playground.host.partition(":")[2]
    assert get(playground, "/", Host=f"evil.example:{port}").status == 403
    assert get(playground, "/", Host=f"localhost:{port}").status == 200


def test_a_page_may_not_be_read_framed_or_extended(playground: Playground) -> None:
    headers = get(playground, "/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize(
    ("body", "kind", "status", "message"),
    [
        (b"{}", "text/plain", 415, "a request is JSON"),
        (b"{", "application/json", 400, "the request is no JSON"),
        (b"[" * 100_000, "application/json", 400, "the request is no JSON"),
        (b"[]", "application/json", 400, "a request is a JSON object"),
        (b"{}", "application/json", 422, "a request holds a program"),
        (b'{"text": "' + b"x" * 10_000_000 + b'"}', "application/json", 413, "larger than 1,000,000 bytes"),
    ],
)
def test_a_request_of_another_form_is_answered_clearly(
    playground: Playground, body: bytes, kind: str, status: int, message: str
) -> None:
    found, answer = playground.post("/api/look", body, Content_Type=kind)
    assert found == status
    assert message in answer["error"]["message"]


@pytest.mark.parametrize("path", ["/../app.py", "/%2e%2e/app.py", "/..%2fapp.py", f"/api/model/{'0' * 32}/report.md"])
def test_nothing_but_the_page_is_given_out(playground: Playground, path: str) -> None:
    assert get(playground, path).status == 404


def test_a_program_that_does_not_end_is_stopped(playground: Playground) -> None:
    endless = {**LOOK, "dialect": "rasp-l", "text": "def f(x):\n    while True:\n        x = x + 1\n    return x\n\ny = f(1)\n"}
    status, answer = playground.post("/api/look", endless)
    told = answer["error"]["message"] if "error" in answer else answer["remarks"][0]["message"]
    assert (status, told) in (
        (200, "the program is not done after 2,000,000 steps"),
        (503, f"stopped after {limits.LOOK_SECONDS:g} seconds"),
    )
    assert works(playground)


def test_a_thousand_requests_at_once_are_answered_or_turned_away(playground: Playground) -> None:
    host, port = playground.host.split(":")
    body = json.dumps({**LOOK, "input": "hello" * 10}).encode()
    head = f"POST /api/look HTTP/1.1\r\nHost: {playground.host}\r\nOrigin: {playground.address}\r\nConnection: close\r\n"
    request = f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body

    async def one() -> tuple[int, Any]:
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(request)
        answer = await reader.read()
        writer.close()
        top, _, rest = answer.partition(b"\r\n\r\n")
        return int(top.split()[1]), json.loads(rest)

    async def all_() -> list[tuple[int, Any]]:
        return await asyncio.gather(*(one() for _ in range(1000)))

    answers = asyncio.run(all_())
    done = [answer for status, answer in answers if status == 200]
    turned_away = [answer["error"]["message"] for status, answer in answers if status == 503]
    assert len(done) + len(turned_away) == 1000
    assert len(done) >= limits.LOOK_WORKERS
    assert all(answer["rows"][0]["cells"][:5] == ["10", "10", "20", "20", "10"] for answer in done)
    assert set(turned_away) <= {"too many requests wait", "too many requests are open"}
    assert works(playground)
    assert playground.megabytes < 200


def compiling(playground: Playground, page: str) -> bytes:
    """What a page is told first when it compiles; then its browser is gone."""
    host, port = playground.host.split(":")
    asked = {**LOOK, "name": "histogram", "vocab": "ab", "max_length": 4, "causal": False, "page": page * 32}
    body = json.dumps(asked).encode()
    head = f"POST /api/compile HTTP/1.1\r\nHost: {playground.host}\r\nOrigin: {playground.address}\r\n"
    with socket.create_connection((host, int(port)), timeout=60) as connection, connection.makefile("rb") as answer:
        connection.sendall(f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        return next(line for line in answer if b"progress" in line or b"error" in line)


def test_browsers_that_vanish_leave_room(playground: Playground) -> None:
    """More pages compile and go than have room at a time; the server sees that within a second."""
    for page in "0123"[: limits.COMPILED_MODELS + 1]:
        answers = (compiling(playground, page) for _ in range(100))
        assert any(b'"stage": "compiling"' in answer for answer in answers)


def test_a_look_at_a_model_that_nobody_waits_for_leaves_the_model(playground: Playground) -> None:
    asked = {**LOOK, "input": "ab", "name": "histogram", "vocab": "ab", "max_length": 4, "causal": False, "page": "9" * 32}
    connection = http.client.HTTPConnection(playground.host, timeout=60)
    headers = {"Content-Type": "application/json", "Origin": playground.address}
    while True:
        connection.request("POST", "/api/compile", json.dumps(asked), headers)
        answer = connection.getresponse().read()
        if b"other pages are compiling" not in answer:
            break
    assert b'"passed": true' in answer
    connection.request("POST", "/api/attend", json.dumps({**asked, "input": "aba"}), headers)
    connection.close()
    status, found = playground.post("/api/attend", {**asked, "input": "abab"})
    assert (status, found["values"]) == (200, ["2", "2", "2", "2"])
    assert playground.post("/api/leave", {"page": "9" * 32}) == (200, {})
    assert get(playground, f"/api/model/{'9' * 32}/report.md").status == 404


def test_a_page_without_a_model_is_told_so(playground: Playground) -> None:
    status, answer = playground.post("/api/attend", {**LOOK, "page": "f" * 32})
    assert (status, answer["error"]["hint"]) == (503, "compile again")


def test_a_port_that_is_taken_is_named(playground: Playground, capsys: pytest.CaptureFixture[str]) -> None:
    port = playground.host.partition(":")[2]
    assert main(["playground", "--no-browser", "--port", port]) == 1
    assert f"can't serve at port {port}: it is taken" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["70000", "-1", "http", "٣"])
def test_what_is_no_port_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["playground", f"--port={port}"]) == 2
    assert "is not a port" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="Windows has no process groups")
@pytest.mark.parametrize("signal_", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_at_once_and_quietly(signal_: signal.Signals) -> None:
    """Ctrl-C reaches the whole group of processes; one of them is at work."""
    command = [sys.executable, "-m", "rasp", "playground", "--port", "0", "--no-browser"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stderr is not None
        host = process.stderr.readline().split("//")[1].split("/")[0]
        running = Playground(process, host)
        assert works(running)
        loop = {**LOOK, "dialect": "rasp-l", "text": "def f(x):\n    while True:\n        x = x + 1\n    return x\n\ny = f(1)\n"}
        answers: list[tuple[int, Any]] = []
        asking = threading.Thread(target=lambda: answers.append(running.post("/api/look", loop)))
        asking.start()
        time.sleep(0.5)
        os.killpg(process.pid, signal_)
        assert process.wait(20) in (0, 130, -signal_)
        asking.join()
        assert answers[0][1]["error"]["message"] == "the computation ended by itself, perhaps out of memory"
        assert process.stderr.read() == ""
