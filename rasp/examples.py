"""Where the example programs of the project are."""

from __future__ import annotations

import sysconfig
from pathlib import Path


def example_folders() -> tuple[Path, ...]:
    """In a checkout, or where the installation put them."""
    return (
        Path(__file__).parents[1] / "examples",
        Path(sysconfig.get_path("data")) / "share" / "rasp-lang" / "examples",
    )
