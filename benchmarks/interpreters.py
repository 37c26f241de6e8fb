"""Time and memory of the interpreter, side by side with the published ones where they are present.

    python benchmarks/interpreters.py [--rasp CHECKOUT [--rasp-python PYTHON]] [--np-rasp CHECKOUT] [--json FILE]

CHECKOUT is a checkout of tech-srl/RASP, or of np_rasp; PYTHON one that can import antlr4 4.9.1. Nothing of them is copied:
they run in processes of their own, their program files are also read by this interpreter, and the values are compared.
Prints Markdown. Without peers it takes about three minutes, with both about eight.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import measuring, report
from benchmarks.measuring import LongCall, PeerProcess, SideBySide
from benchmarks.programs import EXAMPLES, PROGRAMS, Peer, Program


@dataclass(frozen=True)
class PeerPlace:
    """Where a peer is, what runs it, and the driver that it runs."""

    checkout: Path
    python: str
    driver: str


def main() -> int:
    options = _parser().parse_args()
    peers: dict[Peer, PeerPlace] = {}
    if options.rasp is not None:
        peers["tech-srl/RASP"] = PeerPlace(options.rasp.resolve(), options.rasp_python, "reference_timer.py")
    if options.np_rasp is not None:
        peers["np_rasp"] = PeerPlace(options.np_rasp.resolve(), sys.executable, "np_rasp_timer.py")
    results = measure(peers)
    print(report.markdown(results))
    found = report.goals(results)
    if options.json is not None:
        record = {"goals": [asdict(goal) for goal in found], **asdict(results)}
        options.json.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return int(any(goal.met is False for goal in found))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rasp", type=Path, metavar="CHECKOUT", help="a checkout of tech-srl/RASP")
    parser.add_argument("--rasp-python", default=sys.executable, metavar="PYTHON", help="the Python that runs it")
    parser.add_argument("--np-rasp", type=Path, metavar="CHECKOUT", help="a checkout of np_rasp")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all results there too")
    return parser


def measure(peers: dict[Peer, PeerPlace]) -> report.Results:
    """Everything, in one run; progress goes to standard error."""
    with measuring.usual_environment() as environment:
        # First, while this process is small: a process's peak memory counts from that of the process that started it.
        long_calls = [_long_call(program, length, environment) for program in PROGRAMS for length in measuring.LONG]
        start = measuring.start(environment)
        files = sorted(file for file in EXAMPLES.iterdir() if file.suffix in (".rasp", ".raspl"))
        loadings = [measuring.loading(file, environment) for file in files]
        texts = measuring.text_loading()
        _progress("starting and loading: done")
    growths = [measuring.growth([call for call in long_calls if call.program == program.name]) for program in PROGRAMS]
    rows = _side_by_side(peers)
    return report.Results(_machine(), _versions(peers), rows, long_calls, growths, start, loadings, texts)


def _long_call(program: Program, length: int, environment: dict[str, str]) -> LongCall:
    call = measuring.long_call(program, length, environment)
    _progress(f"{program.name}, {length:,} tokens: {call.seconds:.2f} s")
    return call


def _side_by_side(peers: dict[Peer, PeerPlace]) -> list[SideBySide]:
    rows: list[SideBySide] = []
    with ExitStack() as running:
        processes: dict[Peer, PeerProcess] = {
            peer: running.enter_context(measuring.peer_process(place.python, place.driver, place.checkout))
            for peer, place in peers.items()
        }
        for program in PROGRAMS:
            place = peers.get(program.peer)
            for length in measuring.SHORT:
                checkout = None if place is None else place.checkout
                rows.append(measuring.side_by_side(program, length, checkout, processes.get(program.peer)))
                _progress(f"{program.name}, {length:,} tokens, side by side: done")
    return rows


def _machine() -> str:
    return f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"


def _versions(peers: Mapping[Peer, PeerPlace]) -> dict[str, str]:
    packages = {name: importlib.metadata.version(name) for name in ("numpy", "lark")}
    commits = {peer: _commit(place.checkout) for peer, place in peers.items()}
    return {"Python": platform.python_version(), **packages, **commits}


def _commit(checkout: Path) -> str:
    command = ["git", "-C", str(checkout), "rev-parse", "--short", "HEAD"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip() or "(no commit known)"


def _progress(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
