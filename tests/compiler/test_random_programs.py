"""Random programs: what compiles gives the interpreter's values, or none where it has none; what does not is refused."""

import itertools
import random

import jax
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import compiler
from compiler.undefined import Undefined
from rasp.errors import RaspError
from rasp.graph.nodes import SELECTOR_TYPES, Node
from rasp.values import SOp
from tests.compiler.soundness import random_sops
from tests.rasp.graph.graphs import graphs

VOCAB = "ab1"
LONGEST = 6


def agrees(sop: SOp, seed: int) -> bool:
    """Whether an s-op compiles; if it does, what it gives is checked, undefined inputs included. Anything but a refusal fails."""
    try:
        model = compiler.compile(sop, vocab=VOCAB, max_length=LONGEST)
    except compiler.CompileError:
        return False
    draw = random.Random(seed)
    inputs = ["".join(tokens) for length in (1, 2) for tokens in itertools.product(VOCAB, repeat=length)]
    inputs += ["".join(draw.choices(VOCAB, k=draw.randint(3, LONGEST))) for _ in range(40)]
    for tokens, found in zip(inputs, model.batch_atoms(inputs), strict=True):
        try:
            wanted = sop.column(tokens).to_atoms()
        except RaspError:
            assert isinstance(found, Undefined), (tokens, sop.node)
        else:
            assert isinstance(found, list), (tokens, sop.node, found)
            assert [(type(a), a) for a in found] == [(type(a), a) for a in wanted], (tokens, sop.node)
    return True


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(graphs(largest=5), st.integers(0, 2**32))
def test_random_graphs(node: Node, seed: int) -> None:
    if not isinstance(node, SELECTOR_TYPES):
        agrees(SOp(node), seed)


def check_programs(seeds: range) -> int:
    """Check the programs of these seeds; gives how many compiled."""
    compiled = 0
    for number, (seed, sop) in enumerate(random_sops(seeds)):
        if number % 100 == 99:
            jax.clear_caches()  # the system has a limit for how much compiled code one process maps
        compiled += agrees(sop, seed)
    return compiled


def test_random_programs() -> None:
    assert check_programs(range(30)) >= 5


@pytest.mark.slow
def test_many_random_programs() -> None:
    assert check_programs(range(1_000, 4_000)) >= 500
