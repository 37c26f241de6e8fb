"""The checker of RASP-L's restrictions (see docs/language/raspl-restrictions.md)."""

from rasp.check.findings import RULES, Finding, Rule, Severity
from rasp.check.program import check

__all__ = ["RULES", "Finding", "Rule", "Severity", "check"]
