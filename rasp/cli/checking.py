"""``rasp check``: all that can be said of a program without an input."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasp.check import Finding
from rasp.check import check as check_raspl
from rasp.cli.messages import error_report
from rasp.elaborate.loading import file_source
from rasp.errors import RaspError, Span
from rasp.module import Module, load
from rasp.syntax import ast
from rasp.syntax.lint import LintWarning, lint
from rasp.syntax.parser import read

_RULES = {"RaspSyntaxError": "syntax", "RaspNameError": "name", "RaspTypeError": "type", "RaspLoadError": "load"}


@dataclass(frozen=True)
class Remark:
    """One thing that is wrong, or may be.

    Attributes:
        severity: ``error``, ``warning`` or ``note``.
        report: the whole message, with the source line.
    """

    severity: str
    rule: str
    message: str
    span: Span | None
    hint: str | None
    report: str

    def as_dict(self) -> dict[str, Any]:
        """For JSON; the place is null where there is none."""
        place: dict[str, Any] = {"file": None, "line": None, "column": None}
        if self.span is not None:
            place = {"file": self.span.source.name, "line": self.span.line, "column": self.span.column}
        return {"severity": self.severity, "rule": self.rule, **place, "message": self.message, "hint": self.hint}


def check(options: argparse.Namespace) -> int:
    """Report every remark; status 1 if there is an error, with --strict a warning too."""
    remarks = list(_remarks(Path(options.file), options.strict))
    if options.json:
        print(json.dumps([remark.as_dict() for remark in remarks], indent=2))
    else:
        for remark in remarks:
            print(remark.report, file=sys.stderr)
        print(_summary(options.file, remarks))
    fatal = {"error", "warning"} if options.strict else {"error"}
    return 1 if any(remark.severity in fatal for remark in remarks) else 0


def _remarks(path: Path, strict: bool) -> Iterator[Remark]:
    try:
        module = load(path)
    except RaspError as error:
        yield from map(_of_error, error.errors)
        module = None
    if path.suffix.lower() == ".rasp":
        yield from map(_of_warning, _lint(path, module))
    elif module is not None:
        yield from map(_of_finding, check_raspl(module, strict=strict))


def _lint(path: Path, module: Module | None) -> list[LintWarning]:
    """The warnings; of a broken program, those for what can be read of it."""
    if module is not None:
        return lint(module.program)
    try:
        source = file_source(path)
    except RaspError:
        return []
    return lint(ast.Program("rasp", read(source).statements, source))


def _of_error(error: RaspError) -> Remark:
    rule = _RULES.get(type(error).__name__, "value")
    return Remark("error", rule, error.message, error.span, error.hint, error_report(error))


def _of_warning(warning: LintWarning) -> Remark:
    return Remark("warning", warning.rule, warning.message, warning.span, warning.hint, warning.report())


def _of_finding(finding: Finding) -> Remark:
    return Remark(finding.severity, finding.rule, finding.message, finding.span, finding.reason, finding.report())


def _summary(file: str, remarks: list[Remark]) -> str:
    severities = [remark.severity for remark in remarks]
    counts = ", ".join(_counted(severities.count(severity), severity) for severity in ("error", "warning", "note"))
    return f"{file}: {counts}"


def _counted(count: int, word: str) -> str:
    return f"{count or 'no'} {word}{'' if count == 1 else 's'}"
