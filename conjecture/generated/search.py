"""The search for programs that make tasks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from conjecture.errors import LabError
from conjecture.generated.distribution import SIZES
from conjecture.generated.equivalence import signatures
from conjecture.generated.filters import Candidate, reason_against

NUMBERS = 10_000
"""How many candidates of each length a seed has."""


@dataclass
class Found:
    """What a search has found.

    Attributes:
        accepted: the numbers of the candidates that make tasks, by length.
        rejected: how many do not, by length and reason.
    """

    accepted: dict[int, list[int]] = field(default_factory=dict)
    rejected: dict[int, Counter[str]] = field(default_factory=dict)


Report = Callable[[int, int, str | None], object]
"""Is told of each candidate: its length, its number, and why it makes no task."""


def search(lengths: Sequence[int], count: int, seed: int = 0, report: Report | None = None) -> Found:
    """Try candidates in order until there are so many tasks of each length; always with the same result.

    Besides what ``filters`` asks of each program, no two of those accepted give the same labels at the last positions of long
    inputs, whatever number of tokens their own inputs have; so they differ in more than how they begin.

    Raises:
        LabError: there are not so many.
    """
    found = Found()
    seen: dict[int, set[bytes]] = {size: set() for size in SIZES}
    for length in sorted(lengths):
        accepted, rejected = found.accepted.setdefault(length, []), found.rejected.setdefault(length, Counter())
        for number in range(seed * NUMBERS, (seed + 1) * NUMBERS):
            if len(accepted) == count:
                break
            reason = _try(Candidate.drawn(length, number), seen)
            if report is not None:
                report(length, number, reason)
            if reason is None:
                accepted.append(number)
            else:
                rejected[reason] += 1
        else:
            raise LabError(f"there are only {len(accepted)} tasks of length {length} among {NUMBERS:,}", hint="ask for fewer")
    return found


def _try(candidate: Candidate, seen: dict[int, set[bytes]]) -> str | None:
    """Why a candidate is rejected; if it is not, it is seen from now on."""
    reason = reason_against(candidate)
    if reason is None and candidate.signature.late in seen[candidate.tokens]:
        reason = "as an accepted one"
    if reason is None:
        for size in SIZES:
            seen[size].add(signatures(candidate.program, size)[-1].late)
    return reason
