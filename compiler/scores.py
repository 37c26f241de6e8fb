"""How large the numbers get that attention and units add up.

All scores are integer multiples of ``GAP``, a power of two. So they, and sums of their parts in any order, are exact in float32
as long as they stay below 2²⁴ gaps: a float has 24 bits, whatever the power of two that they count.
"""

from __future__ import annotations

from compiler.circuit import Form, FromUnits, Head, Reading

EXACT = 2**24
"""Integers up to here, and sums of them, are exact in float32."""

GAP = 256
"""Score between a selected key and any other. Half of it, between a key and BOS, still makes exp() underflow to exactly 0."""


def score_bound(head: Head) -> int:
    """A bound of the size of a head's scores, in gaps, for any query and key."""
    factors = sum(
        query.reach * max(1, key.reach) for factor in head.factors for query, key in zip(factor.queries, factor.keys, strict=True)
    ) + sum(factor.holds for factor in head.factors)
    return factors * head.weight_of_factors + head.rank.high


def key_size(head: Head) -> int:
    """How many numbers a query and a key have."""
    return sum(len(factor.keys) for factor in head.factors) + (2 if head.reading is Reading.GREATEST else 1)


def read_bound(form: Form, at_bos: int) -> int:
    """A bound of every partial sum of a form that is read with a chosen value at BOS, which the weight of BOS makes."""
    there = abs(form.constant) + sum(abs(coefficient * feature.at_bos) for feature, coefficient in form.terms)
    return max(form.magnitude, there + abs(at_bos - form.at_bos))


def table_bound(origin: FromUnits) -> int:
    """A bound of every partial sum in units and behind them."""
    inside = max((read_bound(unit.form, min(0, unit.form.at_bos)) for unit, _ in origin.parts), default=0)
    if origin.largest is not None:
        return max(inside, origin.largest)
    return max(inside, sum(abs(coefficient) * unit.high for unit, coefficient in origin.parts))
