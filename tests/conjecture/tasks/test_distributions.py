"""What the distributions of the tasks promise, on some hundred samples each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise, product
from string import ascii_lowercase
from typing import Any

import pytest

from conjecture.errors import LabError
from conjecture.solved import questions
from conjecture.tasks import all_tasks
from tests.conjecture.tasks.answers import Tokens, binary_operands, longest_carry, operands
from tests.conjecture.tasks.lengths import longest

SAMPLES = 600


def drawn(name: str, length: int) -> list[tuple[Tokens, Tokens]]:
    """Prompts and answers; always the same ones."""
    task = all_tasks()[name]
    (found,) = questions(task, longest(task), [(length, length)], SAMPLES, seed=length)
    return [(question.prompt, question.answer) for question in found]


def prompts(name: str, length: int) -> list[Tokens]:
    return [prompt for prompt, _ in drawn(name, length)]


def answers(name: str, length: int) -> list[Tokens]:
    return [answer for _, answer in drawn(name, length)]


def check_shares(values: Iterable[Any], shares: dict[Any, float]) -> None:
    """Each value occurs as often as it should, within five standard deviations; others never."""
    found = Counter(values)
    total = found.total()
    assert found.keys() <= shares.keys()
    for value, share in shares.items():
        assert abs(found[value] / total - share) <= 5 * (share * (1 - share) / total) ** 0.5


def uniform(values: Iterable[Any]) -> dict[Any, float]:
    different = list(values)
    return dict.fromkeys(different, 1 / len(different))


def test_count_begins_anywhere() -> None:
    check_shares([first for _, first, _ in prompts("count", 5)], uniform(range(116)))


@pytest.mark.parametrize(("length", "ones"), [(1, [0, 1]), (2, [0, 2]), (3, range(4)), (6, [0, 1, 2, 4, 5, 6])])
def test_numbers_of_ones_in_uneven_bits(length: int, ones: Iterable[int]) -> None:
    bits = [prompt[:-1] for prompt in prompts("binary-majority", length)]
    check_shares(map(sum, bits), uniform(ones))
    check_shares([place for prompt in bits for place in range(length) if prompt[place]], uniform(range(length)))


def test_the_bits_of_three_turns() -> None:
    for length in (3, 4, 5):
        assert {len(prompt) for prompt in prompts("binary-majority-interleaved", length)} == {4}
    majorities = [tuple(answer[:3]) for answer in answers("binary-majority-interleaved", 5)]
    check_shares(majorities, uniform(product((0, 1), repeat=3)))


@pytest.mark.parametrize("name", ["parity", "parity-scratchpad"])
def test_number_of_ones_of_parity(name: str) -> None:
    check_shares([prompt.count(1) for prompt in prompts(name, 7)], uniform(range(8)))


def test_hints_of_parity_begin_anywhere() -> None:
    check_shares([prompt[0] for prompt in prompts("parity-scratchpad", 7)], uniform(range(-153, -99)))


def test_half_of_boolean_and_has_a_zero() -> None:
    shares = {tuple(int(place != zero) for place in range(5)): 0.1 for zero in range(5)}
    check_shares([tuple(prompt[:-1]) for prompt in prompts("boolean-and", 5)], shares | {(1, 1, 1, 1, 1): 0.5})


def test_five_symbols_of_the_mode() -> None:
    assert {len(set(prompt)) for prompt in prompts("mode", 60)} == {6}  # and the separator
    check_shares([answer[0] for answer in answers("mode", 60)], uniform(range(26)))


@pytest.mark.parametrize(("name", "symbols"), [("majority", 26), ("mode-scratchpad", 5)])
def test_sequences_with_a_winner_are_as_if_drawn_until_there_is_one(name: str, symbols: int) -> None:
    leads = []
    for prompt in prompts(name, 12):
        (_, best), *others = Counter(prompt[:-1]).most_common(2)
        leads.append(best - (others[0][1] if others else 0))
    check_shares(leads, leads_of_uniform_sequences(symbols, 12))


def leads_of_uniform_sequences(symbols: int, length: int) -> dict[int, float]:
    """How likely each lead of the most frequent symbol is, if there is one, by adding one symbol after the other."""
    ways = {(0, 0, 0): 1.0}  # by places taken, greatest count, second greatest
    for _ in range(symbols):
        after: defaultdict[tuple[int, int, int], float] = defaultdict(float)
        for (taken, best, second), number in ways.items():
            chosen = 1.0
            for count in range(length - taken + 1):
                _, middle, top = sorted((best, second, count))
                after[taken + count, top, middle] += number * chosen
                chosen *= (length - taken - count) / (count + 1)
        ways = after
    leads: defaultdict[int, float] = defaultdict(float)
    for (taken, best, second), number in ways.items():
        if taken == length and best > second:
            leads[best - second] += number
    return {lead: number / sum(leads.values()) for lead, number in leads.items()}


@pytest.mark.parametrize("name", ["copy-unique", "reverse-unique", "sort"])
def test_all_numbers_occur_at_every_place(name: str) -> None:
    for place in (0, 1, 2):
        numbers = [[token for token in prompt if token >= 0][place] for prompt in prompts(name, 3)]
        check_shares(numbers, uniform(range(60)))


def test_bigrams() -> None:
    copied = [prompt[1:-1] for prompt in prompts("copy-bigrams", 12)]
    for place in range(12):
        check_shares([numbers[place] for numbers in copied], uniform(range(10)))
    assert any(before == after for numbers in copied for before, after in pairwise(numbers))
    assert sum(len(set(numbers)) < len(numbers) for numbers in copied) > 0.98 * SAMPLES


def test_bigrams_are_enough_for_the_longest() -> None:
    task = all_tasks()["copy-bigrams"]
    (found,) = questions(task, 101, [(101, 101)], 20)
    for question in found:
        assert len(set(pairwise(question.prompt[1:-1]))) == 100
    with pytest.raises(LabError, match="up to a length of 101, not 102"):
        task.room(102)


def test_uniform_digits() -> None:
    numbers = [operands(prompt, False) for prompt in prompts("addition-forward", 4)]
    for place in range(1, 5):
        check_shares([(left[place], right[place]) for left, right in numbers], uniform(product(range(10), repeat=2)))
    assert sum(longest_carry(prompt, False) > 3 for prompt in prompts("addition-forward", 8)) < 0.02 * SAMPLES


@pytest.mark.parametrize("length", [1, 2, 8, 32])
def test_balanced_carries(length: int) -> None:
    check_shares(
        [longest_carry(prompt, False) for prompt in prompts("addition-reversed-balanced", length)], uniform(range(length + 1))
    )


@pytest.mark.parametrize(("low", "high"), [(0, 8), (9, 9), (10, 18)])
def test_digits_of_balanced_carries(low: int, high: int) -> None:
    """The columns that absorb a carry, pass it on, and give one, are uniform among those that do."""
    numbers = [operands(prompt, False) for prompt in prompts("addition-forward-balanced", 8)]
    columns = [pair for left, right in numbers for pair in zip(left[1:], right[1:], strict=True)]
    pairs = [pair for pair in product(range(10), repeat=2) if low <= sum(pair) <= high]
    check_shares([pair for pair in columns if low <= sum(pair) <= high], uniform(pairs))


def test_binary_numbers_have_all_lengths_that_fit() -> None:
    numbers = [binary_operands(prompt) for prompt in prompts("addition-binary", 8)]
    check_shares([(len(left), len(right)) for left, right in numbers], uniform((size, 6 - size) for size in range(1, 6)))
    for place in (1, 2):
        check_shares([left[place] for left, _ in numbers if len(left) > place], uniform((0, 1)))
    check_shares([right for _, (right, *others) in numbers if not others], uniform((0, 1)))


def test_letters_are_of_few_kinds() -> None:
    assert set(range(1, 10)) <= {max(answer) for answer in answers("hist", 12)}
    assert sum(max(answer) > 12 for answer in answers("hist", 48)) < 0.1 * SAMPLES
    check_shares([prompt[0] for prompt in prompts("hist", 12)], uniform(ascii_lowercase))


@pytest.mark.parametrize("name", ["reverse", "sort-bidirectional"])
def test_letters_are_uniform(name: str) -> None:
    check_shares([letter for prompt in prompts(name, 5) for letter in prompt], uniform(ascii_lowercase))


@pytest.mark.parametrize("length", [12, 48])
@pytest.mark.parametrize(("name", "parity"), [("dyck-1", 2), ("dyck-2", 1)])
def test_verdicts_on_brackets(name: str, parity: int, length: int) -> None:
    """One kind of bracket can't go wrong at the second, fourth, ... place."""
    verdicts = ["".join(answer) for answer in answers(name, length)]
    assert 0.5 * SAMPLES < sum("F" not in text for text in verdicts) < 0.8 * SAMPLES
    assert {text.find("F") for text in verdicts} == {-1, *range(0, length, parity)}
    shares = {verdict: "".join(verdicts).count(verdict) / (SAMPLES * length) for verdict in "PTF"}
    assert 0.6 < shares["P"] < 0.75
    assert shares["T"] > 0.07
    assert shares["F"] > 0.12
