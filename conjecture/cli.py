"""The ``conjecture`` command."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

import rasp

NOT_BUILT = "conjecture: the lab is not built yet; this version interprets, measures and compiles programs, and trains nothing"


def main(argv: Sequence[str] | None = None) -> int:
    """Say that the lab is not built yet. The exit status is 1 if it was asked to do something."""
    parser = argparse.ArgumentParser(
        prog="conjecture", description="The lab for the RASP-Generalization Conjecture, not built yet."
    )
    parser.add_argument("--version", action="version", version=f"conjecture {rasp.__version__}")
    _, asked = parser.parse_known_args(argv)
    print(NOT_BUILT, file=sys.stderr if asked else sys.stdout)
    return 1 if asked else 0
