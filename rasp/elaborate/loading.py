"""Finds and reads program files."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from rasp import limits
from rasp.errors import RaspError, RaspLimitError, RaspLoadError, Source, Span
from rasp.paths import remedy, similar_file
from rasp.syntax import ast
from rasp.syntax.parser import Reading, read

SUFFIX = ".rasp"
_BYTES_A_CHARACTER = 4
_UNSAVED: ContextVar[Mapping[Path, Source] | None] = ContextVar("unsaved texts", default=None)


def find(path: str, folder: Path | None, span: Span) -> Path:
    """The file that ``load "path"`` means: looked for beside the loading file, then in the working directory.

    Raises:
        RaspLoadError: there is none.
    """
    file = path if path.endswith(SUFFIX) else path + SUFFIX
    folders = [Path()] if folder is None else [folder, Path()]
    try:
        found = next((place / file for place in folders if (place / file).exists()), None)
    except (OSError, ValueError):  # a path that no file system takes
        found = None
    if found is None:
        places = " and ".join(f"'{place}'" for place in dict.fromkeys(folders))
        raise RaspLoadError(f"could not find file: {ascii(file)[1:-1]}", span, hint=f"looked in {places}")
    return found


@contextmanager
def unsaved(texts: Mapping[Path, Source]) -> Iterator[None]:
    """Read these files (resolved paths) as an editor has them, and not from the disk."""
    before = _UNSAVED.set(texts)
    try:
        yield
    finally:
        _UNSAVED.reset(before)


def read_file(path: Path, span: Span | None = None, dialect: ast.Dialect = "rasp") -> Reading:
    """The statements of a file, parsed once as long as the file does not change.

    Raises:
        RaspLoadError: the file can't be read.
    """
    return _read_source(file_source(path, span), dialect)


def file_source(path: Path, span: Span | None = None) -> Source:
    """The text of a file.

    Raises:
        RaspLoadError: it can't be read, or is no UTF-8 text.
        RaspLimitError: it is too large.
    """
    try:
        texts = _UNSAVED.get()
        if texts and (resolved := path.resolve()) in texts:
            return texts[resolved]
        state = path.stat()
        if not path.is_file():
            raise RaspLoadError(f"{path} is not a file", span, hint="name a program file, not a folder or a device")
        if state.st_size > limits.SOURCE_CHARACTERS * _BYTES_A_CHARACTER:
            message = f"{path} is too large: the limit is {limits.SOURCE_CHARACTERS:,} characters"
            raise RaspLimitError(message, span, hint="divide the program into files that load each other")
        return _read_text(path, state.st_mtime_ns, state.st_size)
    except FileNotFoundError:
        raise RaspLoadError(f"could not find file: {path}", span, hint=similar_file(path)) from None
    except UnicodeDecodeError as error:
        hint = "a program is text: save it as UTF-8"
        raise RaspLoadError(f"{path} is not a text file: byte {error.start} is no UTF-8", span, hint=hint) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        hint = remedy(error) if isinstance(error, OSError) else "this is no path"
        raise RaspLoadError(f"cannot read {ascii(str(path))[1:-1]}: {reason}", span, hint=hint) from None


@functools.lru_cache(maxsize=64)
def _read_text(path: Path, modified: int, size: int) -> Source:
    """The source of a file in one state of it; a changed file has another time or size."""
    return Source(str(path), path.read_text(encoding="utf-8-sig"))


@functools.lru_cache(maxsize=64)
def _read_source(source: Source, dialect: ast.Dialect) -> Reading:
    return read(source, dialect)


def in_order(reading: Reading) -> Iterator[ast.Statement | RaspError]:
    """Statements and syntax errors as they stand in the text."""
    items: list[ast.Statement | RaspError] = [*reading.statements, *reading.errors]
    return iter(sorted(items, key=lambda item: item.span.start if item.span else 0))
