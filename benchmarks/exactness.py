"""Compares compiled models with the interpreter on many inputs: no value may differ.

    python benchmarks/exactness.py [--programs NAME …] [--lengths N …] [--inputs NUMBER] [--optimize WHAT] [--json FILE]

Each program of ``compiler_programs.EXACT`` is compiled for each longest input, and run on every input of up to 6 tokens made of
three, and on at least NUMBER others: of random length and of full length, random, made to break a model, and such as the
program is meant for. Values must agree exactly, and in kind. Prints Markdown; ends with 1 if anything differs or is refused.
It takes hours; what FILE holds of a run with the same options is not measured again.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import stages
from benchmarks.compiler_inputs import Tokens
from benchmarks.compiler_programs import EXACT, Program
from benchmarks.compiler_results import compact
from benchmarks.tables import table

HERE = Path(__file__).resolve().parent
LENGTHS = (16, 64, 256, 512)
LIMIT = 3_600.0
"""Seconds for compiling, and for comparing."""


@dataclass(frozen=True)
class Exactness:
    """A program compiled for inputs of up to ``length`` tokens.

    Attributes:
        compared: inputs on which values were compared.
        undefined: inputs on which the program itself is undefined.
        mismatches: inputs on which a value differs; the shortest is ``first``.
        margin: of the certificate.
        refused: why the compiler refused the program.
        over_limit: compiling or comparing took too long.
        failed: the process ended by an error.
    """

    program: str
    length: int
    vocabulary: int
    compared: int = 0
    undefined: int = 0
    mismatches: int = 0
    first: Tokens | None = None
    margin: float | None = None
    compile_seconds: float | None = None
    seconds: float | None = None
    refused: str | None = None
    over_limit: bool = False
    failed: bool = False

    @property
    def is_exact(self) -> bool:
        return self.compared > 0 and self.mismatches == 0


def main() -> int:
    options = _parser().parse_args()
    chosen = [program for program in EXACT if not options.programs or program.name in options.programs]
    known = {(row.program, row.length): row for row in _kept(options)}
    for length in options.lengths:
        for program in chosen:
            if (program.name, length) in known:
                continue
            row = known[program.name, length] = measure(program, length, options.inputs, options.optimize)
            print(f"{program.name}, {length}: {_verdict(row)}", file=sys.stderr, flush=True)
            if options.json is not None:
                options.json.write_text(_json(list(known.values()), options), encoding="utf-8")
    rows = [known[program.name, length] for program in chosen for length in options.lengths]
    print(_markdown(rows))
    return int(not all(row.is_exact for row in rows))


def _kept(options: argparse.Namespace) -> list[Exactness]:
    """What an earlier run with the same options measured."""
    if options.json is None or not options.json.exists():
        return []
    found = json.loads(options.json.read_text(encoding="utf-8"))
    if (found["inputs"], found["optimize"]) != (options.inputs, options.optimize):
        raise SystemExit(f"{options.json} holds results of other options; choose another file")
    return [Exactness(**row) for row in found["rows"]]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", nargs="+", metavar="NAME", help="only these programs")
    parser.add_argument("--lengths", nargs="+", type=int, default=LENGTHS, metavar="N", help="longest inputs")
    parser.add_argument("--inputs", type=int, default=10_000, metavar="NUMBER", help="beside the short ones")
    parser.add_argument("--optimize", metavar="WHAT", help="what the compiler optimizes, if not its default")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there too")
    return parser


def measure(program: Program, length: int, number: int, optimize: str | None) -> Exactness:
    """Compile a program and compare it on all its inputs, in a new process."""
    task = {"program": program.name, "length": length, "number": number, "optimize": optimize}
    found = stages.run([sys.executable, str(HERE / "exactness_process.py")], task, LIMIT)
    found.pop("peak", None)
    return Exactness(program.name, length, len(program.vocab(length)), **found)


def _verdict(row: Exactness) -> str:
    if row.seconds is None:
        return f"{_cell(row)} {row.refused or ''}"
    found = f"{_cell(row)} wrong" + ("" if row.first is None else f", the first on {row.first}")
    return f"{found}; compiled in {row.compile_seconds:.1f} s, compared in {row.seconds:.0f} s"


def _markdown(rows: Sequence[Exactness]) -> str:
    """One row for each program; a cell is the number of mismatches among the inputs compared."""
    lengths = sorted({row.length for row in rows})
    cells = {(row.program, row.length): _cell(row) for row in rows}
    heads = ["program", "tokens in the vocabulary", *(f"at {length}" for length in lengths)]
    return table(
        heads,
        (
            [program, _vocabulary(rows, program), *(cells.get((program, length)) for length in lengths)]
            for program in dict.fromkeys(row.program for row in rows)
        ),
    )


def _cell(row: Exactness) -> str:
    match row:
        case Exactness(refused=str()):
            return "refused"
        case Exactness(over_limit=True):
            return "over the limit"
        case Exactness(failed=True):
            return "failed"
        case _:
            undefined = f", {row.undefined:,} undefined" if row.undefined else ""
            return f"{row.mismatches:,} of {row.compared:,}{undefined}"


def _vocabulary(rows: Sequence[Exactness], program: str) -> str:
    sizes = sorted({row.vocabulary for row in rows if row.program == program})
    return " to ".join(str(size) for size in dict.fromkeys((sizes[0], sizes[-1])))


def _json(rows: Sequence[Exactness], options: argparse.Namespace) -> str:
    """One row a line, with what was measured only."""
    head = {
        "inputs": options.inputs,
        "optimize": options.optimize,
        "not_compared": sum(row.seconds is None for row in rows),
        "mismatches": sum(row.mismatches for row in rows),
    }
    lines = (json.dumps(compact(asdict(row))) for row in rows)
    return json.dumps(head)[:-1] + ',\n"rows": [\n' + ",\n".join(lines) + "\n]}\n"


if __name__ == "__main__":
    sys.exit(main())
