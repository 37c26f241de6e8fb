"""Whether a mean is a given integer, where its sums are too large for a table of thresholds.

A table of thresholds ``q·S - p·W`` (``gadgets/mean.py``) adds up as many large units as there are integers. Formula: a head that
averages the selected keys puts out S/W with a small error, and the cell rounds it to an integer K (``gadgets/count.py``).
K is the mean if the mean is an integer, and ``D = S - K·W`` is 0 exactly then.

A function of the mean that changes at integers only, such as a rounding towards zero, is that of K, and more or less where D is
above or below 0: then the mean lies between K and the next integer.

Exact: if the error of the average stays below 1/2, so that K is less than 1 away. Where nothing is selected S = W = 0, so D is 0
and K is the default.
"""

from __future__ import annotations

from dataclasses import dataclass

from compiler.circuit import Factor, Form, Unit
from compiler.gadgets.mean import Piecewise

_ONE = Form(constant=1)


def is_zero(difference: Form) -> list[tuple[Unit, int]]:
    """``relu(D + 1) - 2·relu(D) + relu(D - 1)``: 1 where D is 0, else 0."""
    return [(Unit(difference + 1), 1), (Unit(difference), -2), (Unit(difference - 1), 1)]


def only_where(holds: Form) -> Factor:
    """A factor of 0 where the query's form is 1, and -1 where it is 0."""
    return Factor((holds - 1,), (_ONE,), 0)


@dataclass(frozen=True)
class Sides:
    """A function of a number that changes at integers only, by the integer K next to the number.

    Attributes:
        at: its value at K.
        above, below: how much more it is between K and K + 1, and between K - 1 and K.
    """

    at: dict[int, int]
    above: dict[int, int]
    below: dict[int, int]


def around_integers(function: Piecewise, low: int, high: int) -> Sides:
    """The function around each integer from ``low`` to ``high``."""
    upwards = {int(place): change for place, included, change in function.changes if included}
    beyond = {int(place): change for place, included, change in function.changes if not included}
    at: dict[int, int] = {}
    value = function.first + sum(change for place, _, change in function.changes if place < low)
    for k in range(low, high + 1):
        value += upwards.get(k, 0)
        at[k] = value
        value += beyond.get(k, 0)
    return Sides(at, {k: beyond.get(k, 0) for k in at}, {k: -upwards.get(k, 0) for k in at})
