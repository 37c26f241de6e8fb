"""What should be answered in each task, and what its samples promise, in plain Python, written without the samplers.

``ANSWERS`` has a function for each task: from the input, as programs read it, to the answer or to the labels. It raises
``AssertionError`` for an input that the task must not ask.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

Tokens = list[Any]


def enclosed(prompt: Tokens, start: int | None, end: int) -> Tokens:
    """What stands before a last token, and behind a first one if there is one."""
    assert prompt[-1] == end
    if start is None:
        return prompt[:-1]
    assert prompt[0] == start
    return prompt[1:-1]


def only(tokens: Tokens, allowed: Sequence[Any]) -> Tokens:
    assert set(tokens) <= set(allowed)
    return tokens


def different(tokens: Tokens) -> Tokens:
    assert len(set(tokens)) == len(tokens)
    assert min(tokens) >= 0
    return tokens


def winner(tokens: Tokens) -> Any:
    """The most frequent token; it must be the only one."""
    ranked = Counter(tokens).most_common()
    assert len(ranked) == 1 or ranked[0][1] > ranked[1][1]
    return ranked[0][0]


def count(prompt: Tokens) -> Tokens:
    start, first, last = prompt
    assert start == -1
    assert 0 <= first <= last
    return [*range(first, last + 1), -2]


def mode(prompt: Tokens) -> Tokens:
    symbols = only(enclosed(prompt, None, -1), range(26))
    assert len(set(symbols)) <= 5
    return [winner(symbols), -2]


def majority(prompt: Tokens) -> Tokens:
    return [winner(only(enclosed(prompt, None, -1), range(26))), -2]


def mode_scratchpad(by_count: bool, prompt: Tokens) -> Tokens:
    symbols = only(enclosed(prompt, None, -1), range(-14, -9))
    order = sorted(set(symbols), reverse=True)
    order.sort(key=symbols.count if by_count else symbols.index)
    return [*(token for symbol in order for token in (symbols.count(symbol), symbol)), -3, winner(symbols), -2]


def binary_majority(prompt: Tokens) -> Tokens:
    return [winner(only(enclosed(prompt, None, -1), (0, 1))), -2]


def binary_majority_interleaved(prompt: Tokens) -> Tokens:
    bits = only(enclosed(prompt, None, -1), (0, 1))
    assert len(bits) % 3 == 0
    return [winner(bits[0::3]), winner(bits[1::3]), winner(bits[2::3]), -2]


def copy_unique(prompt: Tokens) -> Tokens:
    return [*different(enclosed(prompt, -1, -2)), -3]


def copy_repeat(prompt: Tokens) -> Tokens:
    return [*only(enclosed(prompt, -1, -2), (0, 1)), -3]


def copy_bigrams(prompt: Tokens) -> Tokens:
    numbers = only(enclosed(prompt, -1, -2), range(10))
    assert max(Counter(pairwise(numbers)).values(), default=1) == 1
    return [*numbers, -3]


def reverse_unique(prompt: Tokens) -> Tokens:
    return [*reversed(different(enclosed(prompt, -1, -2))), -3]


def sort(prompt: Tokens) -> Tokens:
    return [*sorted(different(enclosed(prompt, None, -1))), -2]


def parity(prompt: Tokens) -> Tokens:
    return [sum(only(enclosed(prompt, None, -1), (0, 1))) % 2, -2]


def parity_scratchpad(prompt: Tokens) -> Tokens:
    tokens = enclosed(prompt, None, -3)
    hints, bits = tokens[0::2], only(tokens[1::2], (0, 1))
    assert hints[0] <= -100
    assert hints == [hints[0] - place for place in range(len(bits))]
    ones = [place for place, bit in enumerate(bits) if bit]
    return [*(token for number, place in enumerate(ones, 1) for token in (hints[place], number % 2)), -4, len(ones) % 2, -5]


def boolean_and(prompt: Tokens) -> Tokens:
    bits = only(enclosed(prompt, None, -1), (0, 1))
    assert bits.count(0) <= 1
    return [int(0 not in bits), -2]


def without_hints(tokens: Tokens) -> Tokens:
    """The digits of a number whose hints count its places from the left, from any one on."""
    hints, digits = tokens[0::2], tokens[1::2]
    assert hints[0] <= -100
    assert hints == [hints[0] - place for place in range(len(digits))]
    return digits


def operands(prompt: Tokens, hinted: bool) -> tuple[Tokens, Tokens]:
    """The digits of both numbers: equally many, with a zero before them."""
    tokens = enclosed(prompt, -1, -3)
    plus = tokens.index(-2)
    left, right = tokens[:plus], tokens[plus + 1 :]
    if hinted:
        left, right = without_hints(left), without_hints(right)
    assert len(left) == len(right)
    assert left[0] == right[0] == 0
    only(left + right, range(10))
    return left, right


def addition(reverse: bool, hinted: bool, prompt: Tokens) -> Tokens:
    left, right = (int("".join(map(str, digits))) for digits in operands(prompt, hinted))
    width = len(operands(prompt, hinted)[0])
    first = prompt[1]  # a hint, if there are hints
    tokens = [[first - place] * hinted + [int(digit)] for place, digit in enumerate(str(left + right).zfill(width))]
    return [*(token for column in (reversed(tokens) if reverse else tokens) for token in column), -5]


def longest_carry(prompt: Tokens, hinted: bool) -> int:
    """From how many columns in a row one carry goes on to the next: the first has a sum above 9, the others of 9."""
    longest = so_far = 0
    for left, right in zip(*map(reversed, operands(prompt, hinted)), strict=True):
        so_far = 1 if left + right > 9 else so_far + 1 if left + right == 9 and so_far else 0
        longest = max(longest, so_far)
    return longest


def binary_operands(prompt: Tokens) -> tuple[Tokens, Tokens]:
    """The bits of both numbers: no zero before them."""
    tokens = enclosed(prompt, -1, -3)
    plus = tokens.index(-2)
    for number in (found := (tokens[:plus], tokens[plus + 1 :])):
        only(number, (0, 1))
        assert number == [0] or number[0] == 1
    return found


def addition_binary(prompt: Tokens) -> Tokens:
    left, right = (int("".join(map(str, bits)), 2) for bits in binary_operands(prompt))
    return [*map(int, f"{left + right:b}"), -5]


def hist(letters: Tokens) -> Tokens:
    return [letters.count(letter) for letter in letters]


def double_hist(letters: Tokens) -> Tokens:
    return [len({other for other in letters if letters.count(other) == letters.count(letter)}) for letter in letters]


def most_freq(letters: Tokens) -> Tokens:
    order = [letter for letter, _ in Counter(letters).most_common()]  # of equal ones, the one that comes first
    return order + ["-"] * (len(letters) - len(order))


def reverse(letters: Tokens) -> Tokens:
    return letters[::-1]


def dyck(pairs: Sequence[str], text: Tokens) -> Tokens:
    """By deleting matching neighbours."""
    only(text, "".join(pairs))
    verdicts: Tokens = []
    for end in range(1, len(text) + 1):
        rest = "".join(text[:end])
        while any(pair in rest for pair in pairs):
            for pair in pairs:
                rest = rest.replace(pair, "")
        wrong = any(closing in rest for _, closing in pairs)
        verdicts.append("F" if wrong else "P" if rest else "T")
    return verdicts


def asked_at_once(tokens: Tokens) -> tuple[Tokens, int]:
    """The question before the marks, and how many marks there are."""
    count = tokens.count(-1)
    assert count
    assert tokens[-count:] == [-1] * count
    return tokens[:-count], count


def two_numbers(question: Tokens) -> tuple[Tokens, Tokens]:
    """The bits on either side of the sign."""
    at = question.index(-2)
    one, other = question[:at], question[at + 1 :]
    assert one
    assert other
    assert set(one + other) <= {0, 1}
    return one, other


def number(bits: Tokens) -> int:
    return int("".join(map(str, bits)), 2)


def bits_of(value: int, places: int) -> Tokens:
    assert value < 2**places
    return [value >> place & 1 for place in reversed(range(places))]


def looped_parity(tokens: Tokens) -> Tokens:
    bits, count = asked_at_once(tokens)
    assert count == 1
    return [bits.count(1) % 2]


def looped_copy(tokens: Tokens) -> Tokens:
    bits, count = asked_at_once(tokens)
    assert count == len(bits)
    return bits


def looped_addition(tokens: Tokens) -> Tokens:
    question, count = asked_at_once(tokens)
    one, other = two_numbers(question)
    assert len(one) == len(other) == count - 1
    return bits_of(number(one) + number(other), count)


def looped_binary_sum(tokens: Tokens) -> Tokens:
    bits, count = asked_at_once(tokens)
    assert count == len(bits).bit_length()
    return bits_of(bits.count(1), count)[::-1]


def looped_multiplication(tokens: Tokens) -> Tokens:
    question, count = asked_at_once(tokens)
    one, other = two_numbers(question)
    assert len(one) in (1, 2)
    assert count == len(one) + len(other)
    return bits_of(number(one) * number(other), count)[::-1]


def looped_unique_set(tokens: Tokens) -> Tokens:
    symbols, count = asked_at_once(tokens)
    assert count == len(symbols)
    distinct = list(dict.fromkeys(symbols))
    return distinct + [-1] * (count - len(distinct))


def next_tokens(at_once: Callable[[Tokens], Tokens], count: Callable[[Tokens], int], pauses: bool, prompt: Tokens) -> Tokens:
    """The same answer token by token."""
    question = enclosed(prompt, None, -1)
    waited = question.count(-4)
    question, waiting = question[: len(question) - waited], question[len(question) - waited :]
    assert waiting == [-4] * waited
    assert bool(waited) == pauses
    return [*at_once(question + [-1] * count(question)), -3]


def behind(tokens: Tokens) -> tuple[Tokens, Any]:
    """The value of each assignment, and of the variable asked for."""
    assert tokens[-2] == -2
    values: dict[int, int] = {}
    found: Tokens = []
    assert len(tokens) % 3 == 2
    for place in range(0, len(tokens) - 2, 3):
        name, sign, source = tokens[place : place + 3]
        assert sign == -1
        assert name >= 100
        assert name not in values
        values[name] = values[source] if source >= 100 else source
        found.append(values[name])
    return found, values[tokens[-1]]


def retrieval(everything: bool, tokens: Tokens) -> Tokens:
    found, last = behind(tokens)
    return [*found, last] if everything else [last]


def retrieval_conditional(everything: bool, tokens: Tokens) -> Tokens:
    at = tokens.index(-2)
    assert at % 4 == 0
    ends: dict[tuple[int, int], int] = {}
    for place in range(0, at, 4):
        name, case, sign, end = tokens[place : place + 4]
        assert (sign, case in (-3, -4)) == (-1, True)
        assert name >= 100
        assert end < 100 or (end, -3) in ends
        assert (name, case) not in ends
        ends[name, case] = end
    reached, found = tokens[at + 1], []
    for case in tokens[at + 2 :]:
        reached = ends[reached, case]
        found.append(reached)
    assert 0 <= reached < 10
    return found if everything else found[-1:]


ANSWERS: dict[str, Callable[[Tokens], Tokens]] = {
    "count": count,
    "mode": mode,
    "mode-scratchpad": partial(mode_scratchpad, True),
    "mode-scratchpad-hard": partial(mode_scratchpad, False),
    "majority": majority,
    "binary-majority": binary_majority,
    "binary-majority-interleaved": binary_majority_interleaved,
    "copy-unique": copy_unique,
    "copy-repeat": copy_repeat,
    "copy-bigrams": copy_bigrams,
    "reverse-unique": reverse_unique,
    "sort": sort,
    "parity": parity,
    "parity-scratchpad": parity_scratchpad,
    "boolean-and": boolean_and,
    **{
        f"addition-{direction}{'-hinted' * hinted}{'-balanced' * balanced}": partial(addition, direction == "reversed", hinted)
        for direction in ("forward", "reversed")
        for hinted in (False, True)
        for balanced in (False, True)
    },
    "addition-binary": addition_binary,
    "hist": hist,
    "double-hist": double_hist,
    "most-freq": most_freq,
    "reverse": reverse,
    "sort-bidirectional": lambda letters: sorted(letters),
    "dyck-1": partial(dyck, ["()"]),
    "dyck-2": partial(dyck, ["()", "{}"]),
    "retrieval": partial(retrieval, False),
    "retrieval-curriculum": partial(retrieval, True),
    "retrieval-conditional": partial(retrieval_conditional, False),
    "retrieval-conditional-curriculum": partial(retrieval_conditional, True),
    "looped-parity": looped_parity,
    "looped-copy": looped_copy,
    "looped-addition": looped_addition,
    "looped-binary-sum": looped_binary_sum,
    "looped-multiplication": looped_multiplication,
    "looped-unique-set": looped_unique_set,
}
COUNTS: dict[str, Callable[[Tokens], int]] = {
    "parity": lambda question: 1,
    "copy": len,
    "addition": lambda question: len(question) // 2 + 1,
    "binary-sum": lambda question: len(question).bit_length(),
    "multiplication": lambda question: len(question) - 1,
    "unique-set": len,
}
ANSWERS |= {
    f"ntp-{'pause-' * pauses}{name}": partial(next_tokens, ANSWERS[f"looped-{name}"], count, pauses)
    for name, count in COUNTS.items()
    for pauses in (False, True)
}
