"""Fuzzes parser, printer, elaborator and interpreter of both dialects with atheris (libFuzzer). Not part of the tests.

    make fuzz                                                        five minutes, from the examples as seeds
    .venv/bin/python tests/fuzz/fuzz_language.py -max_total_time=60  libFuzzer's own options
    .venv/bin/python tests/fuzz/fuzz_language.py crash-…            a found input again

The first byte of an input chooses the dialect, the others are the program. Whatever is wrong with it must be a ``RaspError``;
what loads must survive printing and parsing, and run. Anything else ends the run and is written to a file ``crash-…``.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Literal

import atheris  # pyright: ignore[reportMissingImports, reportMissingModuleSource]

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

with atheris.instrument_imports(include=["rasp"]):  # pyright: ignore[reportAttributeAccessIssue]
    import rasp
    from rasp import limits
    from rasp.elaborate.raspl_functions import RaspLFunction
    from rasp.syntax.lint import lint
    from rasp.values import Selector, SOp

    rasp.loads("x = sort(tokens, indices);")["x"]("ab")  # what is imported on first use must be instrumented too
    rasp.loads("def f(x):\n    return mode(x)\n", dialect="rasp-l")["f"]([1, 2])

WORDS = Path(__file__).with_name("words.dict")
SEED_SUFFIXES: dict[str, Literal["rasp", "rasp-l"]] = {".rasp": "rasp", ".raspl": "rasp-l"}
DIALECTS: tuple[Literal["rasp", "rasp-l"], ...] = ("rasp", "rasp-l")
LONGEST = 2_000


def fuzz(data: bytes) -> None:
    """One input."""
    if not data:
        return
    dialect = DIALECTS[data[0] % len(DIALECTS)]
    text = data[1:].decode("utf-8", "surrogateescape")
    try:
        run(text, dialect)
    except rasp.RaspError as error:
        error.report()


def run(text: str, dialect: Literal["rasp", "rasp-l"]) -> None:
    """Load a program, print it, and evaluate what it defines.

    Raises:
        RaspError: it is wrong, or undefined on the input.
        AssertionError: its printed form is another program.
    """
    module = rasp.loads(text, dialect=dialect)
    assert rasp.parse(rasp.unparse(module.program), dialect) == module.program
    if dialect == "rasp":
        lint(module.program)
    for value in map(module.__getitem__, module):
        match value:
            case SOp() | Selector():
                value("abca")
            case RaspLFunction():
                value([3, 1, 2, 1])
            case _:
                pass


def small_limits() -> None:
    """Programs that run away must end soon enough for many thousands of them."""
    limits.STEPS = 5_000
    limits.COLLECTION_ITEMS = 10_000
    limits.NUMBER_BITS = 4_096
    limits.COLUMN_BITS = 2**20


def seeds(folder: Path) -> None:
    """The examples, as inputs of ``fuzz``."""
    for path in sorted((ROOT / "examples").iterdir()):
        dialect = SEED_SUFFIXES.get(path.suffix)
        if dialect is not None:
            (folder / path.name).write_bytes(bytes([DIALECTS.index(dialect)]) + path.read_bytes())


def main() -> None:
    """Fuzz, or run the inputs that are named."""
    small_limits()
    with tempfile.TemporaryDirectory() as folder:
        seeds(Path(folder))
        named = any(not argument.startswith("-") for argument in sys.argv[1:])
        defaults = [f"-dict={WORDS}", f"-max_len={LONGEST}", "-timeout=20", "-rss_limit_mb=2048"]
        atheris.Setup([sys.argv[0], *defaults, *sys.argv[1:], *([] if named else [folder])], fuzz)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
