"""Writing a file so that it appears whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from safetensors import SafetensorError

from compiler.errors import ArtifactError


def write_whole(path: str | os.PathLike[str], write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a file beside ``path``, and put that file in its place.

    Raises:
        ArtifactError: the file can't be written.
    """
    target = Path(path)
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".saving-") as folder:
            unfinished = Path(folder) / "model"
            write(unfinished)
            unfinished.replace(target)
    except (OSError, SafetensorError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise ArtifactError(f"can't write {target}: {reason}") from None
    except ValueError as error:  # a path that no file system takes
        raise ArtifactError(f"can't write {str(target)!a}: {error}") from None
