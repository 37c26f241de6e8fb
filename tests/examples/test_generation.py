"""Every RASP-L example gives the whole right answer, to its stop token, at lengths up to hundreds of tokens.

All programs but one see earlier tokens only, so one pass over prompt and answer shows every token that generation would choose; a
pass costs as much as one generated token. Each test generates for real at least once, too.
"""

from __future__ import annotations

import functools
import itertools
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import compiler
import rasp
from tests.examples import answers

EXAMPLES = Path(__file__).parents[2] / "examples"
LENGTHS = [1, 2, 3, 4, 7, 12, 60]


@functools.cache
def program(file: str) -> Any:
    return rasp.load(EXAMPLES / f"{file}.raspl")["next_token"]


def check(file: str, prompt: list[int], answer: list[int]) -> None:
    """The answer is what the program says after each of its prefixes, and holds its stop token at the end only."""
    assert program(file)(prompt + answer[:-1])[len(prompt) - 1 :] == answer
    assert answer.index(answer[-1]) == len(answer) - 1


def check_generation(file: str, prompt: list[int], answer: list[int]) -> None:
    check(file, prompt, answer)
    assert program(file).generate(prompt, stop=answer[-1], max_new_tokens=len(answer) + 5) == prompt + answer


EXAMPLES_OF_THE_FILES = {
    "count": ([-1, 3, 6], [3, 4, 5, 6, -2]),
    "mode": ([4, 7, 4, 9, -1], [4, -2]),
    "copy": ([-1, 7, 3, 5, -2], [7, 3, 5, -3]),
    "sort": ([5, 2, 8, 2, -1], [2, 2, 5, 8, -2]),
    "addition_reversed": ([-1, -100, 0, -101, 8, -2, -100, 0, -101, 7, -3], [-101, 5, -100, 1, -5]),
    "addition_forward": ([-1, -100, 0, -101, 8, -2, -100, 0, -101, 7, -3], [-100, 1, -101, 5, -5]),
    "parity_scratchpad": ([-100, 1, -101, 0, -102, 1, -3], [-100, 1, -102, 0, -4, 0, -5]),
    "boolean_and": ([1, 1, 0, 1, -1], [0, -2]),
    "induction": ([5, 8, 6, 9, -1, 8], [6, 9, -1]),
    "retrieval": ([100, -1, 7, 101, -1, 100, -2, 101], [7, -3]),
    "copy_repeat": ([-1, 0, 1, 1, -2], [0, 1, 1, -3]),
    "copy_bigrams": ([-1, 3, 5, 3, 3, 8, 5, -2], [3, 5, 3, 3, 8, 5, -3]),
    "reverse_unique": ([-1, 7, 3, 5, -2], [5, 3, 7, -3]),
    "parity": ([1, 0, 1, 1, -1], [1, -2]),
    "binary_majority": ([1, 0, 1, 1, -1], [1, -2]),
    "interleaved_majority": ([1, 0, 1, 1, 0, 0, 0, 0, 1, -1], [1, 0, 1, -2]),
    "addition_plain_forward": ([-1, 0, 8, -2, 0, 7, -3], [1, 5, -5]),
    "addition_plain_reversed": ([-1, 0, 8, -2, 0, 7, -3], [5, 1, -5]),
    "addition_binary": ([-1, 1, 1, -2, 1, 0, 1, -3], [1, 0, 0, 0, -5]),
    "mode_scratchpad": ([-12, -10, -12, -11, -1], [1, -10, 1, -11, 2, -12, -3, -12, -2]),
    "mode_scratchpad_hard": ([-12, -10, -12, -11, -1], [2, -12, 1, -10, 1, -11, -3, -12, -2]),
    "ntp/parity": ([1, 0, 1, 1, -1], [1, -3]),
    "ntp/copy": ([1, 0, 1, -1], [1, 0, 1, -3]),
    "ntp/addition": ([1, 1, -2, 0, 1, -1], [1, 0, 0, -3]),
    "ntp/binary_sum": ([1, 0, 1, 1, -1], [1, 1, 0, -3]),
    "ntp/multiplication": ([1, 1, -2, 1, 0, -1], [0, 1, 1, 0, -3]),
    "ntp/unique_set": ([7, 3, 7, 5, -1], [7, 3, 5, -1, -3]),
}


@pytest.mark.parametrize("file", EXAMPLES_OF_THE_FILES)
def test_the_example_of_the_comment(file: str) -> None:
    prompt, answer = EXAMPLES_OF_THE_FILES[file]
    if file != "ntp/binary_sum":  # whose loop is for the last token only
        check(file, prompt, answer)
    assert program(file).generate(prompt, stop=answer[-1], max_new_tokens=len(answer) + 5) == prompt + answer
    text = (EXAMPLES / f"{file}.raspl").read_text(encoding="utf-8")
    assert f"{' '.join(map(str, prompt))} is continued by {' '.join(map(str, answer))}\n" in text


@pytest.mark.parametrize(
    ("file", "prompt", "answer"),
    [
        ("count", [-1, 20, 80], [*range(20, 81), -2]),
        ("copy", [-1, *range(60, 0, -1), -2], [*range(60, 0, -1), -3]),
        ("sort", [*range(40, 0, -1), 3, -1], [1, 2, 3, *range(3, 41), -2]),
        ("addition_reversed", *answers.addition(98765432109876, 12345678901234, backwards=True)),
        ("addition_forward", *answers.addition(98765432109876, 1234567890124, backwards=False)),
        ("parity_scratchpad", *answers.parity([1, 0, 1, 1, 0] * 6)),
        ("induction", [*range(50), -1, 9], [*range(10, 50), -1]),
        ("copy_repeat", [-1, *[1, 0, 0] * 12, -2], [*[1, 0, 0] * 12, -3]),
        ("copy_bigrams", [-1, *range(9), *range(9, -1, -1), 7, -2], [*range(9), *range(9, -1, -1), 7, -3]),
        ("reverse_unique", [-1, *range(0, 90, 2), -2], [*range(88, -1, -2), -3]),
        ("interleaved_majority", [*[1, 0, 1] * 20, 1, 0, 0, -1], [1, 0, 1, -2]),
        ("addition_plain_forward", *answers.plain_addition(98765432109876, 1234567890124, backwards=False)),
        ("addition_plain_reversed", *answers.plain_addition(98765432109876, 12345678901234, backwards=True)),
    ],
)
def test_longer_answers_are_generated(file: str, prompt: list[int], answer: list[int]) -> None:
    check_generation(file, prompt, answer)


@pytest.mark.parametrize("length", [0, 1, 2, 5, 20, 150])
def test_count(length: int) -> None:
    for first in (0, 1, 9, 77):
        check("count", [-1, first, first + length], [*range(first, first + length + 1), -2])


@pytest.mark.parametrize("length", [*LENGTHS, 400])
def test_mode(length: int) -> None:
    for seed in range(8):
        symbols = random.Random(seed).choices([0, 1, 2, 3, 17], k=length)
        check("mode", [*symbols, -1], [answers.most_frequent_last_to_get_there(symbols), -2])


@pytest.mark.parametrize("length", [0, *LENGTHS, 150])
def test_copy(length: int) -> None:
    for seed in range(3):
        tokens = random.Random(seed).sample(range(200), length)
        check("copy", [-1, *tokens, -2], [*tokens, -3])


@pytest.mark.parametrize("length", [0, *LENGTHS, 150])
def test_sort(length: int) -> None:
    for seed in range(3):
        numbers = random.Random(seed).choices(range(max(1, 2 * length // (seed + 1))), k=length)
        check("sort", [*numbers, -1], [*sorted(numbers), -2])


def test_sort_of_all_short_inputs() -> None:
    for length in range(1, 5):
        for numbers in itertools.product(range(3), repeat=length):
            check("sort", [*numbers, -1], [*sorted(numbers), -2])


@pytest.mark.parametrize("file", ["addition_reversed", "addition_forward"])
@pytest.mark.parametrize("digits", [1, 2, 3, 10, 80, 250])
def test_addition(file: str, digits: int) -> None:
    chance = random.Random(digits)
    for _ in range(3):
        left, right = chance.randrange(10**digits), chance.randrange(10**digits)
        for other in (right, 10**digits - 1 - left, 10**digits - left):
            check(file, *answers.addition(left, other, backwards=file == "addition_reversed"))


@pytest.mark.parametrize("file", ["addition_reversed", "addition_forward"])
def test_addition_of_all_digits(file: str) -> None:
    for left, right in itertools.product(range(0, 100, 9), range(0, 10, 2)):
        check(file, *answers.addition(left, right, backwards=file == "addition_reversed"))


@pytest.mark.parametrize("length", [0, *LENGTHS, 120])
def test_parity(length: int) -> None:
    for seed in range(4):
        check("parity_scratchpad", *answers.parity(random.Random(seed).choices([0, 1], k=length)))


def test_parity_of_all_short_inputs() -> None:
    for length in range(1, 6):
        for bits in itertools.product([0, 1], repeat=length):
            check("parity_scratchpad", *answers.parity(bits))


@pytest.mark.parametrize("length", [0, *LENGTHS, 300])
def test_boolean_and(length: int) -> None:
    for zeros in range(3):
        bits = [1] * length
        for place in random.Random(length).sample(range(length), min(zeros, length)):
            bits[place] = 0
        check("boolean_and", [*bits, -1], [int(all(bits)), -2])


@pytest.mark.parametrize("length", LENGTHS)
def test_induction(length: int) -> None:
    for seed in range(6):
        chance = random.Random(seed)
        line = chance.sample(range(100), length)
        place = chance.randrange(length)
        check("induction", [*line, -1, line[place]], [*line[place + 1 :], -1])
        prompt = [*chance.choices([0, 1, 2, 3, -1], k=length), chance.randrange(5)]
        generated = program("induction").generate(prompt, stop=-1, max_new_tokens=20)
        assert generated[len(prompt) :] == answers.continued(prompt, 20)


def chains(seed: int, hops: int, distractors: int) -> tuple[list[int], int]:
    """A prompt with several interleaved chains of assignments, and the value of the last variable of the first."""
    chance = random.Random(seed)
    names = iter(chance.sample(range(100, 400), (distractors + 1) * hops))
    last = {chain: chance.randrange(100) for chain in range(distractors + 1)}
    asked = last[0]
    order = [chain for chain in last for _ in range(hops)]
    chance.shuffle(order)
    prompt: list[int] = []
    for chain in order:
        name = next(names)
        prompt += [name, -1, last[chain]]
        last[chain] = name
    return [*prompt, -2, last[0]], asked


@pytest.mark.parametrize("hops", [1, 2, 3, 7, 14, 15])
@pytest.mark.parametrize("distractors", [0, 1, 6])
def test_retrieval(hops: int, distractors: int) -> None:
    for seed in range(3):
        prompt, value = chains(seed, hops, distractors)
        check("retrieval", prompt, [value, -3])


def test_retrieval_stops_at_fifteen_hops() -> None:
    prompt, value = chains(0, 16, 0)
    assert program("retrieval").generate(prompt, stop=-3)[len(prompt)] != value


@pytest.mark.parametrize("length", [0, *LENGTHS, 250])
def test_copy_repeat(length: int) -> None:
    for seed in range(4):
        tokens = random.Random(seed).choices(range(2 + seed), k=length)
        check("copy_repeat", [-1, *tokens, -2], [*tokens, -3])


@pytest.mark.parametrize("length", [0, *LENGTHS, 150])
def test_reverse_unique(length: int) -> None:
    for seed in range(3):
        tokens = random.Random(seed).sample(range(200), length)
        check("reverse_unique", [-1, *tokens, -2], [*reversed(tokens), -3])


def without_repeated_bigrams(tokens: Sequence[int]) -> list[int]:
    """As many of the tokens as go before a pair of neighbours occurs again."""
    seen: set[tuple[int, int]] = set()
    for place, pair in enumerate(itertools.pairwise(tokens)):
        if pair in seen:
            return list(tokens[: place + 1])
        seen.add(pair)
    return list(tokens)


def test_copy_bigrams() -> None:
    lengths = set()
    for seed in range(150):
        chance = random.Random(seed)
        tokens = without_repeated_bigrams(chance.choices(range(seed % 10 + 1), k=chance.choice([0, 1, 2, 5, 90])))
        lengths.add(len(tokens))
        check("copy_bigrams", [-1, *tokens, -2], [*tokens, -3])
    assert {0, 1, 2, 5, 10} < lengths


def test_copy_bigrams_with_all_pairs() -> None:
    tokens = [
        token for first in range(10) for token in (first, *answers.flat([(first, later) for later in range(first + 1, 10)]))
    ]
    tokens.append(0)
    assert len(set(itertools.pairwise(tokens))) == len(tokens) - 1 == 100
    check("copy_bigrams", [-1, *tokens, -2], [*tokens, -3])


@pytest.mark.parametrize("length", [0, *LENGTHS, 300])
def test_parity_at_once(length: int) -> None:
    for seed in range(6):
        bits = random.Random(seed).choices([0, 1], k=length)
        check("parity", [*bits, -1], [sum(bits) % 2, -2])


def with_a_winner(chance: random.Random, symbols: Sequence[int], length: int) -> list[int]:
    """Random symbols of which one is more frequent than any other."""
    while True:
        drawn = chance.choices(symbols, k=length)
        counts = sorted(Counter(drawn).values())
        if len(counts) == 1 or counts[-1] > counts[-2]:
            return drawn


@pytest.mark.parametrize("length", [*LENGTHS, 300])
def test_binary_majority(length: int) -> None:
    for seed in range(6):
        bits = with_a_winner(random.Random(seed), [0, 1], length)
        check("binary_majority", [*bits, -1], [answers.most_frequent(bits), -2])


@pytest.mark.parametrize("length", [*LENGTHS, 100])
def test_interleaved_majority(length: int) -> None:
    for seed in range(8):
        chance = random.Random(seed)
        turns = zip(*(with_a_winner(chance, [0, 1], length) for _ in range(3)), strict=True)
        bits = [bit for turn in turns for bit in turn]
        check("interleaved_majority", [*bits, -1], [*answers.turns_of_three(bits), -2])


@pytest.mark.parametrize("file", ["addition_plain_reversed", "addition_plain_forward"])
@pytest.mark.parametrize("digits", [1, 2, 3, 10, 80, 250])
def test_plain_addition(file: str, digits: int) -> None:
    chance = random.Random(digits)
    for _ in range(3):
        left, right = chance.randrange(10**digits), chance.randrange(10**digits)
        for other in (right, 10**digits - 1 - left, 10**digits - left):
            check(file, *answers.plain_addition(left, other, backwards=file == "addition_plain_reversed"))


@pytest.mark.parametrize("file", ["addition_plain_reversed", "addition_plain_forward"])
def test_plain_addition_of_all_digits(file: str) -> None:
    for left, right in itertools.product(range(0, 100, 9), range(0, 10, 2)):
        check(file, *answers.plain_addition(left, right, backwards=file == "addition_plain_reversed"))


@pytest.mark.parametrize("bits", [1, 2, 3, 10, 80, 250])
def test_binary_addition(bits: int) -> None:
    chance = random.Random(bits)
    for size in {1, bits // 2 + 1, bits}:
        left, right = chance.getrandbits(bits), chance.getrandbits(size)
        for other in (right, 2**bits - 1 - left, 2**bits - left):
            check("addition_binary", *answers.binary_addition(left, other))
            check("addition_binary", *answers.binary_addition(other, left))


def test_binary_addition_of_small_numbers_by_what_stands_before_each_token() -> None:
    """The program looks ahead, so only the last value of an input is an answer to it."""
    for left, right in itertools.product(range(9), repeat=2):
        prompt, answer = answers.binary_addition(left, right)
        assert program("addition_binary").generate(prompt, stop=-5, max_new_tokens=len(answer) + 5) == prompt + answer


@pytest.mark.parametrize("by_count", [True, False])
@pytest.mark.parametrize("length", [*LENGTHS, 250])
def test_mode_with_counts(length: int, by_count: bool) -> None:
    file = "mode_scratchpad" if by_count else "mode_scratchpad_hard"
    for seed in range(10):
        symbols = with_a_winner(random.Random(seed), [-10, -11, -12, -13, -14][: seed // 2 + 1], length)
        check(file, [*symbols, -1], answers.mode_with_counts(symbols, by_count=by_count))


def test_mode_with_counts_in_the_order_of_occurrence_takes_any_alphabet() -> None:
    symbols = [*range(-10, -60, -1), -33, *range(-90, -60)]
    check("mode_scratchpad_hard", [*symbols, -1], answers.mode_with_counts(symbols, by_count=False))


SYMBOLS = [-10, -11, -12, -13, -14]

# The tokens of the program, and one more input beside the example of the comment.
COMPILED = {
    "copy_repeat": ([0, 1, -1, -2, -3], ([-1, 0, 0, 0, 1, 0, 0, 1, 1, -2], [0, 0, 0, 1, 0, 0, 1, 1, -3])),
    "copy_bigrams": ([*range(10), -1, -2, -3], ([-1, 0, 0, 9, 9, 0, 1, -2], [0, 0, 9, 9, 0, 1, -3])),
    "reverse_unique": ([*range(10), -1, -2, -3], ([-1, *range(10), -2], [*range(9, -1, -1), -3])),
    "parity": ([0, 1, -1, -2], ([1, 0, 1, 1, 1, 0, 0, 0, -1], [0, -2])),
    "binary_majority": ([0, 1, -1, -2], ([1, 1, 0, 0, 0, 1, 0, -1], [0, -2])),
    "interleaved_majority": ([0, 1, -1, -2], ([0, 1, 0, -1], [0, 1, 0, -2])),
    "addition_plain_forward": ([*range(10), -1, -2, -3, -5], answers.plain_addition(52604, 47396, backwards=False)),
    "addition_plain_reversed": ([*range(10), -1, -2, -3, -5], answers.plain_addition(52604, 47396, backwards=True)),
    "mode_scratchpad": (
        [*SYMBOLS, *range(1, 8), -1, -2, -3],
        ([*SYMBOLS, -11, -1], answers.mode_with_counts([*SYMBOLS, -11], by_count=True)),
    ),
    "mode_scratchpad_hard": (
        [*SYMBOLS, *range(1, 8), -1, -2, -3],
        ([*SYMBOLS, -11, -1], answers.mode_with_counts([*SYMBOLS, -11], by_count=False)),
    ),
}


MANY_LAYERS = ("mode_scratchpad", "mode_scratchpad_hard", "addition_plain_reversed")


@pytest.mark.parametrize(
    "file", [pytest.param(file, marks=pytest.mark.slow) if file in MANY_LAYERS else file for file in COMPILED]
)
def test_compiled(file: str) -> None:
    vocabulary, another = COMPILED[file]
    model = compiler.compile(program(file), vocab=vocabulary, max_length=24, causal=True)
    for prompt, answer in (EXAMPLES_OF_THE_FILES[file], another):
        assert model.generate(prompt, stop=answer[-1]) == prompt + answer


def test_compiled_binary_addition() -> None:
    """A model that looks ahead does not generate; it names the token after what it is given."""
    model = compiler.compile(program("addition_binary"), vocab=[0, 1, -1, -2, -3, -5], max_length=24)
    for left, right in [(0b11, 0b101), (0b101101, 0b10011), (0, 0), (1, 0b1111111), (0b1010101, 0b101011)]:
        prompt, answer = answers.binary_addition(left, right)
        assert [model(prompt + answer[:place])[-1] for place in range(len(answer))] == answer
