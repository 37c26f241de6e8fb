"""Random graphs on random inputs: the interpreter and the obvious one give the same atoms, or both fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from hypothesis import given, reject, settings
from hypothesis import strategies as st

from rasp.errors import RaspError
from rasp.evaluate import evaluate, evaluate_selector
from rasp.graph import Atom, Selector, Sop
from rasp.graph.nodes import Aggregate, Input, Map, SelectorWidth
from tests.rasp.evaluate import graphs
from tests.rasp.evaluate.brute import MixedBodyError, brute, brute_matrix

QUICK = settings(max_examples=150, deadline=None)


Result = TypeVar("Result")


def typed(atoms: list[Atom]) -> list[tuple[type, Atom]]:
    return [(type(atom), atom) for atom in atoms]


def outcome(run: Callable[[], Result]) -> Result | None:
    """A result, None for an error; gives the example up where the language defines nothing."""
    try:
        return run()
    except MixedBodyError:
        reject()
    except RaspError:
        return None


def assert_agree(node: Sop, tokens: list[Atom]) -> None:
    wanted = outcome(lambda: typed(brute(node, tokens)))
    assert outcome(lambda: typed(evaluate(node, tokens).to_atoms())) == wanted


@QUICK
@given(st.sampled_from(graphs.ONE), graphs.inputs())
def test_operators_of_one_argument(op, tokens):
    assert_agree(Map(op, (Input("tokens_asis"),)), tokens)


@QUICK
@given(st.sampled_from(graphs.TWO), graphs.inputs(), graphs.bases(), st.booleans())
def test_operators_of_two_arguments(op, tokens, other, flip):
    args = (Input("tokens_asis"), other)
    assert_agree(Map(op, args[::-1] if flip else args), tokens)


@QUICK
@given(graphs.sops(), graphs.inputs())
def test_graphs(node, tokens):
    assert_agree(node, tokens)


@QUICK
@given(graphs.selectors(graphs.bases()), graphs.inputs())
def test_widths(selector, tokens):
    assert_agree(SelectorWidth(selector), tokens)


@QUICK
@given(graphs.selectors(graphs.bases()), graphs.bases(), graphs.any_atoms, graphs.reductions(), graphs.inputs())
def test_aggregates(selector, value, default, reduction, tokens):
    assert_agree(Aggregate(selector, value, default, reduction), tokens)


@QUICK
@given(graphs.selectors(graphs.bases()), graphs.inputs())
def test_matrices(selector: Selector, tokens: list[Atom]):
    wanted = outcome(lambda: brute_matrix(selector, tokens))
    assert outcome(lambda: evaluate_selector(selector, tokens).tolist()) == wanted
