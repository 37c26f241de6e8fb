"""What ``interpreters.py`` measures: calls here and in peers, long inputs, starting and loading."""

from __future__ import annotations

import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median
from typing import IO, Any

import rasp
from benchmarks.programs import EXAMPLES, Peer, Program, Tokens
from rasp.values import SOp

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent

SHORT = (10, 100, 1_000)
LONG = (10, 10_000, 31_623, 100_000, 316_228, 1_000_000)
CALLS = 5
PROCESSES = 7


@dataclass(frozen=True)
class SideBySide:
    """Processor seconds of one call on a new input: here (median of several), and in the peer where it is present.

    Attributes:
        example: our example of the task.
        same_text: the peer's text, read by this interpreter.
    """

    program: str
    peer: Peer
    tokens: int
    example: float
    same_text: float | None = None
    peer_seconds: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times faster the same text is here."""
        return self.peer_seconds / self.same_text if self.peer_seconds and self.same_text else None


@dataclass(frozen=True)
class LongCall:
    """One call in a process of its own: seconds on the clock and of the processor, and the process's peak memory in bytes."""

    program: str
    tokens: int
    seconds: float
    processor: float
    peak: int


@dataclass(frozen=True)
class Growth:
    """Exponents of the length by which processor time, and peak memory beyond that of the bare process, grow."""

    program: str
    time: float
    memory: float


@dataclass(frozen=True)
class Start:
    """``rasp run`` of the histogram, from process start to its end."""

    seconds: list[float]
    processor: list[float]


@dataclass(frozen=True)
class Loading:
    """Loading an example in a new process, imports included, and once more; medians of three processes."""

    file: str
    seconds: float
    processor: float
    again: float


@dataclass(frozen=True)
class TextLoading:
    """Processor seconds for loading a text made of so many lines; best of three."""

    what: str
    lines: int
    seconds: float


class PeerProcess:
    """A peer in a process of its own, which answers JSON lines."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, task: dict[str, Any]) -> dict[str, Any]:
        _pipe(self._process.stdin).write(json.dumps(task) + "\n")
        _pipe(self._process.stdin).flush()
        line = _pipe(self._process.stdout).readline()
        if not line:
            raise SystemExit("the peer ended: see its message above")
        return json.loads(line)


def _pipe(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


@contextmanager
def peer_process(python: str, driver: str, checkout: Path) -> Iterator[PeerProcess]:
    command = [python, str(HERE / driver)]
    with subprocess.Popen(command, cwd=checkout, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield PeerProcess(process)
        _pipe(process.stdin).close()


def side_by_side(program: Program, length: int, checkout: Path | None, peer: PeerProcess | None) -> SideBySide:
    """Time one program at one length.

    Raises:
        SystemExit: the peer's values differ.
    """
    rng = Random(length)
    inputs = [program.tokens(rng, length) for _ in range(CALLS)]
    example = call_seconds(program.example(), inputs)
    if checkout is None or peer is None:
        return SideBySide(program.name, program.peer, len(inputs[0]), example)
    sop = program.on_peer_text(checkout)
    answers = [peer.ask(peer_task(program, tokens)) for tokens in (inputs if length < max(SHORT) else inputs[:1])]
    if [answer["values"] for answer in answers] != [sop(tokens) for tokens, _ in zip(inputs, answers, strict=False)]:
        raise SystemExit(f"{program.name} at {length} tokens: the values here and in {program.peer} differ")
    theirs = median(answer["seconds"] for answer in answers)
    return SideBySide(program.name, program.peer, len(inputs[0]), example, call_seconds(sop, inputs), theirs)


def peer_task(program: Program, tokens: Tokens) -> dict[str, Any]:
    text = program.peer_text
    if program.peer == "np_rasp":
        return {"name": program.name, "tokens": tokens}
    statement = text.text if text.file is None else f'load "{Path(text.file).stem}";'
    return {"statement": statement, "name": text.name, "tokens": tokens}


def call_seconds(sop: SOp, inputs: Sequence[Tokens]) -> float:
    """Median processor seconds of a call, each on an input of its own; a first call is not counted."""
    sop(inputs[0])
    seconds: list[float] = []
    for tokens in inputs:
        begin = time.process_time()
        sop(tokens)
        seconds.append(time.process_time() - begin)
    return median(seconds)


def long_call(program: Program, length: int, environment: dict[str, str]) -> LongCall:
    return LongCall(program.name, length, **_fresh_process(["call", program.name, str(length)], environment))


def growth(calls: Sequence[LongCall]) -> Growth:
    """The exponents of one program, by least squares; the first call's input is tiny and tells what the bare process takes."""
    bare, *rest = calls
    time_ = exponent([call.tokens for call in rest], [call.processor for call in rest])
    large = [call for call in rest if call.tokens >= 100_000]  # shorter inputs take no more than the imports did
    memory = exponent([call.tokens for call in large], [max(call.peak - bare.peak, 1) for call in large])
    return Growth(bare.program, time_, memory)


def exponent(lengths: Sequence[float], amounts: Sequence[float]) -> float:
    """The slope of log(amount) over log(length)."""
    x, y = ([math.log(value) for value in values] for values in (lengths, amounts))
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    covariance = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    return covariance / sum((a - mean_x) ** 2 for a in x)


def start(environment: dict[str, str]) -> Start:
    command = [sys.executable, "-m", "rasp", "run", str(EXAMPLES / "histogram.rasp"), "histogram", "hello"]
    runs = [timed_process(command, environment) for _ in range(PROCESSES)]
    return Start([seconds for seconds, _ in runs], [processor for _, processor in runs])


def timed_process(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Seconds on the clock and of the processor (user and system) of a process."""
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=True)
    seconds, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def loading(file: Path, environment: dict[str, str]) -> Loading:
    runs = [_fresh_process(["load", str(file)], environment) for _ in range(3)]
    return Loading(file.name, *(median(run[key] for run in runs) for key in ("seconds", "processor", "again")))


def text_loading() -> list[TextLoading]:
    """A function and a file of statements, at three lengths each."""
    texts = [("function", lines, function_text(lines)) for lines in (80, 240, 800)]
    texts += [("file", lines, file_text(lines)) for lines in (2_500, 5_000, 10_000)]
    return [TextLoading(what, lines, min(_load_seconds(text) for _ in range(3))) for what, lines, text in texts]


def function_text(lines: int) -> str:
    """A function of so many lines, its first and last included."""
    steps = "".join(f'    y = y + {step} if tokens == "a" else (y - indices) % {step + 2};\n' for step in range(lines - 3))
    return f"def long_function(y) {{\n{steps}    return y;\n}}\n"


def file_text(lines: int) -> str:
    """As many statements, one a line, of four forms."""
    forms = (
        "a{0} = indices + {0};",
        'b{0} = a{1} * 2 if tokens == "a" else length;',
        "c{0} = select(a{2}, b{1}, ==) and select(indices, indices, <);",
        "d{0} = aggregate(c{1}, a{3}, 0);",
    )
    return "".join(forms[line % 4].format(line, line - 1, line - 2, line - 3) + "\n" for line in range(lines))


def _load_seconds(text: str) -> float:
    begin = time.process_time()
    rasp.loads(text)
    return time.process_time() - begin


def _fresh_process(arguments: list[str], environment: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, str(HERE / "fresh_process.py"), *arguments]
    return json.loads(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)


@contextmanager
def usual_environment() -> Iterator[dict[str, str]]:
    """An environment in which Python keeps byte code, as it usually does, in a folder of its own that is filled already."""
    with tempfile.TemporaryDirectory() as folder:
        names = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment = {**names, "PYTHONPYCACHEPREFIX": folder}
        for _ in range(2):
            for file in ("histogram.rasp", "count.raspl"):
                _fresh_process(["load", str(EXAMPLES / file)], environment)
            start_command = [sys.executable, "-m", "rasp", "run", str(EXAMPLES / "histogram.rasp"), "histogram", "hello"]
            timed_process(start_command, environment)
        yield environment
