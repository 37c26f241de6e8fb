"""Compares the console with the transcripts that the reference implementation of RASP ships.

    python benchmarks/reference_transcripts.py PATH

PATH is a checkout of tech-srl/RASP. Each file of its tests/in goes through our console; the output is compared with
tests/tgt line by line. The lines that tell the place of an error, which the reference does not have, are counted apart.
"""

from __future__ import annotations

import argparse
import difflib
import io
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rasp.repl import run_piped

PLACE = "\t   "
"""What the lines begin with that follow an error's frame."""


def transcript(text: str) -> list[str]:
    """What the console prints for an input; like the reference's test, with one more line break."""
    output = io.StringIO()
    run_piped(text.splitlines(keepends=True), output)
    return (output.getvalue() + "\n").splitlines()


def differences(wanted: list[str], got: list[str]) -> Iterator[str]:
    """``  same``, ``- theirs`` and ``+ ours`` lines."""
    return (line for line in difflib.ndiff(wanted, got) if not line.startswith("?"))


def compare(name: str) -> Counter[str]:
    """Print what differs in one transcript, and count the lines."""
    text = Path("tests/in", name).read_text("utf-8")
    wanted = Path("tests/tgt", name).read_text("utf-8").splitlines()
    counts: Counter[str] = Counter()
    shown: list[str] = []
    for line in differences(wanted, [line for line in transcript(text) if not line.startswith(PLACE)]):
        counts["identical" if line.startswith("  ") else "theirs" if line.startswith("- ") else "ours"] += 1
        if not line.startswith("  "):
            shown.append(f"    {line if len(line) < 150 else line[:147] + '...'}")
    print(f"{name}: {counts['identical']} lines identical, {counts['theirs']} of theirs differ")
    print("".join(f"{line}\n" for line in shown), end="")
    return counts


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare the console with the reference's transcripts.")
    parser.add_argument("checkout", type=Path, help="a checkout of tech-srl/RASP")
    arguments = parser.parse_args()
    os.chdir(arguments.checkout)
    total: Counter[str] = Counter()
    for path in sorted(Path("tests/in").glob("*.txt")):
        total += compare(path.name)
    print(f"in all: {total['identical']} lines identical, {total['theirs']} of theirs differ, {total['ours']} of ours instead")
    return 0


if __name__ == "__main__":
    sys.exit(main())
