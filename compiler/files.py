"""Saved models and exports as files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from safetensors import SafetensorError

from compiler.errors import ArtifactError
from rasp.errors import RaspError
from rasp.files import make_whole


def write_whole(path: str | os.PathLike[str], write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a file that takes the place of ``path`` when it is complete (see ``rasp.files.make_whole``).

    Raises:
        ArtifactError: the file can't be written, or the path is that of something else, such as a device.
    """
    try:
        make_whole(path, write)
    except SafetensorError as error:
        raise ArtifactError(f"can't write '{path}': {error}") from None
    except RaspError as error:
        raise ArtifactError(error.message, hint=error.hint) from None
