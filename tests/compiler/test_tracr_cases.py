"""Tracr's own test table: interpreter and compiled model give its values, and agree on every short input."""

import itertools
from collections.abc import Iterator, Sequence
from fractions import Fraction

import pytest

import compiler
import rasp
from compiler.verification.verify import same_atoms
from rasp.graph.nodes import Atom
from rasp.values import SOp
from tests.compiler.tracr_cases import BIDIRECTIONAL, BOTH_DIRECTIONS, CAUSAL, TracrCase
from tests.compiler.tracr_refusals import REFUSED, SILENTLY_WRONG

ALL = (*BOTH_DIRECTIONS, *CAUSAL, *BIDIRECTIONAL, *REFUSED, *SILENTLY_WRONG)
TOLERANCE = Fraction(1, 10**9)


def sop_of(case: TracrCase) -> SOp:
    sop = rasp.loads(case.program)[case.sop]
    assert isinstance(sop, SOp)
    return sop


def same_value(found: Atom, expected: Atom) -> bool:
    """Whether two atoms are the same; an int and a float of the same value are."""
    match found, expected:
        case (bool(), _) | (_, bool()) | (str(), _) | (_, str()):
            return type(found) is type(expected) and found == expected
        case _:
            return abs(found - expected) <= TOLERANCE


def same_values(found: Sequence[Atom], expected: Sequence[Atom]) -> bool:
    return len(found) == len(expected) and all(map(same_value, found, expected))


def short_inputs(case: TracrCase) -> Iterator[tuple[Atom, ...]]:
    """Every input over the vocabulary, up to the longest length of which there are at most 250."""
    longest = max(length for length in range(1, case.max_length + 1) if len(case.vocab) ** length <= 250)
    for length in range(1, longest + 1):
        yield from itertools.product(case.vocab, repeat=length)


def check_compiled(case: TracrCase, *, causal: bool) -> None:
    sop = sop_of(case)
    model = compiler.compile(sop, case.vocab, case.max_length, causal=causal)
    inputs = [*(example.tokens for example in case.examples), *short_inputs(case)]
    found = model.batch_atoms(inputs)  # one batch: most of the time goes into jitting a shape
    for example, values in zip(case.examples, found, strict=False):
        assert isinstance(values, list)
        assert same_values(values, example.expected), (example, values)
    for tokens, values in zip(inputs, found, strict=True):
        assert same_atoms(values, sop.column(tokens).to_atoms()), (tokens, values)


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_the_interpreter_gives_the_values_of_the_table(case: TracrCase) -> None:
    sop = sop_of(case)
    for example in case.examples:
        assert same_values(sop.column(example.tokens).to_atoms(), example.expected), example


@pytest.mark.parametrize("case", [*BOTH_DIRECTIONS, *BIDIRECTIONAL], ids=lambda case: case.name)
def test_the_compiled_model_gives_them_too(case: TracrCase) -> None:
    check_compiled(case, causal=False)


@pytest.mark.parametrize("case", [*BOTH_DIRECTIONS, *CAUSAL], ids=lambda case: case.name)
def test_so_does_the_model_with_causal_attention(case: TracrCase) -> None:
    check_compiled(case, causal=True)


@pytest.mark.parametrize("case", [*REFUSED, *SILENTLY_WRONG], ids=lambda case: case.name)
def test_and_the_models_of_what_tracr_refuses_or_gets_wrong(case: TracrCase) -> None:
    check_compiled(case, causal=False)


def test_the_table_is_complete() -> None:
    """The table has 10 rows for both directions, 1 that is causal only, 33 that are bidirectional only and 9 that must fail."""
    rows = [sum(len(case.examples) for case in cases) for cases in (BOTH_DIRECTIONS, CAUSAL, BIDIRECTIONAL)]
    assert rows == [10, 1, 33]
    assert len([case for case in REFUSED if not case.name.startswith("selector_")]) == 9
