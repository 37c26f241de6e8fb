"""Writing a file so that it appears whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from rasp.errors import RaspError


def write_whole(path: str | Path, content: bytes) -> None:
    """Write a file; what was there before stays until all is written. Where the path is a link, what it leads to is written.

    Raises:
        RaspError: it can't be written, or the path is that of something else, such as a folder or a device.
    """
    try:
        target = Path(path).resolve()
        if target.exists() and not target.is_file():
            raise RaspError(f"can't write '{path}': it is not a file")
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".writing-") as folder:
            unfinished = Path(folder) / "file"
            unfinished.write_bytes(content)
            if target.exists():
                shutil.copymode(target, unfinished)
            with unfinished.open("rb") as file:
                os.fsync(file.fileno())  # on the disk before it takes the place of what was there
            unfinished.replace(target)
    except OSError as error:
        raise RaspError(f"can't write '{path}': {error.strerror or error}") from None
    except ValueError as error:  # a path that no file system takes
        raise RaspError(f"can't write {str(path)!a}: {error}") from None
