"""What the RASP-L checker can find: the rules, and a place where one is broken."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from rasp.errors import RaspError, Span

Severity: TypeAlias = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class Rule:
    """A restriction of RASP-L, and how grave it is to break it.

    Attributes:
        default: the severity in the default mode.
        strict: the severity in strict mode.
        reason: why RASP-L has the rule.
    """

    default: Severity
    strict: Severity
    reason: str


_STRAIGHT = "a RASP-L program is straight-line code: what it computes must not depend on loops or calls that data could steer"
_SUCCESSOR = "positions are compared, or moved by one; other arithmetic on them does not carry over to lengths never seen"
_CAUSAL = "RASP-L describes decoder-only transformers: a position sees itself and what is before it"
_ABSOLUTE = "what is learned about one position number says nothing about positions never trained"
_EXACT_COUNT = "a count grows with the length; comparing its order is safer than its exact value"
_BOUNDED = "every value of a RASP-L program is an int8, so that each map is a finite table that can be learned"

RULES: dict[str, Rule] = {
    "not-raspl": Rule("error", "error", "the function can't be turned into a program"),
    "loop": Rule("error", "error", _STRAIGHT),
    "n-rasp-l": Rule(
        "note", "error", "RASP-L has no loops: a program that iterates is n-RASP-L, which describes looped transformers"
    ),
    "recursion": Rule("error", "error", _STRAIGHT),
    "not-causal": Rule(
        "error", "error", "RASP-L describes decoder-only transformers: a position sees itself and what is before it"
    ),
    "index-arithmetic": Rule("error", "error", _SUCCESSOR),
    "mean-of-positions": Rule("error", "error", _SUCCESSOR),
    "iterated-successor": Rule("note", "error", _SUCCESSOR),
    "index-choice": Rule("warning", "error", _SUCCESSOR),
    "absolute-position": Rule(
        "warning", "error", "what is learned about one position number says nothing about positions never trained"
    ),
    "float": Rule("error", "error", _BOUNDED),
    "range": Rule("note", "error", _BOUNDED),
    "count-as-token": Rule("warning", "error", "a count grows with the length, so it is not bounded by int8"),
    "count-equality": Rule(
        "warning", "warning", "a count grows with the length; comparing its order is safer than its exact value"
    ),
    "position-as-token": Rule("warning", "error", "a position grows with the length, so it is not bounded by int8"),
}
"""All rules. Source: Zhou et al. 2023, section 3, as far as they are stated there; docs/language/raspl-restrictions.md says how
each is read here."""


@dataclass(frozen=True)
class Finding:
    """A place where a program breaks a rule.

    Attributes:
        rule: a key of ``RULES``.
        message: what the program does there.
        reason: why the rule is one.
    """

    rule: str
    severity: Severity
    message: str
    span: Span | None
    reason: str

    def report(self) -> str:
        """The finding with its place, the source line and the reason."""
        return RaspError(f"{self.severity}: {self.message} [{self.rule}]", self.span, hint=self.reason).report()


@dataclass(frozen=True, eq=False)
class Findings:
    """What has been found so far, each once, in the order it was found."""

    strict: bool
    found: dict[tuple[str, str, Span | None], Finding] = field(default_factory=dict)

    def add(self, rule: str, message: str, span: Span | None) -> None:
        severity = RULES[rule].strict if self.strict else RULES[rule].default
        self.found.setdefault((rule, message, span), Finding(rule, severity, message, span, RULES[rule].reason))

    def in_order(self) -> list[Finding]:
        """By place in the source; what has no place comes first."""
        return sorted(self.found.values(), key=lambda finding: (-1, -1) if finding.span is None else _place(finding.span))


def _place(span: Span) -> tuple[int, int]:
    return span.start, span.end
