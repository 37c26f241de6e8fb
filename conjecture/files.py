"""Files of the lab: written whole or not at all, and what is kept tells what it is about."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from compiler import files
from compiler.errors import ArtifactError
from conjecture.errors import LabError


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a file that takes the place of ``path`` when it is complete; its folder is made if it is not there.

    Raises:
        LabError: it can't be written, for example because the disk is full.
    """
    hint = "what was finished before is kept; the same command goes on"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write_whole(path, write)
    except ArtifactError as error:
        raise LabError(error.message, hint=hint) from error
    except OSError as error:
        raise LabError(f"can't write {path}: {error.strerror or error}", hint=hint) from error


def digest(about: object) -> str:
    """A short name for all that something depends on."""
    return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()[:12]
