"""Every sample has the answer that plain Python gives, and keeps the promises of its task."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from conjecture.sample import Sample
from conjecture.solved import questions
from conjecture.tasks import all_tasks
from tests.conjecture.tasks.answers import ANSWERS
from tests.conjecture.tasks.lengths import TASKS, longest, trained


@pytest.mark.parametrize("name", TASKS)
def test_answers(name: str) -> None:
    task = all_tasks()[name]
    most = longest(task)
    lengths = [*range(task.shortest, trained(task) + 1), 2 * trained(task), most - 1, most]
    for length, found in zip(lengths, questions(task, most, [(length, length) for length in lengths], 8), strict=True):
        for question in found:
            assert question.answer == ANSWERS[name](question.prompt)
            assert set(question.prompt) <= set(task.alphabet(most).atoms)
            assert set(question.answer) <= set(task.outputs(most).atoms)
            assert len(question.prompt) + len(question.answer) * question.continues <= task.room(length)
            assert question.continues or name.startswith(("looped", "retrieval")) or len(question.prompt) == length


@pytest.mark.parametrize("name", TASKS)
def test_the_room_is_that_of_samples(name: str) -> None:
    task = all_tasks()[name]
    for most in (task.shortest, 30):
        shape = jax.eval_shape(lambda key, most=most: task.sample(key, jnp.array(1), most), jax.random.key(0))
        assert shape.tokens.shape == shape.targets.shape == shape.asked.shape == (task.room(most),)


def test_the_answer_is_asked_for_by_the_tokens_before_it() -> None:
    sample = drawn("count", 3, 5)
    first = sample.tokens[1]
    assert sample.tokens[:6].tolist() == [-1, first, first + 2, first, first + 1, first + 2]
    assert sample.targets[sample.asked].tolist() == [first, first + 1, first + 2, -2]
    assert np.flatnonzero(sample.asked).tolist() == [2, 3, 4, 5]
    assert (sample.length, sample.prompt) == (6, 3)


def test_every_position_is_asked_for_its_label() -> None:
    sample = drawn("hist", 3, 5)
    assert sample.asked.tolist() == [True, True, True, False, False]
    assert sample.length == sample.prompt == 3


def drawn(name: str, length: int, most: int) -> Sample:
    """One sample with arrays of NumPy."""
    task = all_tasks()[name]
    return jax.device_get(jax.jit(lambda key: task.sample(key, jnp.array(length), most))(jax.random.key(0)))
