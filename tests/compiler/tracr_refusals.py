"""Programs that Tracr refuses, and some that it compiles to something else without a warning, in RASP.

Source: the table of programs that must not compile in ``tracr/compiler/test_cases.py`` of google-deepmind/tracr at 9ce2b8c,
which gives no inputs, the rows of its ``validating_test.py``, and its issues 4 and 25. The values here follow from Tracr's
own definition of the operations; ``tracr_cases.py`` says what becomes of None.
"""

from __future__ import annotations

from fractions import Fraction

from tests.compiler.tracr_cases import Example, TracrCase

_TO_3 = (1, 2, 3)
_MEANS = (
    Example((1, 2, 3), (2, 2, 2)),
    Example((1, 2, 2), (Fraction(5, 3),) * 3),
    Example((3, 1, 1, 2, 1), (Fraction(8, 5),) * 5),
)

REFUSED = (
    TracrCase("numerical_categorical_aggregate", "mean = aggregate(full_s, tokens_int);", "mean", _TO_3, 5, _MEANS),
    TracrCase("categorical_numerical_aggregate", "mean = average(tokens_asis);", "mean", _TO_3, 5, _MEANS),
    TracrCase("numerical_numerical_aggregate", "mean = aggregate(full_s, 1 * tokens_int, 0);", "mean", _TO_3, 5, _MEANS),
    TracrCase(
        "aggregate_with_not_None_default",
        "same = aggregate(select(indices, indices, ==), tokens_int, 1);",
        "same",
        _TO_3,
        5,
        (Example((3, 1, 2), (3, 1, 2)),),
    ),
    TracrCase(
        "numerical_selector",
        "smaller = selector_width(select(tokens_int, tokens_int, <));",
        "smaller",
        _TO_3,
        5,
        (Example((2, 3, 1, 2), (1, 3, 0, 1)),),
    ),
    TracrCase("numerical_SequenceMap", "sum = indices + tokens_int;", "sum", _TO_3, 5, (Example((3, 1, 2), (3, 2, 4)),)),
    TracrCase(
        "categorical_LinearSequenceMap",
        "sum = 1 * indices + 1 * tokens_int;",
        "sum",
        _TO_3,
        5,
        (Example((3, 1, 2), (3, 2, 4)),),
    ),
    TracrCase("numerical_tokens", "same = tokens_int;", "same", _TO_3, 5, (Example((3, 1, 2), (3, 1, 2)),)),
    TracrCase("numerical_indices", "place = indices;", "place", _TO_3, 5, (Example((3, 1, 2), (0, 1, 2)),)),
    # Issue 4: selectors over different keys can't be combined.
    TracrCase(
        "selector_and",
        "earlier = selector_width(select(tokens, tokens, ==) and select(indices, indices, <));",
        "earlier",
        ("a", "b", "c"),
        6,
        (Example(tuple("abaab"), (0, 0, 1, 2, 1)),),
    ),
    TracrCase(
        "selector_or_and_not",
        "others = selector_width(select(tokens, tokens, <) or (not select(indices, indices, <=)));",
        "others",
        ("a", "b", "c"),
        6,
        (Example(tuple("cab"), (2, 1, 1)), Example(tuple("abc"), (2, 2, 2))),
    ),
)
"""Programs that Tracr's compiler turns down."""

SILENTLY_WRONG = (
    TracrCase(
        "mean", "mean = aggregate(full_s, tokens_int);", "mean", (1, 2, 3, 4), 5, (Example((1, 2, 3, 4), (Fraction(5, 2),) * 4),)
    ),
    TracrCase(
        "prev_mean",
        "mean = aggregate(select(tokens_int, tokens_int, <=), tokens_int);",
        "mean",
        (1, 2, 3, 4),
        5,
        (Example((1, 2, 3, 4), (1, Fraction(3, 2), 2, Fraction(5, 2))),),
    ),
    # Issue 25: 2, 3, None, None, of which Tracr's model makes 2, 3, 0, 1.
    TracrCase(
        "two_categorical_aggregates",
        """
        at_token = select(indices, tokens_int, ==);
        twice = aggregate(at_token, aggregate(at_token, indices, -1), -1);
        """,
        "twice",
        (1, 2, 3, 4),
        5,
        (Example((1, 2, 3, 4), (2, 3, -1, -1)),),
    ),
    # A map over a fraction: Tracr's model says False for 2/3.
    TracrCase(
        "map_over_a_fraction",
        'mostly = aggregate(select(indices, indices, <=), indicator(tokens == "l")) > 0.5;',
        "mostly",
        tuple("helo"),
        6,
        (Example(tuple("llhell"), (True, True, True, False, True, True)), Example(tuple("hll"), (False, False, True))),
    ),
)
"""Programs that Tracr's compiler takes, and whose model gives other values."""
