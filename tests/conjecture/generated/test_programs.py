"""Generated programs: their types, their text and their values."""

from __future__ import annotations

from collections import Counter
from random import Random

import numpy as np
import pytest

import rasp
from conjecture.generated.drawing import draw
from conjecture.generated.filters import Candidate
from conjecture.generated.straight import Straight, X
from tests.conjecture.generated.programs import ALL, BEFORE, full, statement

LENGTHS = range(1, 9)


def drawn(each: int) -> list[tuple[Straight, int]]:
    """Programs of every length, each with its number of tokens."""
    randoms = [Random(f"test/{length}/{number}") for length in LENGTHS for number in range(each)]
    sizes = [random.choice((2, 4, 7, 10)) for random in randoms]
    lengths = [length for length in LENGTHS for _ in range(each)]
    return [(draw(random, length, size), size) for random, length, size in zip(randoms, lengths, sizes, strict=True)]


def test_the_interpreter_has_the_same_values() -> None:
    inputs = np.random.default_rng(0)
    seen: Counter[str] = Counter()
    for program, size in drawn(40):
        tokens = inputs.integers(0, size, (4, inputs.integers(1, 46))).astype(np.int32)
        function = rasp.loads(program.text(), dialect="rasp-l")["label"]
        for row, wanted in zip(tokens.tolist(), program.values(tokens)[-1].tolist(), strict=True):
            assert list(map(int, function(row))) == wanted, program.text()
        seen.update(one.operation.text for one in program.statements)
    assert set(seen) == {one.text for one in ALL}


@pytest.mark.parametrize("length", LENGTHS)
def test_length_and_use_of_statements(length: int) -> None:
    for number in range(20):
        program = draw(Random(number), length, 6)
        assert program.length == length
        assert program.text().count("\n") == length + 1
        assert not list(program.unused())


def test_the_text_is_straight_line_code() -> None:
    both = statement("{a[0]} &", 1, 2)
    program = Straight((BEFORE, statement("has_seen", 0, full(3)), statement("{a[0]} < {a[1]}", X, 0), both))
    assert program.text() == (
        "def label(x):\n    a = shift_right(x, 1, default=0)\n    b = has_seen(a, full(x, 3))\n    c = x < a\n    return b & c\n"
    )
    assert program.values(np.array([[3, 5, 4, 3]], np.int32))[-1].tolist() == [[0, 0, 1, 1]]


def test_a_program_is_that_of_its_length_and_number() -> None:
    first, again, other = Candidate.drawn(5, 12), Candidate.drawn(5, 12), Candidate.drawn(5, 13)
    assert first == again
    assert first.text("a") == again.text("a") != other.text("a")
    assert np.array_equal(first.inputs, again.inputs)
