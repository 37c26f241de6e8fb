"""The command as a process: pipes, terminals, bytes that are no text."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from pathlib import Path

COMMAND = [sys.executable, "-m", "rasp"]
ROOT = Path(__file__).parents[3]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "TERM": "dumb"}


def run(arguments: list[str], data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*COMMAND, *arguments], input=data, capture_output=True, env=ENVIRONMENT, timeout=120, check=False)


def test_a_pipe_is_a_transcript() -> None:
    done = run([], b'indices("ab");\nnowhere;\n\xff\n"\xc3\xa9";')
    assert done.stdout.decode().splitlines() == [
        "RASP 0.1",
        "running example is: hello",
        ">> \t =  [0, 1] (ints)",
        ">> \t\t!!ignoring input:",
        "\t Error: Undefined variable: nowhere",
        "\t   at <stdin>:2:1",
        "\t   nowhere;",
        "\t   ^^^^^^^",
        ">> \t\t!!ignoring input:",
        "\t this line is no UTF-8 text (character 1)",
        '>>     value: out =  "é"',
        ">> ",
    ]
    assert (done.returncode, done.stderr) == (1, b"")


def test_errors_go_to_stderr_and_names_need_not_be_text(folder: Path) -> None:
    done = run(["run", "hist.rasp", "histogram", "ab", os.fsdecode(b"\xff")])
    assert done.returncode == 1
    assert done.stdout == b"[1, 1] (ints)\n"
    assert done.stderr.splitlines()[0] == b"<input>:1:1: the input is no UTF-8 text"


def test_a_reader_that_goes_away() -> None:
    with subprocess.Popen(
        [*COMMAND], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        try:
            process.stdin.write(b"indices;\n" * 10_000)
            process.stdin.close()
        except BrokenPipeError:
            pass
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 141


def test_a_terminal_is_a_conversation(tmp_path: Path) -> None:
    environment = {**ENVIRONMENT, "TERM": "xterm", "NO_COLOR": "1", "XDG_STATE_HOME": str(tmp_path)}
    leader, follower = pty.openpty()
    with subprocess.Popen(COMMAND, stdin=follower, stdout=follower, stderr=follower, env=environment, close_fds=True) as process:
        os.close(follower)
        shown = conversation(leader, [(b">>", b"x = 41\r+ 1;\r"), (b"x =  42", b"quit\r")])
        assert process.wait(timeout=60) == 0
    os.close(leader)
    assert b"running example is: hello" in shown
    assert (tmp_path / "rasp" / "history").read_text().count("+x = 41\n++ 1;\n") == 1


def conversation(terminal: int, turns: list[tuple[bytes, bytes]]) -> bytes:
    """What a terminal shows while each answer is given as soon as the text before it has appeared."""
    shown, position = b"", 0
    while select.select([terminal], [], [], 60)[0]:
        try:
            piece = os.read(terminal, 65_536)
        except OSError:
            break
        shown += piece
        if b"\x1b[6n" in piece:  # the library asks where the cursor is
            os.write(terminal, b"\x1b[1;1R")
        if turns and turns[0][0] in shown[position:]:
            position = len(shown)
            os.write(terminal, turns.pop(0)[1])
    return shown


def shell(line: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command line in which ``RASP`` is the command."""
    command = line.replace("RASP", f"{sys.executable} -m rasp")
    return subprocess.run(["sh", "-c", command], capture_output=True, env=ENVIRONMENT, timeout=120, check=False)


def test_a_full_disk(folder: Path) -> None:
    for line in ("RASP run hist.rasp histogram ab > /dev/full", "echo 'indices;' | RASP > /dev/full", "RASP --help > /dev/full"):
        done = shell(line)
        assert (done.returncode, done.stderr) == (1, b"rasp: input or output failed: No space left on device\n")


def test_closed_streams(folder: Path) -> None:
    for line in ("RASP run hist.rasp histogram ab >&-", "RASP run hist.rasp histogram - <&-", "RASP <&- > /dev/null"):
        assert (shell(line).returncode, shell(line).stderr) == (0, b"")
