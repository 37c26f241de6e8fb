"""Writes ``suite.json``: ``python -m conjecture.generated`` searches for the tasks that are kept with the package."""

from __future__ import annotations

import argparse
import json
import sys
import time

from conjecture.files import write_whole
from conjecture.generated.filters import Candidate
from conjecture.generated.search import search
from conjecture.generated.tasks import LENGTHS, SUITE, name_of


def main() -> None:
    """Search, say what was found, and replace the file."""
    parser = argparse.ArgumentParser(description="Search for generated tasks and keep them in suite.json.")
    parser.add_argument("--each", type=int, default=16, help="how many of each length (16)")
    arguments = parser.parse_args()
    began = time.monotonic()

    def report(length: int, number: int, reason: str | None) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {name_of(length, number)}  {reason or 'accepted'}", file=sys.stderr)

    found = search(LENGTHS, arguments.each, report=report)
    programs = {
        name_of(length, number): Candidate.drawn(length, number).text(name_of(length, number))
        for length, numbers in found.accepted.items()
        for number in numbers
    }
    rejected = {str(length): dict(sorted(reasons.items())) for length, reasons in found.rejected.items()}
    text = json.dumps({"programs": programs, "rejected": rejected}, indent=1) + "\n"
    write_whole(SUITE, lambda file: file.write_text(text, encoding="utf-8"))


if __name__ == "__main__":
    main()
