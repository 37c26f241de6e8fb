"""Marks tell right answers, stopping errors and wrong tokens apart; generation is greedy."""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from conjecture.evaluation import scores
from conjecture.evaluation.generation import _anew, generated
from conjecture.evaluation.scores import Marks, correct, marks_of
from conjecture.rows import Rows, single_rows
from conjecture.sample import continuation
from tests.conjecture.jitted import new_model, samples_of
from tests.conjecture.small import BOTH_WAYS, COPY, END, SEP, SMALL

STOP = 1
"""The id of END."""


def one_row(answer: list[int]) -> Rows:
    """A prompt with an answer of tokens 0 to 2, and END after it."""
    tokens = jnp.array(answer), len(answer)
    sample = continuation(12, [tokens, SEP], [tokens, END])
    return single_rows(COPY, 5, jax.tree.map(lambda array: array[None], sample))


def marked(monkeypatch: pytest.MonkeyPatch, says: list[int], told: list[int] | None = None) -> Marks:
    """The marks for the answer 0 1 2 END of a model that generates these ids.

    Args:
        told: what it says after the right tokens, if it is told when to stop; the same if it is not given.
    """
    rows = one_row([0, 1, 2])
    first = int(rows.asked[0].argmax())
    known = says if told is None else told
    outputs = jnp.zeros((1, rows.ids.shape[1], 5)).at[0, first + jnp.arange(len(known)), jnp.array(known)].set(1.0)
    ids = jnp.zeros_like(rows.ids).at[0, : len(says)].set(jnp.array(says))
    monkeypatch.setattr(scores, "outputs_on", lambda model, rows: outputs)
    monkeypatch.setattr(scores, "generated", lambda model, rows: ids)
    model = new_model(COPY, SMALL, key=jax.random.key(0))
    return jax.device_get(marks_of(COPY, 5, model, rows))


def kinds(marks: Marks) -> tuple[bool, bool, bool, bool]:
    """Exact, early, late, right with an oracle length."""
    return bool(marks.exact[0]), bool(marks.early[0]), bool(marks.late[0]), bool(marks.oracle[0])


@pytest.mark.parametrize(
    ("says", "wanted", "tokens"),
    [
        ([2, 3, 4, STOP], (True, False, False, True), 1.0),
        ([2, STOP, 4, STOP], (False, True, False, False), 0.75),  # what is said after a stop is not looked at for the kind
        ([STOP, STOP, STOP, STOP], (False, True, False, False), 0.25),
        ([2, 3, 4, 2], (False, False, True, True), 0.75),
        ([2, 2, 4, STOP], (False, False, False, False), 0.75),
        ([3, STOP, 4, STOP], (False, False, False, False), 0.5),  # a wrong token comes before the stop
    ],
)
def test_every_kind_of_answer(monkeypatch: pytest.MonkeyPatch, says: list[int], wanted: tuple[bool, ...], tokens: float) -> None:
    marks = marked(monkeypatch, says)
    assert kinds(marks) == wanted
    assert marks.tokens[0] == tokens


def test_an_oracle_length_mends_what_stopping_spoilt(monkeypatch: pytest.MonkeyPatch) -> None:
    assert kinds(marked(monkeypatch, [2, STOP, 4, STOP], told=[2, 3, 4, 2])) == (False, True, False, True)


def test_the_best_token_but_for_the_stop_is_the_oracle_s(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stop is likeliest everywhere, the right token is next: with an oracle length the answer is right."""
    rows = one_row([0, 1, 2])
    first = int(rows.asked[0].argmax())
    outputs = jnp.zeros((1, rows.ids.shape[1], 5)).at[0, first + jnp.arange(3), jnp.array([2, 3, 4])].set(1.0)
    monkeypatch.setattr(scores, "outputs_on", lambda model, rows: outputs.at[..., STOP].set(2.0))
    monkeypatch.setattr(scores, "generated", lambda model, rows: jnp.full_like(rows.ids, STOP))
    marks = marks_of(COPY, 5, new_model(COPY, SMALL, key=jax.random.key(0)), rows)
    assert kinds(jax.device_get(marks)) == (False, True, False, True)


@pytest.mark.parametrize("positions", ["learned", "rotary"])
def test_generation_with_memory_is_generation_anew(positions: str) -> None:
    recipe = replace(SMALL, positions=positions, init=0.7)
    model = new_model(COPY, recipe, key=jax.random.key(3))
    rows = samples_of(COPY, 8, jax.random.key(4), 1, 8, 16)
    found = np.asarray(jax.jit(generated)(model, rows))
    prompt, steps = rows.given.sum(axis=1) - 1, rows.asked.sum(axis=1).max()
    wanted = np.asarray(jax.jit(_anew)(model, rows, prompt, steps))
    asked = np.arange(found.shape[1]) < np.asarray(rows.asked.sum(axis=1))[:, None]
    assert (found[asked] == wanted[asked]).all()
    assert len({tuple(row) for row in found.tolist()}) > 2  # it does not say the same to everything


def test_all_tokens_right_one_by_one_is_a_right_generation() -> None:
    """What training checks, without generating, is exact match; here of random models that are sometimes right."""
    seen = set()
    mark = jax.jit(lambda model, rows: (marks_of(COPY, 8, model, rows), correct(COPY, model, rows)))
    for seed in range(6):
        model = new_model(COPY, replace(SMALL, init=1.0), key=jax.random.key(seed))
        rows = samples_of(COPY, 8, jax.random.key(seed), 1, 2, 256)
        marks, checked = jax.device_get(mark(model, rows))
        assert (checked == marks.exact).all()
        seen |= set(checked.tolist())
    assert False in seen


def test_labels_have_no_stopping_errors() -> None:
    model = new_model(BOTH_WAYS, replace(SMALL, init=0.5), key=jax.random.key(0))
    rows = samples_of(BOTH_WAYS, 8, jax.random.key(1), 1, 2, 64)
    marks = jax.device_get(jax.jit(lambda model, rows: marks_of(BOTH_WAYS, 8, model, rows))(model, rows))
    assert not (marks.early | marks.late).any()
    assert (marks.oracle == marks.exact).all()
    assert (marks.exact == (marks.tokens == 1)).all()


def test_test_samples_have_lengths_of_the_whole_range() -> None:
    rows = samples_of(COPY, 8, jax.random.key(0), 3, 6, 200)
    assert set(np.asarray(rows.asked.sum(axis=1) - 1).tolist()) == {3, 4, 5, 6}
