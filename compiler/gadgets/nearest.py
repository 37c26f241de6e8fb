"""Whether a mean is a given integer, where its sums are too large for a table of thresholds.

A table of thresholds ``q·S - p·W`` (``gadgets/mean.py``) adds up as many large units as there are integers. Formula: a head that
averages the selected keys puts out S/W with a small error, and the cell rounds it to an integer K (``gadgets/count.py``).
K is the mean if the mean is an integer, and ``D = S - K·W`` is 0 exactly then.

Exact: if the error of the average stays below 1/2. Where nothing is selected S = W = 0, so D is 0 and K is the default.
"""

from __future__ import annotations

from compiler.circuit import Factor, Form, Unit

_ONE = Form(constant=1)


def is_zero(difference: Form) -> list[tuple[Unit, int]]:
    """``relu(D + 1) - 2·relu(D) + relu(D - 1)``: 1 where D is 0, else 0."""
    return [(Unit(difference + 1), 1), (Unit(difference), -2), (Unit(difference - 1), 1)]


def only_where(holds: Form) -> Factor:
    """A factor of 0 where the query's form is 1, and -1 where it is 0."""
    return Factor((holds - 1,), (_ONE,), 0)
