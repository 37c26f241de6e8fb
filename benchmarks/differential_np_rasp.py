"""Runs RASP-L programs here and in a checkout of np_rasp, the published NumPy version, and compares every value.

    python benchmarks/differential_np_rasp.py CHECKOUT [--programs 1000] [--seed 0]

CHECKOUT is a folder that holds ``src/np_rasp`` and ``examples``; it is imported, never copied. Its three program files are read
unchanged. The exit status is 1 if a value differs other than by the known defects of the published version.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import numpy as np

import rasp
from rasp.errors import RaspError

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.rasp.raspl.generator import random_program, random_tokens

BROKEN_THERE = frozenset({"argmax", "argmin", "mode"})
"""Functions of the published library that always raise: they call kqv without a predicate."""

START, ANSWER, LAST_HINT = -1, -3, -100
"""Tokens of the addition program: the start, ``=``, and the hint of the first digit."""

Program = Callable[..., Any]


@dataclass(eq=False)
class Tally:
    """What the comparison of two versions of a program gave."""

    counts: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)

    def compare(self, what: str, here: Program, there: Program, tokens: list[int], **constants: Any) -> None:
        ours, theirs = _outcome(here, tokens, constants), _outcome(there, np.array(tokens), constants)
        if ours == theirs:
            self.counts["equal" if isinstance(ours, list) else "both fail"] += 1
            return
        self.counts["different"] += 1
        self.differences.append(f"{what}\n  on {tokens} {constants}\n  here:  {ours}\n  there: {theirs}")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("checkout", type=Path)
    parser.add_argument("--programs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    sys.path.insert(0, str(options.checkout / "src"))
    np.seterr(all="ignore")
    rng = Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        texts = Texts(Path(folder))
        (texts.folder / "lib.raspl").symlink_to((options.checkout / "src/np_rasp/lib.py").resolve())
        tallies = {
            "the library": _library(rng, texts, "np_rasp"),
            "lib.py, read unchanged": _library(rng, texts, "lib"),
            "count.py, read unchanged": _counting(rng, options.checkout / "examples/count.py"),
            "add.py, read unchanged": _addition(rng, options.checkout / "examples/add.py"),
            "random programs": _random(rng, texts, options.programs),
        }
    for name, tally in tallies.items():
        print(f"{name}: " + ", ".join(f"{count:,} {what}" for what, count in sorted(tally.counts.items())))
        print("".join(f"{difference}\n" for difference in tally.differences[:3]), end="")
    return int(any(tally.differences for tally in tallies.values()))


@dataclass(frozen=True, eq=False)
class Texts:
    """Loads program texts in both versions."""

    folder: Path

    def both(self, name: str, text: str, library: str = "np_rasp") -> tuple[Program, Program]:
        """``program`` of a text, here and there; ``library`` is the module that the text imports here."""
        ours = self.folder / f"{name}.raspl"
        ours.write_text(f"from {library} import *\n\n{text}", encoding="utf-8")
        theirs = self.folder / f"{name}.py"
        theirs.write_text(f"from np_rasp import *\n\n{text}", encoding="utf-8")
        return rasp.load(ours)["program"], _import(theirs).program


def _outcome(program: Program, tokens: Any, constants: Mapping[str, Any]) -> list[Any] | str:
    """The values, or ``fails``; a faulty program raises errors of several types in NumPy."""
    try:
        values = program(tokens, **constants)
    except (RaspError, TypeError, ValueError, IndexError, AttributeError, ZeroDivisionError, OverflowError):
        return "fails"
    return [item if isinstance(item, bool) else int(item) for item in np.asarray(values).tolist()]


def _import(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} can't be imported")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _calls(rng: Random) -> Iterator[tuple[str, str]]:
    """Names of library functions, and calls of them on ``x``."""
    other = "(x * 2) % 5"
    yield from ((name, f"{name}(x, {other})") for name in ("equals", "leq", "lt", "geq", "gt", "num_prev", "has_seen"))
    yield from ((name, f"{name}(x)") for name in ("maximum", "minimum", "argmax", "argmin", "mode", "first_true"))
    yield "cumsum", "cumsum(x > 1)"
    yield "binary_mode", "binary_mode(x % 2)"
    yield "where", f"where(x > 2, x, {other})"
    yield "mask", f"mask(x, x > {other}, {rng.randint(-3, 3)})"
    yield "shift_right", f"shift_right(x, {rng.randint(-2, 4)}, default={rng.randint(-9, 9)})"
    yield from ((name, f"{name}(x, {other}, {rng.randint(-2, 2)})") for name in ("firsts", "lasts", "index_select"))
    yield "induct_kqv", f"induct_kqv(x, {other}, x + 1, {rng.randint(0, 3)})"
    yield "induct", f"induct(k=x, q={other}, offset={rng.randint(0, 3)}, default=-7)"
    yield "induct_prev", f"induct_prev(x, {other}, offset={rng.randint(-3, -1)})"


def _library(rng: Random, texts: Texts, library: str) -> Tally:
    """Each library function on random inputs; what is broken there is broken here too when read from the published file."""
    tally = Tally()
    for round_ in range(8):
        for name, call in _calls(rng):
            ours, theirs = texts.both(f"{library}_{name}_{round_}", f"def program(x):\n    return {call}\n", library)
            if library == "np_rasp" and name in BROKEN_THERE:
                tally.counts["not compared: a known defect"] += 1
                continue
            for _ in range(5):
                tally.compare(call, ours, theirs, random_tokens(rng))
    return tally


def _counting(rng: Random, path: Path) -> Tally:
    """Both counting programs, on counting tasks and on any ints."""
    tally = Tally()
    ours, theirs = rasp.load(path), _import(path)
    for _ in range(200):
        first, length = rng.randint(0, 20), rng.randint(0, 12)
        task = [START, first, first + length, *range(first, first + length + 1)]
        for tokens in (task, random_tokens(rng, longest=20)):
            for name in ("count", "count_lib"):
                tally.compare(name, ours[name], getattr(theirs, name), tokens)
    return tally


def _addition(rng: Random, path: Path) -> Tally:
    """Decimal addition in both directions: at every step of writing the answer, and on any ints."""
    tally = Tally()
    ours, theirs = rasp.load(path)["next_tok_addition"], _import(path).next_tok_addition
    for _ in range(40):
        digits = rng.randint(1, 6)
        for reverse in (True, False):
            prompt = [START, *_summand(rng, digits), -2, *_summand(rng, digits), ANSWER]
            answer = ours.generate(prompt, stop=-5, max_new_tokens=4 * digits + 8, reverse=reverse)
            tally.compare("next_tok_addition", ours, theirs, answer, reverse=reverse)
            tally.compare("next_tok_addition", ours, theirs, random_tokens(rng, longest=30), reverse=reverse)
    return tally


def _summand(rng: Random, digits: int) -> Sequence[int]:
    """Hint and digit, alternating, with one zero in front."""
    number = [0, *(rng.randint(0, 9) for _ in range(digits))]
    return [token for place, digit in enumerate(number) for token in (LAST_HINT - (digits - place), digit)]


def _random(rng: Random, texts: Texts, programs: int) -> Tally:
    tally = Tally()
    for number in range(programs):
        text = random_program(rng, statements=rng.randint(1, 6))
        ours, theirs = texts.both(f"random_{number}", text)
        for _ in range(4):
            tally.compare(text, ours, theirs, random_tokens(rng))
    return tally


if __name__ == "__main__":
    sys.exit(main())
