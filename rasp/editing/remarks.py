"""All that can be said of a program without an input: errors, traps of RASP's precedence, RASP-L's restrictions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rasp.check import Finding
from rasp.check import check as check_raspl
from rasp.errors import RaspError, Source, Span
from rasp.module import Module, module_of
from rasp.syntax import ast
from rasp.syntax.lint import LintWarning, lint
from rasp.syntax.parser import Reading, read

_RULES = {"RaspSyntaxError": "syntax", "RaspNameError": "name", "RaspTypeError": "type", "RaspLoadError": "load"}


@dataclass(frozen=True)
class Remark:
    """One thing that is wrong, or may be.

    Attributes:
        hint: what to change, or why it matters.
        report: the whole message, with the source line.
    """

    severity: Literal["error", "warning", "note"]
    rule: str
    message: str
    span: Span | None
    hint: str | None
    report: str


def remark_of(error: RaspError) -> Remark:
    """A single error as a remark."""
    rule = _RULES.get(type(error).__name__, "value")
    return Remark("error", rule, error.message, error.span, error.hint, error.report())


def remarks_on(
    source: Source, dialect: ast.Dialect, path: Path | None = None, *, strict: bool = False, reading: Reading | None = None
) -> list[Remark]:
    """Every remark on a program.

    Args:
        path: its file; what it loads is looked for beside it.
        strict: whether RASP-L's strict rules apply.
        reading: what reading the text gave, if it was read before.
    """
    return list(_remarks(source, dialect, path, strict, reading or read(source, dialect)))


def _remarks(source: Source, dialect: ast.Dialect, path: Path | None, strict: bool, reading: Reading) -> Iterator[Remark]:
    module: Module | None = None
    try:
        module = module_of(source, dialect, path, reading)
    except RaspError as error:
        yield from map(remark_of, error.errors)
    if dialect == "rasp":
        yield from map(_of_warning, lint(ast.Program("rasp", reading.statements, source)))
    elif module is not None:
        yield from map(_of_finding, check_raspl(module, strict=strict))


def _of_warning(warning: LintWarning) -> Remark:
    return Remark("warning", warning.rule, warning.message, warning.span, warning.hint, warning.report())


def _of_finding(finding: Finding) -> Remark:
    return Remark(finding.severity, finding.rule, finding.message, finding.span, finding.reason, finding.report())
