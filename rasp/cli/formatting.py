"""``rasp format``: programs in the usual layout, in place or from stdin to stdout."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rasp import limits
from rasp.cli.messages import error_report
from rasp.elaborate.loading import file_source
from rasp.errors import RaspError
from rasp.files import write_whole
from rasp.format import format_text
from rasp.module import dialect_of
from rasp.syntax.ast import Dialect


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
    try:
        text = sys.stdin.buffer.read(4 * limits.SOURCE_CHARACTERS + 1).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RaspError(f"stdin is not text: byte {error.start} is no UTF-8") from None
    formatted = format_text(text, dialect, name="<stdin>")
    if check:
        print("<stdin>: would be formatted" if formatted != text else "<stdin>: unchanged")
        return int(formatted != text)
    sys.stdout.flush()
    sys.stdout.buffer.write(formatted.encode())
    return 0


def _format_file(path: Path, dialect: Dialect | None, *, write: bool) -> bool:
    """Whether the text of a file changes."""
    source = file_source(path)
    formatted = format_text(source.text, dialect or dialect_of(path), name=source.name)
    if formatted == source.text:
        return False
    if write:
        write_whole(path, formatted.encode())
    return True
