"""``rasp check``: all that can be said of a program without an input."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from rasp.editing.remarks import Remark, remark_of, remarks_on
from rasp.elaborate.loading import file_source
from rasp.errors import RaspError
from rasp.module import dialect_of


def check(options: argparse.Namespace) -> int:
    """Report every remark; status 1 if there is an error, with --strict a warning too."""
    remarks = _remarks(options.file, options.strict)
    if options.json:
        print(json.dumps([_as_dict(remark) for remark in remarks], indent=2))
    else:
        for remark in remarks:
            print(remark.report if remark.span else f"rasp: {remark.report}", file=sys.stderr)
        print(_summary(options.file, remarks))
    fatal = {"error", "warning"} if options.strict else {"error"}
    return 1 if any(remark.severity in fatal for remark in remarks) else 0


def _remarks(file: str, strict: bool) -> list[Remark]:
    try:
        path, dialect = Path(file), dialect_of(file)
        return remarks_on(file_source(path), dialect, path, strict=strict)
    except RaspError as error:  # it can't be read at all
        return [remark_of(single) for single in error.errors]


def _as_dict(remark: Remark) -> dict[str, Any]:
    """For JSON; the place is null where there is none."""
    place: dict[str, Any] = {"file": None, "line": None, "column": None}
    if remark.span is not None:
        place = {"file": remark.span.source.name, "line": remark.span.line, "column": remark.span.column}
    return {"severity": remark.severity, "rule": remark.rule, **place, "message": remark.message, "hint": remark.hint}


def _summary(file: str, remarks: list[Remark]) -> str:
    severities = [remark.severity for remark in remarks]
    counts = ", ".join(_counted(severities.count(severity), severity) for severity in ("error", "warning", "note"))
    return f"{file}: {counts}"


def _counted(count: int, word: str) -> str:
    return f"{count or 'no'} {word}{'' if count == 1 else 's'}"
