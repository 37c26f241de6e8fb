"""What the example programs should answer, in plain Python, written without looking at how the programs do it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise


def histogram(text: str) -> list[int]:
    return [text.count(token) for token in text]


def double_histogram(text: str) -> list[int]:
    occurrences = Counter(text)
    return [sum(1 for other in occurrences if occurrences[other] == occurrences[token]) for token in text]


def most_frequent_first(text: str) -> list[str]:
    different = sorted(dict.fromkeys(text), key=lambda token: -text.count(token))
    return different + ["-"] * (len(text) - len(different))


def dyck(text: str, pairs: Sequence[str]) -> list[str]:
    openers = {pair[1]: pair[0] for pair in pairs}
    stack: list[str] = []
    verdicts: list[str] = []
    wrong = False
    for token in text:
        if token in openers.values():
            stack.append(token)
        elif token in openers:
            wrong = wrong or not stack or stack.pop() != openers[token]
        verdicts.append("F" if wrong else "P" if stack else "T")
    return verdicts


def long_addition(text: str) -> list[int]:
    left, right = text.split("+")
    total = str(int(left) + int(right))
    return [int(digit) for digit in total.rjust(len(text), "0")]


def logic(text: str, rounds: int) -> str:
    """Forward chaining about the asked subject, all rules at once in each round."""
    *statements, question = text.split(",")
    known, rules = set(), []
    for statement in statements:
        *premises, conclusion = [part for half in statement.split(":") for part in half.split("&")]
        if conclusion[0] not in ("x", question[0]):
            continue
        if premises:
            rules.append(({premise[1:] for premise in premises}, conclusion[1:]))
        else:
            known.add(conclusion[1:])
    for _ in range(rounds):
        known |= {conclusion for premises, conclusion in rules if premises <= known}
    claim = question[1:3]
    opposite = {"<": "!", "!": "<"}[claim[0]] + claim[1]
    return {(True, True): "!", (True, False): "T", (False, True): "F", (False, False): "?"}[claim in known, opposite in known]


def most_frequent_last_to_get_there(symbols: Sequence[int]) -> int:
    counts: Counter[int] = Counter()
    best, best_count = symbols[0], 0
    for symbol in symbols:
        counts[symbol] += 1
        if counts[symbol] >= best_count:
            best, best_count = symbol, counts[symbol]
    return best


def hinted(digits: Sequence[int]) -> list[tuple[int, int]]:
    return [(-100 - place, digit) for place, digit in enumerate(digits)]


def flat(pairs: Sequence[tuple[int, int]]) -> list[int]:
    return [token for pair in pairs for token in pair]


def addition(left: int, right: int, *, backwards: bool) -> tuple[list[int], list[int]]:
    """The prompt and the answer of the two addition programs."""
    width = len(str(max(left, right))) + 1
    numbers = [hinted([int(digit) for digit in str(number).zfill(width)]) for number in (left, right, left + right)]
    prompt = [-1, *flat(numbers[0]), -2, *flat(numbers[1]), -3]
    return prompt, [*flat(numbers[2][::-1] if backwards else numbers[2]), -5]


def binary_addition(left: int, right: int) -> tuple[list[int], list[int]]:
    numbers = [[int(bit) for bit in f"{number:b}"] for number in (left, right, left + right)]
    return [-1, *numbers[0], -2, *numbers[1], -3], [*numbers[2], -5]


def parity(bits: Sequence[int]) -> tuple[list[int], list[int]]:
    running, scratchpad = 0, []
    for hint, bit in hinted(bits):
        if bit:
            running = 1 - running
            scratchpad += [hint, running]
    return [*flat(hinted(bits)), -3], [*scratchpad, -4, running, -5]


def continued(prompt: Sequence[int], steps: int) -> list[int]:
    """What the induction program makes of a prompt, in at most so many steps."""
    tokens = list(prompt)
    for _ in range(steps):
        followers = [after for before, after in pairwise(tokens) if before == tokens[-1]]
        tokens.append(followers[-1] if followers else -1)
        if tokens[-1] == -1:
            break
    return tokens[len(prompt) :]


def turns_of_three(bits: Sequence[int]) -> list[int]:
    """The majorities of three sequences that take turns."""
    return [most_frequent(bits[turn::3]) for turn in range(3)]


def most_frequent(symbols: Sequence[int]) -> int:
    (best, count), *others = Counter(symbols).most_common(2)
    assert not others or others[0][1] < count
    return best


def plain_addition(left: int, right: int, *, backwards: bool) -> tuple[list[int], list[int]]:
    """The prompt and the answer of the two addition programs that have no hints."""
    width = len(str(max(left, right))) + 1
    numbers = [[int(digit) for digit in str(number).zfill(width)] for number in (left, right, left + right)]
    prompt = [-1, *numbers[0], -2, *numbers[1], -3]
    return prompt, [*(reversed(numbers[2]) if backwards else numbers[2]), -5]


def mode_with_counts(symbols: Sequence[int], *, by_count: bool) -> list[int]:
    """The answer of the two programs for the mode that write a scratchpad."""
    counts = [(symbols.count(symbol), symbol) for symbol in dict.fromkeys(symbols)]
    if by_count:
        counts.sort(key=lambda pair: (pair[0], -pair[1]))
    return [*flat(counts), -3, most_frequent(symbols), -2]
