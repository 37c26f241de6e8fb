"""The programs of Tracr's test table, in RASP, with the values that the table expects of them.

Source: `tracr/compiler/test_cases.py` of google-deepmind/tracr at 9ce2b8c; its numbers and expected values carry over. Rows
of the table that differ in their input only are the examples of one case here (``reverse_1`` to ``reverse_4`` of ``reverse``).

Where Tracr's meaning is not RASP's:

* Tracr gives None where nothing is selected, and whatever is computed from None is None. RASP has no such value: the program
  names its default, "" among strings and -1 among numbers.
* Tracr takes True for 1 and False for 0 where it compares values. A program whose expected values are numbers, or hold None
  among truths, gives ints.
* Tracr's tags ``categorical`` and ``numerical`` choose a representation and mean nothing here. Rows that differ in the tag
  only are written in two ways.
* Tracr's tokens are values of any kind; a program that computes with them says ``tokens_int``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from rasp.graph.nodes import Atom


@dataclass(frozen=True)
class Example:
    """An input and the values that Tracr's table, or the definition of the program, gives for it."""

    tokens: tuple[Atom, ...]
    expected: tuple[Atom, ...]


@dataclass(frozen=True)
class TracrCase:
    """A program of Tracr's, what it is compiled for, and inputs with their values.

    Attributes:
        sop: the name that the program gives to its result.
    """

    name: str
    program: str
    sop: str
    vocab: tuple[Atom, ...]
    max_length: int
    examples: tuple[Example, ...]


def _example(tokens: Sequence[Atom], expected: Sequence[Atom]) -> Example:
    return Example(tuple(tokens), tuple(expected))


def _fractions(*terms: tuple[int, int]) -> list[Fraction]:
    return [Fraction(numerator, denominator) for numerator, denominator in terms]


_ABC, _ABCD, _WORD, _BRACKETS = tuple("abc"), tuple("abcd"), tuple("helo"), tuple("abc()")
_ROUND_AND_CURLY, _THREE_PAIRS = tuple("(){}"), tuple("(){}[]")
_TO_3, _TO_4 = (1, 2, 3), (1, 2, 3, 4)

_FRACTION = """
def fraction_of_previous(sequence) {
    return aggregate(select(indices, indices, <=), indicator(sequence));
}
"""

_SHUFFLE_DYCK = (
    _FRACTION
    + """
def shuffle_dyck(pairs) {
    below_zero = False;
    closed = True;
    for pair in pairs {
        balance = fraction_of_previous(tokens == pair[0]) - fraction_of_previous(tokens == pair[1]);
        below_zero = below_zero or balance < 0;
        closed = closed and balance == 0;
    }
    ever_below_zero = aggregate(full_s, indicator(below_zero)) > 0;
    closed_at_the_end = aggregate(select(indices, length - 1, ==), closed);
    return indicator(closed_at_the_end and (not ever_below_zero));
}
"""
)

_SORT_UNIQUE = """
def sort_unique(values, keys) {
    place = selector_width(select(keys, keys, <));
    return aggregate(select(place, indices, ==), values);
}
"""

# Equal keys are told apart by a part of the index, which is too small to change the order of integer keys below max_length.
_SORT = (
    _SORT_UNIQUE
    + """
def sort_by_unequal_keys(values, keys, max_length) {
    return sort_unique(values, keys + indices / max_length);
}
"""
)

BOTH_DIRECTIONS = (
    TracrCase(
        "frac_prevs_1",
        _FRACTION + 'fraction = fraction_of_previous(tokens == "l");',
        "fraction",
        _WORD,
        5,
        (_example("hello", [0, 0, *_fractions((1, 3), (1, 2), (2, 5))]),),
    ),
    TracrCase(
        "frac_prevs_2",
        _FRACTION + 'fraction = fraction_of_previous(tokens == "(");',
        "fraction",
        _BRACKETS,
        10,
        (_example("a()b(c))", [0, *_fractions((1, 2), (1, 3), (1, 4), (2, 5), (2, 6), (2, 7), (2, 8))]),),
    ),
    TracrCase(
        "frac_prevs_3",
        _FRACTION + 'fraction = fraction_of_previous(tokens == ")");',
        "fraction",
        _BRACKETS,
        10,
        (_example("a()b(c))", [0, 0, *_fractions((1, 3), (1, 4), (1, 5), (1, 6), (2, 7), (3, 8))]),),
    ),
    TracrCase(
        "shift_by_one",
        'shifted = aggregate(select(indices + 1, indices, ==), tokens, "");',
        "shifted",
        _ABCD,
        5,
        (_example("abcd", ["", "a", "b", "c"]),),
    ),
    TracrCase("shift_by_two", 'shifted = shift(tokens, 2, "");', "shifted", _ABCD, 5, (_example("abcd", ["", "", "a", "b"]),)),
    TracrCase(
        "detect_pattern_a",
        'found = tokens == "a";',
        "found",
        _ABCD,
        5,
        (_example("bacd", [False, True, False, False]),),
    ),
    TracrCase(
        "detect_pattern_ab",
        """
        first = shift(indicator(tokens == "a"), 1, -1);
        found = -1 if first == -1 else indicator(first == 1 and tokens == "b");
        """,
        "found",
        ("a", "b"),
        5,
        (_example("aaba", [-1, 0, 1, 0]), _example("abaa", [-1, 1, 0, 0]), _example("aaaa", [-1, 0, 0, 0])),
    ),
    TracrCase(
        "detect_pattern_abc",
        """
        first = shift(indicator(tokens == "a"), 2, -1);
        second = shift(indicator(tokens == "b"), 1, -1);
        found = -1 if first == -1 or second == -1 else first * second * indicator(tokens == "c");
        """,
        "found",
        _ABC,
        6,
        (_example("abcabc", [-1, -1, 1, 0, 0, 1]),),
    ),
)
"""Rows that Tracr compiles both for bidirectional and for causal attention."""

# Causal attention is a mask on every selector in Tracr. Here the program says itself that it looks back only.
CAUSAL = (
    TracrCase(
        "selector_width",
        "width = selector_width(full_s and select(indices, indices, <=));",
        "width",
        _ABCD,
        5,
        (_example("abcd", [1, 2, 3, 4]),),
    ),
)
"""Rows that Tracr compiles for causal attention only."""

BIDIRECTIONAL = (
    TracrCase(
        "reverse",
        "reversed = aggregate(select(indices, length - indices - 1, ==), tokens);",
        "reversed",
        _ABCD,
        5,
        tuple(_example(text, text[::-1]) for text in ("abcd", "abc", "ad", "c")),
    ),
    TracrCase(
        "length_categorical",
        "n = length;",
        "n",
        _ABCD,
        3,
        (_example("abc", [3, 3, 3]), _example("ad", [2, 2]), _example("c", [1])),
    ),
    TracrCase(
        "length_numerical",
        "n = selector_width(full_s);",
        "n",
        _ABCD,
        3,
        (_example("abc", [3, 3, 3]), _example("ad", [2, 2]), _example("c", [1])),
    ),
    TracrCase(
        "pair_balance",
        _FRACTION + 'balance = fraction_of_previous(tokens == "(") - fraction_of_previous(tokens == ")");',
        "balance",
        _BRACKETS,
        10,
        (_example("a()b(c))", _fractions((0, 1), (1, 2), (0, 1), (0, 1), (1, 5), (1, 6), (0, 1), (-1, 8))),),
    ),
    TracrCase(
        "shuffle_dyck2",
        _SHUFFLE_DYCK + 'balanced = shuffle_dyck(["()", "{}"]);',
        "balanced",
        _ROUND_AND_CURLY,
        5,
        (_example("({)}", [1] * 4), _example("(){)}", [0] * 5), _example("{}(", [0] * 3)),
    ),
    TracrCase(
        "shuffle_dyck3",
        _SHUFFLE_DYCK + 'balanced = shuffle_dyck(["()", "{}", "[]"]);',
        "balanced",
        _THREE_PAIRS,
        6,
        (_example("({)[}]", [1] * 6), _example("(){)}", [0] * 5), _example("{}[(]", [0] * 5)),
    ),
    TracrCase(
        "hist",
        "histogram = selector_width(select(tokens, tokens, ==));",
        "histogram",
        _ABCD,
        5,
        (_example("abac", [2, 1, 2, 1]),),
    ),
    # Tracr sorts distinct keys only; the default is for inputs that repeat a token.
    TracrCase(
        "sort_unique_1",
        _SORT_UNIQUE + "sorted = sort_unique(tokens_int, tokens_int);",
        "sorted",
        _TO_4,
        5,
        (_example([2, 4, 3, 1], [1, 2, 3, 4]),),
    ),
    TracrCase(
        "sort_unique_2",
        _SORT_UNIQUE + "sorted = sort_unique(tokens, 1 - indices);",
        "sorted",
        _ABCD,
        5,
        (_example("abcd", "dcba"),),
    ),
    TracrCase(
        "sort_1_and_3",
        _SORT + "sorted = sort_by_unequal_keys(tokens_int, tokens_int, 5);",
        "sorted",
        _TO_4,
        5,
        (_example([2, 4, 3, 1], [1, 2, 3, 4]), _example([2, 4, 1, 2], [1, 2, 2, 4])),
    ),
    TracrCase(
        "sort_2",
        _SORT + "sorted = sort_by_unequal_keys(tokens, 1 - indices, 5);",
        "sorted",
        _ABCD,
        5,
        (_example("abcd", "dcba"),),
    ),
    TracrCase(
        "sort_freq",
        _SORT + "sorted = sort_by_unequal_keys(tokens_int, -selector_width(select(tokens, tokens, ==)), 5);",
        "sorted",
        _TO_4,
        5,
        (_example([2, 4, 2, 1], [2, 2, 4, 1]),),
    ),
    TracrCase(
        "make_count_less_freq_categorical",
        "histogram = selector_width(select(tokens, tokens, ==)); rare = selector_width(select(histogram, 2, <=));",
        "rare",
        _ABCD,
        6,
        (_example("aaabbc", [3] * 6), _example("aacbbc", [6] * 6)),
    ),
    TracrCase(
        "make_count_less_freq_numerical",
        "histogram = selector_width(select(tokens, tokens, ==)); rare = count(histogram <= 2, True);",
        "rare",
        _ABCD,
        6,
        (_example("aaabbc", [3] * 6), _example("aacbbc", [6] * 6)),
    ),
    TracrCase(
        "make_count",
        'number = selector_width(select(tokens, "a", ==));',
        "number",
        _ABC,
        8,
        (_example("aaabbc", [3] * 6), _example("cabc", [1] * 4), _example("bbc", [0] * 3)),
    ),
    TracrCase(
        "make_nary_sequencemap_1",
        "combined = tokens_int + tokens_int - indices;",
        "combined",
        _TO_3,
        5,
        (_example([1, 2, 3], [2, 3, 4]),),
    ),
    TracrCase(
        "make_nary_sequencemap_2",
        "combined = indices * indices / tokens_int;",
        "combined",
        _TO_3,
        3,
        (_example([1, 2, 3], _fractions((0, 1), (1, 2), (4, 3))),),
    ),
)
"""Rows that Tracr compiles for bidirectional attention only."""
