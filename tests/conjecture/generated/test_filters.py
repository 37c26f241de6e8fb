"""Filters refuse what makes no task, each for its reason."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from conjecture.generated import filters
from conjecture.generated.equivalence import probes, signature
from conjecture.generated.filters import Candidate, reason_against
from conjecture.generated.straight import INDICES, X
from tests.conjecture.generated.programs import BEFORE, candidate, full, statement

RENAMED = statement("tok_map", 0, constants=(5, 2, 7))
"""The first statement's tokens, 0 to 5, as others."""

MODULO = statement("seq_map({a[0]}, {a[1]}, lambda p, q: (p + q)", X, 0, constants=(3,))


def test_a_good_program_passes() -> None:
    assert reason_against(candidate(BEFORE, MODULO)) is None


def test_a_constant() -> None:
    saturating = candidate(statement("has_seen", X, full(2)))  # true from some position on
    assert reason_against(candidate(statement("{a[0]} > {c[0]}", X, constants=(7,)))) == "constant"
    assert reason_against(saturating) == "constant"
    assert filters.entropy(saturating.labels[:, filters.EARLY]) > filters.LEAST_BITS


def test_a_function_of_the_token() -> None:
    identity = candidate(statement("index_select", X, INDICES, constants=(0,)))
    assert reason_against(identity) == "token alone"
    assert reason_against(candidate(statement("tok_map", X, constants=(2, 1, 5)))) == "token alone"


def test_a_function_of_the_position() -> None:
    labels = np.broadcast_to(np.arange(45) % 3, (256, 45))
    periodic = candidate(BEFORE)
    periodic.__dict__["values"] = [labels]
    assert filters.constant(periodic) is filters.token_alone(periodic) is None
    assert filters.position_alone(periodic) == "position alone"


def test_dead_code() -> None:
    assert reason_against(candidate(statement("maximum", X), BEFORE)) == "unused"


def test_many_labels() -> None:
    assert reason_against(candidate(BEFORE, tokens=14)) == "many labels"


def test_what_raspl_does_not_allow() -> None:
    parity = candidate(
        statement("{a[0]} == {c[0]}", X, constants=(1,)), statement("cumsum", 0), statement("{a[0]} %", 1, constants=(2,))
    )
    assert filters.illegal(parity) == "illegal"
    assert reason_against(parity) == "illegal"


def test_a_statement_that_does_nothing() -> None:
    most = statement("seq_map({a[0]}, {a[1]}, lambda p, q: max", 0, 1)
    assert reason_against(candidate(BEFORE, statement("{a[0]} //", 0), most)) == "superfluous statement"


@pytest.mark.parametrize(
    "longer",
    [
        candidate(BEFORE, RENAMED),
        candidate(statement("tok_map", X, constants=(5, 2, 7)), statement("shift_right({a[0]}, 1, d", 0, constants=(2,))),
    ],
)
def test_labels_of_a_shorter_program(longer: Candidate) -> None:
    assert reason_against(longer) == "as a shorter one"


def test_a_shortcut() -> None:
    """There are 15 positions of training lengths, so that no count exceeds 15 there."""
    late = statement("{a[0]} > {c[0]}", 0, constants=(15,))
    program = candidate(statement("num_prev", X, X), late, BEFORE, statement("where", 1, X, 2), tokens=2)
    assert filters.superfluous(program) == "shortcut"


def test_a_statement_that_does_nothing_far_beyond() -> None:
    """The maximum so far soon is the largest token."""
    changed = statement("seq_map({a[0]}, {a[1]}, lambda p, q: (p + q)", 0, 1, constants=(4,))
    assert reason_against(candidate(BEFORE, statement("maximum", X), changed, tokens=4)) == "superfluous far beyond"


UNCOMPILED = """
def label(x):
    seen = num_prev(x, x)
    return seen * seen * seen * seen * seen
"""
"""A sum of this is too large for float32."""


def test_what_the_compiler_refuses() -> None:
    given: Any = SimpleNamespace(program=SimpleNamespace(text=lambda: UNCOMPILED), tokens=4)
    assert filters.too_large(given) == "not compiled"


@pytest.mark.parametrize("bound", ["MOST_LAYERS", "MOST_PARAMETERS"])
def test_a_transformer_beyond_a_bound(monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    good = candidate(BEFORE, MODULO)
    assert filters.too_large(good) is None
    monkeypatch.setattr(filters, bound, 0)
    assert filters.too_large(good) == "too large"


def test_signatures_are_of_labels_under_any_names() -> None:
    labels = probes(6)
    assert signature(labels) == signature(5 - labels) == signature(labels * 3 - 7)
    assert signature(labels).whole != signature(labels % 5).whole
    changed = labels.copy()
    changed[0, 20] += 1
    assert signature(labels).trained == signature(changed).trained
    assert signature(labels).whole != signature(changed).whole


def test_guesses_and_entropy() -> None:
    known, labels = np.array([[0, 0, 0, 1]]), np.array([[5, 5, 2, 2]])
    assert filters.guessed(known, labels) == 0.75
    assert filters.entropy(labels) == 1.0
    assert filters.entropy(np.zeros((2, 3), int)) == 0.0
