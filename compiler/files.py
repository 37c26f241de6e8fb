"""Writing a file so that it appears whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from safetensors import SafetensorError

from compiler.errors import ArtifactError
from rasp.paths import remedy


def write_whole(path: str | os.PathLike[str], write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a file beside ``path``, and put that file in its place; where that is a link, where it leads to.

    Raises:
        ArtifactError: the file can't be written, or the path is that of something else, such as a device.
    """
    try:
        target = Path(path).resolve()
        if not os.path.basename(path) or (target.exists() and not target.is_file() and not target.is_dir()):
            raise ArtifactError(f"can't write {str(path)!a}: it is not the name of a file", hint="name a file to write")
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".saving-") as folder:
            unfinished = Path(folder) / "model"
            unfinished.touch()
            mode = unfinished.stat().st_mode  # what the user's umask gives; libraries narrow it
            write(unfinished)
            unfinished.chmod(mode)
            with unfinished.open("rb") as file:
                os.fsync(file.fileno())  # on the disk before it takes the place of what was there
            unfinished.replace(target)
    except (OSError, SafetensorError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        hint = remedy(error) if isinstance(error, OSError) else None
        raise ArtifactError(f"can't write {path}: {reason}", hint=hint) from None
    except ValueError as error:  # a path that no file system takes
        raise ArtifactError(f"can't write {str(path)!a}: {error}", hint="this is no path") from None
