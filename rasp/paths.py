"""What to do about a file that can't be read or written."""

from __future__ import annotations

import errno
import itertools
from pathlib import Path

from rasp.errors import did_you_mean

_MOST_NAMES = 2_000
"""Names of a folder that are compared with the one that is not there."""

_REMEDIES = {
    errno.ENOENT: "make the folder first",
    errno.ENOTDIR: "a part of the path is a file, not a folder",
    errno.EEXIST: "there is a file of this name: choose another one",
    errno.EISDIR: "this is a folder: name a file in it",
    errno.EACCES: "choose a file that you have the right to use",
    errno.EPERM: "choose a file that you have the right to use",
    errno.EROFS: "choose a place that can be written to",
    errno.ENOSPC: "make room on the disk, or choose another one",
    errno.EDQUOT: "make room on the disk, or choose another one",
    errno.ENAMETOOLONG: "choose a shorter name",
}


def similar_file(path: Path) -> str:
    """A hint for a file that is not there: the name that was meant, or where it was looked for."""
    try:
        names = [other.name for other in itertools.islice(path.parent.iterdir(), _MOST_NAMES)]
    except (OSError, ValueError):
        return f"there is no folder {ascii(str(path.parent))[1:-1]}"
    return did_you_mean(path.name, names) or f"looked in '{path.parent}'; give the path from there, or a whole one"


def remedy(error: OSError) -> str | None:
    """A hint for what the system refuses, if one is known."""
    return _REMEDIES.get(error.errno or 0)
