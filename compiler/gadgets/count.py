"""Counting and summing with one head, without division.

Formula: BOS weighs N' and each selected key weighs 1, so the head puts out ``sum(v) / (N' + w)`` for w selected keys with
values v. Times N' that is ``sum(v) · (1 - w / (N' + w))``: the integer sum, less a relative error of at most w / N'. The
output bias adds 1.5·2²³ and the cell held minus that number before, so that float32 addition itself rounds the sum to the
nearest integer (between 2²³ and 2²⁴ floats are integers).

Exact: if the error stays below 1/2, that is for ``|sum| · (w / N' + relative error of the softmax) < 1/2`` and
``|sum| < 2²²``. N' = ``sink_weight(n, m)`` makes the first term at most 1/64 for n keys with values up to m.
"""

from __future__ import annotations

import math

ROUNDER = 12_582_912
"""1.5·2²³: added in float32, it rounds to an integer whatever is smaller than 2²² in magnitude."""

LARGEST_SUM = 2**22

SCORE_PARTS = 16
"""The score of BOS is a multiple of 1 / SCORE_PARTS."""

SOFTMAX_ERROR = 2.0**-18
"""Bound of the relative error of a float32 softmax average as this project computes it, for any number of keys in any order.

A selected key weighs exactly 1 (``compiler/transformer.py``, ``shift``), so that the sum of the values is an exact integer. The
sum of the weights is N' and, depending on the order, none to all of the w ones, so that the formula bounds that, too. What is
left are the errors of exp(), measured as 2⁻²⁰, and of a quotient and two products.
"""


def sink_weight(keys: int, largest: int) -> int:
    """The weight N' of BOS: a power of two of at least 64·n²·m."""
    return 1 << max(3, (64 * keys * keys * max(1, largest) - 1).bit_length())


def sink_score(weight: int) -> float:
    """The score of BOS relative to a selected key: at least log N', in sixteenths, so that it adds to other scores exactly."""
    return math.ceil(math.log(weight) * SCORE_PARTS) / SCORE_PARTS


def scale(weight: int) -> float:
    """What the output is multiplied by: the weight that the score really gives."""
    return math.exp(sink_score(weight))


def error(keys: int, largest: int, weight: int) -> float:
    """The largest possible distance of the output from the integer sum, before it is rounded."""
    total = keys * largest
    if total >= LARGEST_SUM:
        return math.inf
    return total * (keys / weight + SOFTMAX_ERROR)
