"""Writing a file so that it appears whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from rasp.errors import RaspError
from rasp.paths import remedy


def write_whole(path: str | os.PathLike[str], content: bytes) -> None:
    """Write a file as ``make_whole`` does.

    Raises:
        RaspError: it can't be written, or the path is that of something else, such as a folder or a device.
    """
    make_whole(path, lambda unfinished: unfinished.write_bytes(content))


def make_whole(path: str | os.PathLike[str], write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a file that takes the place of ``path`` when it is complete; where that is a link, of what it leads to.

    A file that is there keeps its rights, its owner and its other names; one that nobody may write stays as it is.

    Raises:
        RaspError: it can't be written, or the path is that of something else, such as a folder or a device.
    """
    try:
        target = Path(path).resolve()
        before = _state(target, path)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".writing-") as folder:
            unfinished = Path(folder) / "file"
            unfinished.touch()
            mode = (before or unfinished.stat()).st_mode  # of a new file what the user's umask gives; libraries narrow it
            write(unfinished)
            unfinished.chmod(mode)
            _sync(unfinished)
            if before is None or _can_stand_for(unfinished, before):
                unfinished.replace(target)
            else:
                _copy_into(unfinished, target)
    except OSError as error:
        raise RaspError(f"can't write '{path}': {error.strerror or error}", hint=remedy(error)) from None
    except ValueError as error:  # a path that no file system takes
        raise RaspError(f"can't write {str(path)!a}: {error}", hint="this is no path") from None


def _state(target: Path, path: str | os.PathLike[str]) -> os.stat_result | None:
    """What is known of the file that is there, if one is."""
    if not target.exists():
        return None
    if not target.is_file():
        raise RaspError(f"can't write '{path}': it is not a file", hint="name a file to write")
    state = target.stat()
    if not state.st_mode & 0o222 or not os.access(target, os.W_OK):
        raise RaspError(f"can't write '{path}': it is read-only", hint=f"chmod u+w '{path}' allows it")
    return state


def _can_stand_for(unfinished: Path, before: os.stat_result) -> bool:
    """Whether a file can take the place of another for its owner and for all that it is called."""
    if before.st_nlink > 1:
        return False
    try:
        shutil.chown(unfinished, before.st_uid, before.st_gid)
    except PermissionError:
        return False
    return True


def _copy_into(finished: Path, target: Path) -> None:
    """Write over a file; if that ends half-way, the whole stays beside it."""
    try:
        with finished.open("rb") as source, target.open("r+b") as file:
            shutil.copyfileobj(source, file)
            file.truncate()
        _sync(target)
    except OSError as error:
        kept = target.with_name(f"{target.name}.whole")
        finished.replace(kept)
        raise RaspError(f"can't write '{target}': {error.strerror}", hint=f"it is broken now; the whole is in '{kept}'") from None


def _sync(path: Path) -> None:
    """Have a file on the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
