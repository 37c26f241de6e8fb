"""Sizes, times and exactness of compiled models, side by side with Tracr where it is present.

    python benchmarks/compilers.py [--tracr PYTHON] [--programs NAME …] [--lengths N …] [--json FILE]

PYTHON is one that can import Tracr (google-deepmind/tracr, dm-haiku, jax); nothing of it is copied. Each model is compiled in
a new process, which imports everything first; ours and Tracr's take turns, on the same inputs. Prints Markdown.
Without Tracr it takes about half an hour, with it about two hours; what FILE holds of a run with the same versions is not
measured again.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import compiler_report as report
from benchmarks import stages
from benchmarks.compiler_goals import goals
from benchmarks.compiler_programs import COMPARED, EXACT, LOGIC, Program
from benchmarks.compiler_results import OWN, Measured, OwnSize, Results, SideBySide, compact

HERE = Path(__file__).resolve().parent
LENGTHS = (10, 20, 40, 80, 160)
LOGIC_LENGTH = 32
CHECKED, BATCH = 200, 256
TRACR_LIMIT, OWN_LIMIT = 120.0, 600.0
"""Seconds for each step."""


@dataclass(frozen=True)
class Sides:
    """What is compared: the Python that runs Tracr, if it is present, what our compiler can optimize, and all versions."""

    tracr: str | None
    optimize: tuple[str, ...]
    versions: dict[str, dict[str, str]]


def main() -> int:
    options = _parser().parse_args()
    sides = _sides(options.tracr)
    chosen = [program for program in COMPARED if not options.programs or program.name in options.programs]
    others = [program for program in EXACT if not options.programs or program.name in options.programs]
    results = _kept(options.json, sides) or Results(_machine(), sides.versions, [], [])
    for program, length in itertools.product(chosen, sorted(options.lengths)):
        if not results.compares(program.name, length):
            results.side_by_side.append(_side_by_side(program, length, sides, results.gave_up(program.name)))
            _keep(results, options.json)
    alone = [(program, length) for program in dict.fromkeys([*chosen, *others]) for length in options.own_lengths]
    if not options.programs:
        alone.append((LOGIC, LOGIC_LENGTH))
    for program, length in alone:
        if not results.sizes(program.name, length):
            results.own.append(_own_size(program, length))
            _keep(results, options.json)
    print(report.markdown(results))
    return int(any(goal.met is False for goal in goals(results)))


def _kept(file: Path | None, sides: Sides) -> Results | None:
    """What an earlier run with the same versions measured."""
    if file is None or not file.exists():
        return None
    results = Results.read(file.read_text(encoding="utf-8"))
    if results.versions != sides.versions:
        raise SystemExit(f"{file} holds results of other versions; choose another file")
    return results


def _keep(results: Results, file: Path | None) -> None:
    if file is not None:
        file.write_text(_json(results), encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tracr", metavar="PYTHON", help="a Python that can import Tracr")
    parser.add_argument("--programs", nargs="+", metavar="NAME", help="only these programs")
    parser.add_argument("--lengths", nargs="+", type=int, default=LENGTHS, metavar="N", help="longest inputs, side by side")
    parser.add_argument("--own-lengths", nargs="*", type=int, default=OWN, metavar="N", help="and of our models alone")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all results there too")
    return parser


def _sides(tracr: str | None) -> Sides:
    ours = _asked([sys.executable, str(HERE / "compiler_process.py"), "about"])
    versions = {"ours": ours["versions"]}
    if tracr is not None:
        versions["Tracr"] = _asked([tracr, str(HERE / "tracr_peer.py"), "about"])["versions"]
    return Sides(tracr, tuple(ours["optimize"]), versions)


def _asked(command: list[str]) -> dict[str, Any]:
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)


def _side_by_side(program: Program, length: int, sides: Sides, gave_up: bool) -> SideBySide:
    """A program at one length, without Tracr if it gave up at a smaller one."""
    inputs = program.draw_inputs(length, BATCH)
    ours = _ours(program, length, inputs)
    theirs = None if sides.tracr is None or gave_up else _tracr(sides.tracr, program, length, inputs)
    narrow = _ours(program, length, inputs, optimize="width") if "width" in sides.optimize else None
    _progress(f"{program.name}, {length}: done")
    return SideBySide(program.name, length, ours, narrow, theirs)


def _own_size(program: Program, length: int) -> OwnSize:
    measured = _ours(program, length, [])
    _progress(f"{program.name}, {length}, size: done")
    return OwnSize(program.name, length, measured)


def _ours(program: Program, length: int, inputs: Sequence[Any], *, optimize: str | None = None) -> Measured:
    task = {"program": program.name, "length": length, "optimize": optimize, "inputs": inputs, "checked": CHECKED}
    return Measured.of(stages.run([sys.executable, str(HERE / "compiler_process.py")], task, OWN_LIMIT))


def _tracr(python: str, program: Program, length: int, inputs: Sequence[Any]) -> Measured:
    vocab = list(program.vocab(length))
    task = {"program": program.name, "length": length, "vocab": vocab, "inputs": inputs, "checked": CHECKED}
    return Measured.of(stages.run([python, str(HERE / "tracr_peer.py")], task, TRACR_LIMIT))


def _json(results: Results) -> str:
    """One row a line, with what was measured only."""
    parts: dict[str, Any] = {
        "machine": results.machine,
        "versions": results.versions,
        "goals": [asdict(goal) for goal in goals(results)],
    }
    lines = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in parts.items()]
    for name, rows in (("side_by_side", results.side_by_side), ("own", results.own)):
        lines.append(f'"{name}": [\n' + ",\n".join(json.dumps(compact(asdict(row))) for row in rows) + "\n]")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _machine() -> str:
    return f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"


def _progress(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
