"""Random RASP programs in the reference implementation and here: every value is compared.

    python benchmarks/differential_rasp.py CHECKOUT --python PYTHON [--programs 2000] [--seed 0]

CHECKOUT is a checkout of tech-srl/RASP; PYTHON one that can import antlr4 4.9.1. Where the two differ, the program is run
once more in double precision: if that gives the reference's answer, the difference is the reference's rounding. Other
differences are listed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import rasp
from rasp.values import Selector, SOp

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.doubles import in_doubles  # noqa: E402
from tests.rasp.elaborate.generator import RandomProgram, random_program  # noqa: E402

Answer = dict[str, Any]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("--python", default=sys.executable, help="the Python that runs the reference")
    parser.add_argument("--programs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    programs = [random_program(options.seed + number) for number in range(options.programs)]
    counts: Counter[str] = Counter()
    for program, answers in zip(programs, reference(options.python, options.checkout, programs), strict=True):
        for tokens, wanted in zip(program.inputs, answers, strict=True):
            verdict = compare(program, tokens, wanted)
            counts[verdict] += 1
            if verdict.startswith("DIFFERENT"):
                print(f"--- {verdict} on {tokens!r}\n{program.text}reference: {wanted}\nhere: {ours(program, tokens)}")
    print("\n".join(f"{count:8,}  {verdict}" for verdict, count in counts.most_common()))
    return any(verdict.startswith("DIFFERENT") for verdict in counts)


def reference(python: str, checkout: Path, programs: list[RandomProgram]) -> Iterator[list[Answer]]:
    """The reference's answers, from one process."""
    lines = [json.dumps({"statements": p.statements, "result": p.result, "inputs": p.inputs}) + "\n" for p in programs]
    driver = str(ROOT / "benchmarks" / "reference_driver.py")
    done = subprocess.run([python, driver], cwd=checkout, input="".join(lines), text=True, capture_output=True, check=True)
    return (json.loads(line) for line in done.stdout.splitlines())


def ours(program: RandomProgram, tokens: str) -> Answer:
    try:
        value = rasp.loads(program.text)[program.result]
        match value:
            case SOp():
                return {"values": value(tokens)}
            case Selector():
                return {"values": value(tokens).tolist()}
            case _:
                return {"values": value}
    except rasp.RaspError as error:
        return {"error": str(error)}


def compare(program: RandomProgram, tokens: str, wanted: Answer) -> str:
    """How the two answers on an input compare."""
    got = ours(program, tokens)
    if "error" in wanted and "error" in got:
        return "both fail"
    if "values" in wanted and "values" in got and same(got["values"], wanted["values"]):
        return "equal" if "checked" not in wanted else "equal, but the reference first checks unused steps on an example (B9)"
    if "values" in wanted and same(rounded(program, tokens), wanted["values"]):
        return "the reference rounds to doubles (exact numbers)"
    if "error" in wanted:
        return explained_failure(wanted)
    if "fractional power" in got.get("error", ""):
        return "the reference computes complex numbers (B10)"
    return "DIFFERENT: fails here" if "error" in got else "DIFFERENT: values"


def rounded(program: RandomProgram, tokens: str) -> Any:
    """The program's answer with every float a double."""
    try:
        value = rasp.loads(program.text)[program.result]
        return in_doubles(value.node, tokens)
    except (rasp.RaspError, ArithmeticError, TypeError, ValueError, IndexError, KeyError, AttributeError):
        return None


def explained_failure(wanted: Answer) -> str:
    """Failures of the reference that section 16 of the specification wants repaired, by their message."""
    if "has no attribute 'val'" in wanted["error"]:
        return "the reference crashes on an index behind brackets (B12)"
    return "DIFFERENT: the reference fails"


def same(got: Any, wanted: Any) -> bool:
    """Equal in kind and value; floats to nine digits."""
    match got, wanted:
        case list(), list():
            return len(got) == len(wanted) and all(map(same, got, wanted))
        case float(), float():
            return abs(got - wanted) <= 1e-9 * max(1.0, abs(wanted))
        case Fraction(), float():
            return same(float(got), wanted)
        case _:
            return type(got) is type(wanted) and got == wanted


if __name__ == "__main__":
    sys.exit(main())
