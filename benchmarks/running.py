"""How fast models run: beside Tracr's, beside the same weights in PyTorch, and beside what the machine can multiply.

    python benchmarks/running.py [--tracr PYTHON] [--torch PYTHON] [--programs NAME …] [--lengths N …] [--json FILE]

Each PYTHON is one that can import the peer; that with PyTorch must be able to import this project's requirements, too. Models
run in new processes, ours and Tracr's in turns, on the same inputs of full length. Prints Markdown; ends with 1 if a goal is
missed. It takes about half an hour; what FILE holds of a run with the same versions is not measured again.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any, TypeAlias

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import stages
from benchmarks.compiler_programs import BY_NAME, COMPARED, Program
from benchmarks.tables import Goal, goals_table, table

HERE = Path(__file__).resolve().parent
LENGTHS = (20, 40, 160)
TRACR_LENGTHS = (20, 40)
BATCH, CALLS = 256, 9
TRACR_LIMIT, OWN_LIMIT = 150.0, 600.0
LARGE = (("sort.rasp", 512), ("sort of 512 values", 512), ("most_frequent_first.rasp", 512), ("dyck_k.rasp: dyck2", 512))
"""Models whose matrices are large, each with 16 inputs."""

LARGE_BATCH = 16
LONG = (("histogram.rasp", 8_192), ("reverse.rasp", 8_192), ("dyck1.rasp", 8_192), ("histogram.rasp", 65_536))
GENERATED = (("count.raspl", 256), ("induction.raspl", 1_024), ("induction.raspl", 2_048), ("induction.raspl", 4_096))
ROWS = 32

Row: TypeAlias = dict[str, Any]


def main() -> int:
    options = _parser().parse_args()
    python = options.torch or sys.executable
    results = _kept(options, _versions(options.tracr, python))
    for name, rows in _measurements(options, python):
        known = {(row["program"], row["length"]) for row in results.setdefault(name, [])}
        for program, length, measure in rows:
            if (program, length) not in known:
                results[name].append({"program": program, "length": length, **measure()})
                print(f"{name}: {program}, {length}: done", file=sys.stderr, flush=True)
                _keep(results, options.json)
    if "start" not in results:
        results["start"] = _start()
        _keep(results, options.json)
    print(_markdown(results))
    return int(any(goal.met is False for goal in _goals(results)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tracr", metavar="PYTHON", help="a Python that can import Tracr")
    parser.add_argument("--torch", metavar="PYTHON", help="a Python that can import PyTorch, and what this project needs")
    parser.add_argument("--programs", nargs="+", metavar="NAME", help="only these programs")
    parser.add_argument("--lengths", nargs="+", type=int, default=LENGTHS, metavar="N", help="of the inputs of batches")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all results there too")
    return parser


def _versions(tracr: str | None, python: str) -> dict[str, Any]:
    found = {"ours": _asked([python, str(HERE / "running_process.py"), "about"])}
    if tracr is not None:
        found["Tracr"] = _asked([tracr, str(HERE / "tracr_peer.py"), "about"])["versions"]
    return found


def _asked(command: list[str]) -> dict[str, Any]:
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)


def _kept(options: argparse.Namespace, versions: dict[str, Any]) -> dict[str, Any]:
    """What an earlier run with the same versions measured."""
    if options.json is None or not options.json.exists():
        return {"machine": f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", "versions": versions}
    results = json.loads(options.json.read_text(encoding="utf-8"))
    if results["versions"] != versions:
        raise SystemExit(f"{options.json} holds results of other versions; choose another file")
    return results


def _keep(results: dict[str, Any], file: Path | None) -> None:
    """One row a line."""
    if file is None:
        return
    lines = []
    for name, value in results.items():
        rows = ",\n".join(json.dumps(row) for row in value) if isinstance(value, list) else ""
        lines.append(f"{json.dumps(name)}: " + (f"[\n{rows}\n]" if rows else json.dumps(value)))
    file.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


Measurement: TypeAlias = tuple[str, int, Callable[[], Row]]


def _measurements(options: argparse.Namespace, python: str) -> Iterator[tuple[str, Sequence[Measurement]]]:
    chosen = [program for program in COMPARED if not options.programs or program.name in options.programs]
    yield (
        "batches",
        [
            (program.name, length, lambda program=program, length=length: _batches(program, length, options.tracr, python))
            for program in chosen
            for length in options.lengths
        ],
    )
    yield "large", [(name, length, lambda name=name, length=length: _large(name, length, python)) for name, length in LARGE]
    yield "generation", [(name, n, lambda name=name, n=n: _generation(name, n, python)) for name, n in GENERATED]
    yield "long", [(name, length, lambda name=name, length=length: _long(name, length, python)) for name, length in LONG]


def _batches(program: Program, length: int, tracr: str | None, python: str) -> Row:
    inputs = program.draw_inputs(length, BATCH)
    row = _ours(python, what="batches", program=program.name, length=length, inputs=inputs)
    if tracr is not None and length in TRACR_LENGTHS:
        task = {"program": program.name, "length": length, "vocab": list(program.vocab(length)), "inputs": inputs, "calls": CALLS}
        found = stages.run([tracr, str(HERE / "tracr_speed.py")], task, TRACR_LIMIT)
        row |= {f"tracr_{name}": value for name, value in found.items() if name != "peak"}
    return row


def _large(name: str, length: int, python: str) -> Row:
    return _ours(python, what="batches", program=name, length=length, inputs=BY_NAME[name].draw_inputs(length, LARGE_BATCH))


def _generation(name: str, length: int, python: str) -> Row:
    prompt, stop = ([-1, 0, length - 4], -2) if name == "count.raspl" else ([5, 8, 6, 9, -1, 8], None)
    return _ours(python, what="generation", program=name, length=length, prompt=prompt, stop=stop, rows=ROWS)


def _long(name: str, length: int, python: str) -> Row:
    return _ours(python, what="long", program=name, length=length)


def _ours(python: str, **task: Any) -> Row:
    return stages.run([python, str(HERE / "running_process.py")], {"calls": CALLS, **task}, OWN_LIMIT)


def _start() -> Row:
    """Seconds until the compiler is imported, and of ``raspc run`` on a saved model, for the second time and later."""
    with tempfile.TemporaryDirectory() as folder:
        model = str(Path(folder) / "sort.safetensors")
        environment = {**os.environ, "XDG_CACHE_HOME": folder}
        raspc = [sys.executable, "-c", "import sys; from compiler.cli import main; sys.exit(main())"]

        def run(*command: str) -> float:
            return stages.timed(lambda: subprocess.run(command, env=environment, cwd=HERE.parent, check=True, stdout=-1))[1]

        program = [str(HERE.parent / "examples" / "sort.rasp"), "sorted"]
        run(*raspc, "compile", *program, "--vocab", "abcdefgh", "--max-length", "64", "-o", model)
        first = run(*raspc, "run", model, "hgfedcba")
        return {
            "import": median(run(sys.executable, "-c", "import compiler") for _ in range(5)),
            "first": first,
            "run": median(run(*raspc, "run", model, "hgfedcba") for _ in range(5)),
        }


def _goals(results: dict[str, Any]) -> list[Goal]:
    rows, large = results["batches"], results["large"]
    compared = [row for row in rows if "tracr_batch" in row]
    by_torch = [row for row in (*rows, *large) if "torch" in row]
    counts = {row["length"]: row["one"] for row in results["generation"] if row["program"] == "count.raspl"}
    grown = {row["length"]: row["one"] for row in results["generation"] if row["program"] == "induction.raspl"}
    long = [row for row in results["long"] if row["length"] == LONG[0][1]]
    start = results["start"]
    return [
        _least("a batch of 256: at least 4 times as fast as Tracr", _ratios(compared, "tracr_batch", "batch"), 4),
        _least(
            "sort: at least 20 times", _ratios([row for row in compared if row["program"] == "sort"], "tracr_batch", "batch"), 20
        ),
        _least("one input: at least as fast as Tracr", _ratios(compared, "tracr_one", "one"), 1),
        _least("the same weights: at least as fast as PyTorch", _ratios(by_torch, "torch", "forward"), 1),
        _least(
            "large batches: half of the machine's rate of products, or faster than that without zeros",
            [(_name(row), 2 * row["floats"] / row["forward"] / row["rate"]) for row in large],
            1,
        ),
        _least("count at 256: 5,000 tokens a second", [(str(n), speed) for n, speed in counts.items()], 5_000),
        _least(
            "time for a token grows at most linearly from 1,024 to 4,096",
            [(f"{n:,} beside 1,024", n / 1_024 * speed / grown[1_024]) for n, speed in grown.items() if n > 1_024],
            1,
        ),
        _most("8,192 tokens in 30 s", [(_name(row), row["first"]) for row in long], 30),
        _most("in 4 GB", [(_name(row), row["peak"] / 1e9) for row in long], 4),
        Goal(
            "long inputs have the interpreter's values",
            "all" if all(r["exact"] for r in results["long"]) else "not all",
            all(r["exact"] for r in results["long"]),
        ),
        _most("import compiler: 1.5 s", [("", start["import"])], 1.5),
        _most("raspc run, again: 2 s", [("", start["run"])], 2),
    ]


def _ratios(rows: Sequence[Row], theirs: str, ours: str) -> list[tuple[str, float]]:
    return [(_name(row), row[theirs] / row[ours]) for row in rows if theirs in row]


def _name(row: Row) -> str:
    return f"{row['program']}, {row['length']:,}"


def _least(goal: str, found: Sequence[tuple[str, float]], wanted: float) -> Goal:
    if not found:
        return Goal(goal, "not measured", None)
    name, worst = min(found, key=lambda each: each[1])
    return Goal(goal, f"at least {worst:,.2f}{f' ({name})' * bool(name)}", worst >= wanted)


def _most(goal: str, found: Sequence[tuple[str, float]], wanted: float) -> Goal:
    if not found:
        return Goal(goal, "not measured", None)
    name, worst = max(found, key=lambda each: each[1])
    return Goal(goal, f"at most {worst:,.2f}{f' ({name})' * bool(name)}", worst <= wanted)


def _markdown(results: dict[str, Any]) -> str:
    versions = "; ".join(
        f"{side}: {', '.join(f'{name} {version}' for name, version in known.items())}"
        for side, known in results["versions"].items()
    )
    return "\n\n".join(
        [
            f"{results['machine']}; {versions}",
            "**Goals**\n\n" + goals_table(_goals(results)),
            "**Batches**: milliseconds; from tokens to values, of 256 inputs and of one; the forward pass alone, of 256\n\n"
            + _batch_table(results["batches"]),
            "**Large models**, 16 inputs of full length: milliseconds of a forward pass; GFLOP/s, with the dense pass counted\n\n"
            + _large_table(results["large"]),
            "**Generation**: tokens a second\n\n"
            + table(
                ["program", "max_length", "tokens", "one stream", f"{ROWS} streams"],
                ([r["program"], r["length"], r["tokens"], round(r["one"]), round(r["many"])] for r in results["generation"]),
            ),
            "**Long inputs**: seconds, the first call with compiling\n\n"
            + table(
                ["program", "tokens", "first", "again", "GB of the process"],
                ([r["program"], r["tokens"], r["first"], r["again"], r["peak"] / 1e9] for r in results["long"]),
            ),
        ]
    )


def _batch_table(rows: Sequence[Row]) -> str:
    heads = [
        "program",
        "tokens",
        "256: Tracr",
        "256: ours",
        "times",
        "one: Tracr",
        "one: ours",
        "forward: Tracr",
        "PyTorch",
        "ours",
    ]
    return table(
        heads,
        (
            [
                row["program"],
                row["length"],
                _ms(row, "tracr_batch"),
                _ms(row, "batch"),
                row["tracr_batch"] / row["batch"] if "tracr_batch" in row else None,
                _ms(row, "tracr_one"),
                _ms(row, "one"),
                _ms(row, "tracr_forward"),
                _ms(row, "torch"),
                _ms(row, "forward"),
            ]
            for row in rows
        ),
    )


def _large_table(rows: Sequence[Row]) -> str:
    heads = ["program", "tokens", "PyTorch", "dense", "ours", "dense: GFLOP/s", "ours, as if dense", "product of matrices"]
    return table(
        heads,
        (
            [
                row["program"],
                row["length"],
                _ms(row, "torch"),
                _ms(row, "dense"),
                _ms(row, "forward"),
                row["floats"] / row["dense"] / 1e9,
                row["floats"] / row["forward"] / 1e9,
                row["rate"] / 1e9,
            ]
            for row in rows
        ),
    )


def _ms(row: Row, name: str) -> float | None:
    return 1_000 * row[name] if name in row else None


if __name__ == "__main__":
    sys.exit(main())
