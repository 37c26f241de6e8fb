"""The one table of programs and their meaning, read by the tests of the interpreter and of the compiler.

Each case says what its program computes a second time, as a plain Python function of the input.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rasp.syntax.ast import Dialect

Output = list[Any]


@dataclass(frozen=True)
class Case:
    """A program and what it computes.

    Attributes:
        result: the name of the program's s-op.
        vocab: the tokens that inputs are made of.
        oracle: the output for any input over the vocabulary; floats are within 1e-9 of it.
        example: one input and its output, worked out by hand.
        inputs: further inputs that show what matters.
        first: what every input begins with (a beginning-of-sequence token).
    """

    name: str
    program: str
    vocab: str
    oracle: Callable[[str], Output]
    example: tuple[str, Output]
    inputs: tuple[str, ...] = ()
    first: str = ""
    result: str = "result"
    dialect: Dialect = "rasp"

    @property
    def outputs(self) -> tuple[tuple[str, Output], ...]:
        """All inputs with their outputs."""
        return (self.example, *((tokens, self.oracle(tokens)) for tokens in self.inputs))


def _histogram(tokens: str) -> Output:
    return [tokens.count(token) for token in tokens]


def _double_histogram(tokens: str) -> Output:
    """How many distinct tokens occur as often as this one."""
    counts = Counter(tokens)
    return [sum(1 for other in counts.values() if other == counts[token]) for token in tokens]


def _by_frequency(tokens: str) -> Output:
    """Distinct tokens, the most frequent first, the earlier first among equals; then '-'."""
    counts = Counter(tokens)
    order = sorted(counts, key=lambda token: -counts[token])
    return order + ["-"] * (len(tokens) - len(order))


def _shift(tokens: str) -> Output:
    return ["_", *tokens[:-1]]


def _balance(pairs: Sequence[str]) -> Callable[[str], Output]:
    """For each prefix: T balanced, P can still become so, F cannot."""
    opener_of = {pair[1]: pair[0] for pair in pairs}

    def judge(prefix: str) -> str:
        stack: list[str] = []
        for token in prefix:
            if token not in opener_of:
                stack.append(token)
            elif not stack or stack.pop() != opener_of[token]:
                return "F"
        return "P" if stack else "T"

    return lambda tokens: [judge(tokens[: end + 1]) for end in range(len(tokens))]


def _first_of_kind(tokens: str) -> Output:
    return [tokens.index(token) == position for position, token in enumerate(tokens)]


def _share_before(tokens: str) -> Output:
    return [tokens[: end + 1].count("a") / (end + 1) for end in range(len(tokens))]


def _next_same(tokens: str) -> Output:
    """How far it is to the next token of the same kind; 0 if there is none."""
    return [max(0, tokens.find(token, position + 1) - position) for position, token in enumerate(tokens)]


def _palindrome(tokens: str) -> Output:
    return [tokens == tokens[::-1]] * len(tokens)


_DYCK_1 = """
so_far = select(indices, indices, <=);
opened = round((indices + 1) * aggregate(so_far, indicator(tokens == "(")));
closed = round((indices + 1) * aggregate(so_far, indicator(tokens == ")")));
depth = opened - closed;
broken = aggregate(so_far, indicator(depth < 0)) > 0;
result = "F" if broken else ("T" if depth == 0 else "P");
"""

_DYCK_2 = """
def dyck(pairs) {
    opens = tokens in [pair[0] for pair in pairs];
    closes = tokens in [pair[1] for pair in pairs];
    so_far = select(indices, indices, <=);
    opened = round((indices + 1) * aggregate(so_far, indicator(opens)));
    closed = round((indices + 1) * aggregate(so_far, indicator(closes)));
    depth = opened - closed;
    level = depth + indicator(closes);
    same_level = select(level, level, ==);
    order = selector_width(same_level and so_far);
    opener = aggregate(select(opens, True, ==) and same_level and select(order, order - 1, ==), tokens, "?");
    mismatch = closes and (not ((opener + tokens) in pairs));
    broken = aggregate(so_far, indicator(mismatch or (depth < 0))) > 0;
    return "F" if broken else ("T" if depth == 0 else "P");
}
result = dyck(["()", "{}"]);
"""

_BOS = "§"

CASES: list[Case] = [
    Case("length", "result = length;", "ab", lambda tokens: [len(tokens)] * len(tokens), ("abba", [4, 4, 4, 4]), ("a", "bb")),
    Case(
        "histogram",
        "result = selector_width(select(tokens, tokens, ==));",
        "ehlo",
        _histogram,
        ("hello", [1, 1, 2, 2, 1]),
        ("h", "eeee", "hohoho"),
    ),
    Case(
        "histogram_bos",
        """
        same = select(tokens, tokens, ==) or select(indices, 0, ==);
        result = round(1 / aggregate(same, indicator(indices == 0))) - 1;
        """,
        "abc",
        lambda tokens: [0, *_histogram(tokens[1:])],
        (_BOS + "aabc", [0, 2, 2, 1, 1]),
        (_BOS, _BOS + "cab", _BOS + "bbb"),
        first=_BOS,
    ),
    Case(
        "double_histogram",
        """
        histogram = selector_width(select(tokens, tokens, ==));
        first = not has_focus(select(tokens, tokens, ==) and select(indices, indices, <));
        result = selector_width(select(histogram, histogram, ==) and select(first, True, ==));
        """,
        "abc",
        _double_histogram,
        ("abbc", [2, 1, 1, 2]),
        ("a", "aabbc", "abcabc"),
    ),
    Case(
        "reverse",
        "result = aggregate(select(indices, length - 1 - indices, ==), tokens);",
        "abc",
        lambda tokens: list(tokens[::-1]),
        ("abcc", ["c", "c", "b", "a"]),
        ("a", "cab"),
    ),
    Case("sort", "result = sort(tokens, tokens);", "abcd", sorted, ("dabca", list("aabcd")), ("a", "dcba", "bbaab")),
    Case(
        "sort_stable",
        'result = sort(tokens, tokens == "b");',
        "abc",
        lambda tokens: [token for token in tokens if token != "b"] + ["b"] * tokens.count("b"),
        ("bcabca", list("cacabb")),
        ("b", "cba", "bbbac"),
    ),
    Case("shift", 'result = shift(tokens, 1, "_");', "abc", _shift, ("cab", ["_", "c", "a"]), ("a", "abccba")),
    Case(
        "by_frequency",
        """
        histogram = selector_width(select(tokens, tokens, ==));
        repeated = has_focus(select(tokens, tokens, ==) and select(indices, indices, <));
        result = sort("-" if repeated else tokens, 1 if repeated else -histogram);
        """,
        "abc",
        _by_frequency,
        ("cbab", ["b", "c", "a", "-"]),
        ("a", "aabbcc", "cccab"),
    ),
    Case("dyck_1", _DYCK_1, "()", _balance(["()"]), ("(()))", list("PPPTF")), ("(", ")", "()()", "((")),
    Case("dyck_2", _DYCK_2, "(){}", _balance(["()", "{}"]), ("({)}", list("PPFF")), ("()", "{()}", "({})", "){", "((}")),
    Case("first_token", "result = tokens[0];", "ab", lambda tokens: [tokens[0]] * len(tokens), ("ba", ["b", "b"]), ("a", "abb")),
    Case(
        "last_token", "result = tokens[-1];", "ab", lambda tokens: [tokens[-1]] * len(tokens), ("bba", list("aaa")), ("a", "ab")
    ),
    Case(
        "contains",
        'result = "a" in tokens;',
        "ab",
        lambda tokens: ["a" in tokens] * len(tokens),
        ("bab", [True, True, True]),
        ("b", "bbb", "a"),
    ),
    Case(
        "count",
        'result = count(tokens, "a");',
        "abc",
        lambda tokens: [tokens.count("a")] * len(tokens),
        ("aba", [2, 2, 2]),
        ("b", "aaaa"),
    ),
    Case(
        "first_of_kind",
        "result = not has_focus(select(tokens, tokens, ==) and select(indices, indices, <));",
        "abc",
        _first_of_kind,
        ("abac", [True, True, False, True]),
        ("a", "aaa"),
    ),
    Case(
        "share_so_far",
        'result = aggregate(select(indices, indices, <=), indicator(tokens == "a"));',
        "ab",
        lambda tokens: [int(tokens[0] == "a"), *_share_before(tokens)[1:]],
        ("aab", [1, 1.0, 2 / 3]),
        ("b", "baba"),
    ),
    Case(
        "distance_to_next",
        """
        next = aggregate(select_next_identical(tokens), indices, -1);
        result = 0 if next < 0 else next - indices;
        """,
        "abc",
        _next_same,
        ("abcaa", [3, 0, 0, 1, 0]),
        ("a", "aaa", "abab"),
    ),
    Case(
        "palindrome",
        """
        mirrored = aggregate(select(indices, length - 1 - indices, ==), tokens);
        result = not (False in (tokens == mirrored));
        """,
        "ab",
        _palindrome,
        ("abba", [True] * 4),
        ("a", "ab", "aba", "aab"),
    ),
    Case(
        "parity",
        'result = count(tokens, "1") % 2 == 1;',
        "01",
        lambda tokens: [tokens.count("1") % 2 == 1] * len(tokens),
        ("1101", [True] * 4),
        ("0", "11"),
    ),
]
