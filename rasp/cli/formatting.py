"""``rasp format``: programs in the usual layout, in place or from stdin to stdout."""

from __future__ import annotations

import argparse
import re
import sys
from codecs import BOM_UTF8
from pathlib import Path

from rasp import limits
from rasp.cli.messages import error_report
from rasp.elaborate.loading import file_source
from rasp.errors import RaspError
from rasp.files import write_whole
from rasp.format import format_text
from rasp.module import dialect_of
from rasp.syntax.ast import Dialect

_LONE_RETURN = re.compile(r"\r(?!\n)")


def format_files(options: argparse.Namespace) -> int:
    """Lay out each file; status 1 if one is no program, with --check also if one would change."""
    if "-" in options.files:
        if len(options.files) > 1:
            raise RaspError("'-' is stdin and stands alone", hint="format the files in a call of their own")
        return _from_stdin(options.dialect or "rasp", options.check)
    changed = broken = 0
    for file in options.files:
        try:
            if _format_file(Path(file), options.dialect, write=not options.check):
                changed += 1
                print(f"{file}: would be formatted" if options.check else f"{file}: formatted")
        except RaspError as error:
            broken += 1
            print(error_report(error), file=sys.stderr)
    same = len(options.files) - changed - broken
    parts = [f"{changed} would change" if options.check else f"{changed} changed", f"{same} unchanged"]
    print(", ".join([*parts, *([f"{broken} broken"] if broken else [])]))
    return 1 if broken or (options.check and changed) else 0


def _from_stdin(dialect: Dialect, check: bool) -> int:
    given = sys.stdin.buffer.read(4 * limits.SOURCE_CHARACTERS + 1)
    try:
        formatted = _formatted(given, dialect, "<stdin>")
    except UnicodeDecodeError as error:
        raise RaspError(f"stdin is not text: byte {error.start} is no UTF-8") from None
    if check:
        print("<stdin>: would be formatted" if formatted != given else "<stdin>: unchanged")
        return int(formatted != given)
    sys.stdout.flush()
    sys.stdout.buffer.write(formatted)
    return 0


def _format_file(path: Path, dialect: Dialect | None, *, write: bool) -> bool:
    """Whether a file changes."""
    source = file_source(path)  # says what is wrong with a file that can't be read
    given = path.read_bytes()
    formatted = _formatted(given, dialect or dialect_of(path), source.name)
    if formatted == given:
        return False
    if write:
        write_whole(path, formatted)
    return True


def _formatted(content: bytes, dialect: Dialect, name: str) -> bytes:
    """A file in the usual layout, with its byte order mark if it has one. A carriage return alone ends a line, as in any file."""
    mark = BOM_UTF8 if content.startswith(BOM_UTF8) else b""
    text = _LONE_RETURN.sub("\n", content.decode("utf-8-sig"))
    return mark + format_text(text, dialect, name=name).encode()
