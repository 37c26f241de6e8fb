"""Tasks made from a program and a sampler of inputs or prompts."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from jax import Array, random

from conjecture.alphabet import Alphabet
from conjecture.errors import LabError
from conjecture.from_program import continued_by_program, task_from_program
from conjecture.task_type import Key, Program
from rasp.generate import generate
from tests.conjecture.generated.samples import samples

DIGITS = Alphabet.of(range(5))


def digits(key: Key, length: Array, longest: int) -> Array:
    return random.randint(key, (longest,), 0, 5)


def letters(key: Key, length: Array, longest: int) -> Array:
    return random.randint(key, (longest,), ord("a"), ord("d"))


def two_numbers(key: Key, length: Array, longest: int) -> tuple[Array, int]:
    """A prompt for an answer of a length."""
    first = random.randint(key, (), 0, longest - length + 1)
    return jnp.stack([jnp.array(-1), first, first + length - 1]), 3


def test_labels_of_a_program_given_as_text() -> None:
    task = task_from_program("def label(x):\n    return maximum(x) == x\n", digits, DIGITS, name="record")
    assert task.program == Program("record.raspl", "label", task.program.text)
    assert task.outputs(20) == Alphabet((0, 1))
    drawn = samples(task, np.arange(1, 21), 20)
    for row in range(20):
        tokens = drawn.tokens[row, : row + 1].tolist()
        assert drawn.targets[row, : row + 1].tolist() == [max(tokens[: place + 1]) == token for place, token in enumerate(tokens)]
    assert len({tuple(row) for row in drawn.tokens[:, :5].tolist()}) > 15  # each key has inputs of its own


def test_labels_of_a_program_that_looks_ahead() -> None:
    alphabet = Alphabet.of("abc")
    task = task_from_program(Program("histogram.rasp", "histogram"), letters, alphabet, causal=False)
    assert set(range(1, 9)) <= set(task.outputs(8).codes)
    drawn = samples(task, np.arange(1, 9), 8)
    for row in range(8):
        tokens = drawn.tokens[row, : row + 1].tolist()
        assert drawn.targets[row, : row + 1].tolist() == [tokens.count(token) for token in tokens]


def test_answers_are_the_interpreters() -> None:
    longest = 12
    task = continued_by_program(
        Program("count.raspl"),
        two_numbers,
        lambda longest: Alphabet.of((-2, *range(longest), -1)),
        stop=-2,
        longest_answer=lambda longest: longest + 1,
        name="count-by-program",
    )
    assert task.room(longest) == 3 + longest + 1
    drawn = samples(task, np.arange(1, longest + 1), longest)
    for row in range(longest):
        prompt = drawn.tokens[row, :3].tolist()
        length = int(drawn.length[row])
        whole = generate(task.program.sop(), prompt, stop=-2)
        assert [*drawn.tokens[row, :length].tolist(), -2] == whole
        assert whole == [*prompt, *range(prompt[1], prompt[2] + 1), -2]
        assert np.flatnonzero(drawn.asked[row]).tolist() == list(range(2, length))
        assert drawn.targets[row, 2:length].tolist() == whole[3:]


def test_answers_that_do_not_end_are_refused() -> None:
    task = continued_by_program(
        "def next_token(x):\n    return x\n", two_numbers, Alphabet.of((*range(9), -1)), stop=8, longest_answer=lambda longest: 4
    )
    with pytest.raises(LabError, match="does not end within 4 tokens"):
        samples(task, np.array([1]), 4)


def test_answers_outside_the_alphabet_are_refused() -> None:
    task = continued_by_program(
        Program("count.raspl"), two_numbers, Alphabet.of((*range(3), -1, -2)), stop=-2, longest_answer=lambda longest: longest + 1
    )
    with pytest.raises(LabError, match="not in the alphabet"):
        samples(task, np.array([1]), 6)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("def label(x):\n    return x // (x - 1)\n", "may be undefined"),
        ("def label(x):\n    return seq_map(x, indices(x), lambda p, q: p * 1000 + q)\n", "too many values"),
    ],
)
def test_programs_that_make_no_task(text: str, problem: str) -> None:
    task = task_from_program(text, digits, DIGITS)
    with pytest.raises(LabError, match=problem):
        task.outputs(2_000)


def test_inputs_outside_the_alphabet_are_refused() -> None:
    task = task_from_program("def label(x):\n    return x\n", digits, Alphabet.of(range(4)))
    with pytest.raises(LabError, match="the code 4 is not in the alphabet"):
        task.outputs(30)


def test_a_program_in_no_file_has_no_path() -> None:
    program = Program("mine.raspl", "label", "def label(x):\n    return x\n")
    assert program.sop()([3, 1]) == [3, 1]
    assert program.module().source == program.text
    with pytest.raises(LabError, match="in no file"):
        program.path  # noqa: B018
