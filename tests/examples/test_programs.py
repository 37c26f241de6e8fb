"""Every RASP example against a plain Python answer: all short inputs over a small alphabet, and long random ones."""

from __future__ import annotations

import functools
import itertools
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import rasp
from tests.examples import answers

EXAMPLES = Path(__file__).parents[2] / "examples"
Answer = Callable[[str], list[Any]]

TEXTS: dict[tuple[str, str], tuple[str, Answer]] = {
    ("histogram", "histogram"): ("abc", answers.histogram),
    ("double_histogram", "double_histogram"): ("abc", answers.double_histogram),
    ("reverse", "reverse"): ("abc", lambda text: list(reversed(text))),
    ("sort", "sorted"): ("abc", lambda text: sorted(text)),
    ("most_frequent_first", "most_frequent_first"): ("abc", answers.most_frequent_first),
    ("dyck1", "dyck1"): ("()a", lambda text: answers.dyck(text, ["()"])),
    ("dyck_k", "dyck2"): ("(){}", lambda text: answers.dyck(text, ["()", "{}"])),
    ("dyck_k", "dyck3"): ("([}])", lambda text: answers.dyck(text, ["()", "{}", "[]"])),
}


@functools.cache
def program(file: str, name: str) -> rasp.SOp:
    value = rasp.load(EXAMPLES / f"{file}.rasp")[name]
    assert isinstance(value, rasp.SOp)
    return value


def short_texts(alphabet: str, *, most: int = 130) -> Iterator[str]:
    """All texts of increasing length, while they are few; then one random text of every length to 12."""
    for length in range(1, 13):
        if len(alphabet) ** length <= most:
            yield from ("".join(text) for text in itertools.product(alphabet, repeat=length))
        else:
            yield from ("".join(random.Random(seed).choices(alphabet, k=length)) for seed in range(8))


def long_texts(alphabet: str) -> list[str]:
    return ["".join(random.Random(length).choices(alphabet, k=length)) for length in (50, 255, 600)]


def balanced(pairs: list[str], length: int, seed: int) -> str:
    """A random text whose brackets match."""
    chance = random.Random(seed)
    text, closers = "", []
    while len(text) + len(closers) < length:
        if closers and chance.random() < 0.45:
            text += closers.pop()
        else:
            opener, closer = chance.choice(pairs)
            text += opener
            closers.append(closer)
    return text + "".join(reversed(closers))


@pytest.mark.parametrize(("file", "name"), TEXTS)
def test_answers(file: str, name: str) -> None:
    alphabet, answer = TEXTS[file, name]
    sop = program(file, name)
    for text in [*short_texts(alphabet), *long_texts(alphabet), *long_texts("the quick brown fox")]:
        assert sop(text) == answer(text), text


@pytest.mark.parametrize(
    ("file", "name", "pairs"),
    [("dyck1", "dyck1", ["()"]), ("dyck_k", "dyck2", ["()", "{}"]), ("dyck_k", "dyck3", ["()", "{}", "[]"])],
)
@pytest.mark.parametrize("length", [2, 9, 40, 500])
def test_matching_brackets_with_one_fault(file: str, name: str, pairs: list[str], length: int) -> None:
    sop = program(file, name)
    for seed in range(5):
        text = balanced(pairs, length, seed)
        assert sop(text)[-1] == "T"
        place = random.Random(seed).randrange(len(text))
        for damaged in (text[:place] + text[place + 1 :], text[:place] + pairs[-1][1] + text[place:]):
            assert sop(damaged) == answers.dyck(damaged, pairs), damaged


@pytest.mark.parametrize("digits", [1, 2, 3, 12, 80, 400])
def test_long_addition(digits: int) -> None:
    sop = program("long_addition", "long_addition")
    chance = random.Random(digits)
    for _ in range(10):
        left, right = (chance.randrange(10 ** chance.randint(1, digits)) for _ in range(2))
        carried = 10**digits - 1 - left if left < 10**digits else right
        for other in (right, carried, carried + 1):
            text = f"{left}+{other}"
            assert sop(text) == answers.long_addition(text), text


def test_long_addition_of_all_small_numbers() -> None:
    sop = program("long_addition", "long_addition")
    for left, right in itertools.product(range(0, 120, 13), range(0, 120, 7)):
        text = f"{left}+{right:03}"
        assert sop(text) == answers.long_addition(text), text


def knowledge(chance: random.Random, statements: int) -> str:
    """Random facts, rules and a question about few subjects and names, so that much follows from them."""

    def claim(subject: str) -> str:
        return f"{subject}{chance.choice('<<!')}{chance.choice('ABCDE')}"

    def statement() -> str:
        subject = chance.choice("abxxx")
        premises = chance.choice([0, 0, 1, 1, 2])
        if premises == 0:
            return claim(chance.choice("aaabx"))
        return "&".join(claim(subject) for _ in range(premises)) + ":" + claim(subject)

    return ",".join([*(statement() for _ in range(statements)), claim(chance.choice("ab")) + "?"])


@pytest.mark.parametrize("statements", [0, 1, 2, 5, 10, 60])
def test_logic_reasoning(statements: int) -> None:
    sop = program("logic_reasoning", "answer")
    chance = random.Random(statements)
    seen = set()
    for _ in range(30):
        text = knowledge(chance, statements)
        wanted = answers.logic(text, rounds=4)
        seen.add(wanted)
        assert sop(text) == [wanted] * len(text), text
    assert statements < 5 or len(seen) > 2


@pytest.mark.parametrize("rules", [1, 2, 3, 4, 5])
def test_logic_chains_reach_as_far_as_the_depth(rules: int) -> None:
    names = "ABCDEF"
    chain = [f"x<{names[step]}:x<{names[step + 1]}" for step in range(rules)]
    text = ",".join(["a<A", *reversed(chain), f"a<{names[rules]}?"])
    assert set(program("logic_reasoning", "answer")(text)) == {"T" if rules <= 4 else "?"}


LAYERS_AND_HEADS = {
    ("histogram", "histogram"): (1, (1,)),
    ("double_histogram", "double_histogram"): (2, (2, 1)),
    ("reverse", "reverse"): (2, (1, 1)),
    ("sort", "sorted"): (2, (1, 1)),
    ("most_frequent_first", "most_frequent_first"): (3, (2, 1, 1)),
    ("dyck1", "dyck1"): (2, (1, 1)),
    ("dyck_k", "dyck2"): (4, (1, 1, 1, 1)),
    ("dyck_k", "dyck3"): (4, (1, 1, 1, 1)),
    ("long_addition", "long_addition"): (4, (2, 1, 1, 1)),
    ("logic_reasoning", "answer"): (7, None),
}


@pytest.mark.parametrize(("file", "name"), LAYERS_AND_HEADS)
def test_layers_and_heads(file: str, name: str) -> None:
    layers, heads = LAYERS_AND_HEADS[file, name]
    measures = rasp.measure(program(file, name)).simplified
    assert measures.layers == layers
    assert heads is None or measures.heads_by_layer == heads
