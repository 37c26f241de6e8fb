"""The greatest selected value with one head.

Formula: the key's score is ``(m + 1)·(comparisons) + rank`` times a gap that makes exp() underflow, where the comparisons
are 0 if the key is selected and at most -1 if not, and rank is the place 0…m of the key's value among all values. The selected
keys of the greatest rank win; BOS stands half a gap below rank 0, so it wins where nothing is selected. Keys of equal rank
hold equal values, so what the head reads at them is one number; float32 averages t equal integers with a relative error of
a few units in the last place, and the output is rounded as a count is (``gadgets/count.py``). The least value is the
greatest of the negated rank.

Exact: if the number that is read stays below 2¹⁷, so that the error of the average stays below 1/2, and the scores below 2²⁴.
"""

from __future__ import annotations

from collections.abc import Sequence

from compiler.circuit import Form, FromHeads, Reading
from compiler.gadgets.count import SOFTMAX_ERROR
from rasp.graph.nodes import Atom


def ranks(values: Sequence[Atom], greatest: bool) -> dict[Atom, int]:
    """The rank of each value, equal ones alike. Strings and numbers never meet where the program is defined."""
    strings = sorted(value for value in set(values) if isinstance(value, str))
    numbers = sorted(value for value in set(values) if not isinstance(value, str))
    ordered: list[Atom] = [*strings, *numbers]
    if not greatest:
        ordered.reverse()
    return {value: rank for rank, value in enumerate(ordered)}


def is_exact(form: Form) -> bool:
    """Whether what averaging heads put into a form is small enough to be rounded to the right integer."""
    channels = [
        (channel, coefficient)
        for feature in form.features
        if isinstance(feature.origin, FromHeads)
        for channel, coefficient in feature.origin.parts
        if channel.head.reading in (Reading.GREATEST, Reading.AVERAGE)
    ]
    errors = (abs(coefficient) * error(max(channel.form.reach, abs(channel.at_bos))) for channel, coefficient in channels)
    return sum(errors) < 0.5


def error(largest: int) -> float:
    """The largest distance of the output from the integer, before it is rounded."""
    return largest * SOFTMAX_ERROR
