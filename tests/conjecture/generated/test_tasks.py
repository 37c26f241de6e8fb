"""Tasks of generated programs."""

from __future__ import annotations

import json

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from conjecture.errors import LabError
from conjecture.generated import generated_tasks, task_named
from conjecture.generated.filters import Candidate, reason_against
from conjecture.generated.search import search
from conjecture.generated.tasks import SUITE, kept_numbers
from tests.conjecture.generated.samples import samples

KEPT = json.loads(SUITE.read_text(encoding="utf-8"))


def test_labels_are_the_interpreters() -> None:
    task = generated_tasks(1, lengths=(8,))[0]
    drawn = samples(task, np.arange(1, 46), 45)
    program, labels = task.program.sop(), task.outputs(45)
    for row in range(45):
        length = row + 1
        assert drawn.length[row] == drawn.prompt[row] == drawn.asked[row].sum() == length
        tokens = drawn.tokens[row, :length].tolist()
        assert drawn.targets[row, :length].tolist() == list(map(int, program(tokens)))
        assert set(tokens) <= set(task.alphabet(45).codes)
    assert set(np.unique(drawn.targets).tolist()) <= set(labels.codes)


def test_the_kept_suite() -> None:
    tasks = generated_tasks(128)
    assert [task.name for task in tasks] == list(KEPT["programs"])
    assert [task.program.text for task in tasks] == list(KEPT["programs"].values())
    assert len({task.program.text for task in tasks}) == 128
    assert {length: len(numbers) for length, numbers in kept_numbers().items()} == dict.fromkeys(range(1, 9), 16)


def test_kept_programs_pass_again() -> None:
    candidates = [Candidate.drawn(length, number) for length in (1, 2, 3) for number in kept_numbers()[length]]
    again = [candidate for candidate in candidates if candidate.tokens == 6]
    assert len(again) > 5
    assert [reason_against(candidate) for candidate in again] == [None] * len(again)


def test_the_search_gives_the_same_again() -> None:
    found = search((1, 2), 4)
    assert found.accepted == {length: kept_numbers()[length][:4] for length in (1, 2)}
    other = search((1, 2), 2, seed=1)
    assert other == search((1, 2), 2, seed=1)
    assert min(other.accepted[1]) >= 10_000


def test_tasks_are_shared_among_the_lengths() -> None:
    tasks = generated_tasks(8, lengths=(2, 5, 7))
    assert [task.name.split("-")[1] for task in tasks] == ["2"] * 3 + ["5"] * 3 + ["7"] * 2
    assert tasks == generated_tasks(8, lengths=(2, 5, 7))


@pytest.mark.parametrize("lengths", [(), (0, 1), (17,), (2, 2)])
def test_lengths_of_which_there_are_no_tasks(lengths: tuple[int, ...]) -> None:
    with pytest.raises(LabError, match="lengths 1 to 16"):
        generated_tasks(4, lengths=lengths)


def test_another_seed_has_other_tasks() -> None:
    (task,) = generated_tasks(1, lengths=(1,), seed=3)
    assert task.name.startswith("gen-1-3")
    assert task_named(task.name) == task


def test_tasks_by_name() -> None:
    name = next(iter(KEPT["programs"]))
    assert task_named(name) is task_named(name)
    assert task_named(name).name == name
    rejected = next(number for number in range(100) if number not in kept_numbers()[1])
    with pytest.raises(LabError, match="its program is rejected as"):
        task_named(f"gen-1-{rejected:04d}")
    for wrong in ("gen-0-0001", "gen-3-1", "gen-3-00001", "gen-99-0001", "copy"):
        with pytest.raises(LabError, match="no generated task"):
            task_named(wrong)


def test_inputs_are_as_frequent_as_they_say() -> None:
    skewed = next(one for one in (Candidate.drawn(1, number) for number in range(9)) if max(one.distribution.weights) > 0.3)
    weights = np.array(skewed.distribution.weights)
    drawn = skewed.distribution(jax.random.key(0), jnp.array(18_000), 18_000)
    for tokens in (np.asarray(drawn), skewed.distribution.batch(1, 400, 45)):
        assert np.abs(np.bincount(tokens.ravel(), minlength=weights.size) / tokens.size - weights).max() < 0.02
    assert weights.sum() == pytest.approx(1)
