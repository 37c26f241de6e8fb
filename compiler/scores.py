"""How large attention scores get, and how far apart they must be."""

from __future__ import annotations

from compiler.circuit import Head, Reading

EXACT = 2**24
"""Integers up to here, and sums of them, are exact in float32."""

UNDERFLOW = 104
"""exp() of what is further below 0 is 0 in float32."""

GAP = 256
"""Score between a selected key and any other; half of it, between a key and BOS, still makes exp() underflow to exactly 0."""

WIDE_GAP = 1024
"""The gap of a head that looks one key up with scores too large to be exact."""

ROUNDING = 2.0**-24
"""Relative error of one float32 operation."""


def score_bound(head: Head) -> int:
    """A bound of the size of a head's scores, in gaps, for any query and key."""
    factors = sum(
        query.reach * max(1, key.reach)
        for factor in head.factors
        for query, key in zip(factor.queries, factor.keys, strict=True)
    ) + sum(factor.holds for factor in head.factors)
    return factors * head.weight_of_factors + head.rank.high


def gap(head: Head) -> int:
    """The score between a selected key and any other."""
    return WIDE_GAP if head.reading is Reading.LOOK_UP and score_bound(head) * GAP >= EXACT else GAP


def key_size(head: Head) -> int:
    """How many numbers a query and a key have."""
    return sum(len(factor.keys) for factor in head.factors) + (2 if head.reading is Reading.GREATEST else 1)


def score_error(head: Head) -> float:
    """The largest rounding error of a score; 0 where all are exact."""
    largest = score_bound(head) * gap(head)
    return 0.0 if largest < EXACT else largest * ROUNDING * (key_size(head) + 1)


def score_margin(head: Head) -> float:
    """By how much exp() underflows for a key that is not selected; a sum needs exact scores besides."""
    if head.reading is not Reading.LOOK_UP and score_error(head):
        return -score_error(head)
    return gap(head) / 2 - UNDERFLOW - 2 * score_error(head)
