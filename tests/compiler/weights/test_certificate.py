"""The certificate's premise: every cell holds an integer within its bounds. And its conclusions: margins and refusals."""

import pytest

import compiler
import rasp
from compiler.errors import CompileError
from rasp.values import SOp
from tests.compiler.programs import LIBRARY, NAMES
from tests.compiler.soundness import check_cells, random_sops, some_inputs

MODULE = rasp.loads(LIBRARY)
PROGRAM = (
    "w = selector_width(select(tokens_int, tokens_int, <=)); s = aggregate(select(1, 1, ==), tokens_int); big = tokens_int * 3;"
)


def check_model(sop: SOp, seed: int, vocab: str, longest: int, drawn: int) -> int:
    """Check the cells of a model where the program compiles; how many inputs were checked."""
    try:
        model = compiler.compile(sop, vocab=vocab, max_length=longest)
    except CompileError:
        return 0
    return check_cells(model, some_inputs(model.target, seed, drawn)[-drawn:])


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_of_a_library_program_holds_an_integer_within_its_bounds(name: str) -> None:
    assert check_model(MODULE[name], 1, "abc", 12, 4)


def test_every_cell_of_random_programs_holds_an_integer_within_its_bounds() -> None:
    assert sum(check_model(sop, seed, "ab1", 6, 3) for seed, sop in random_sops(range(200, 212))) > 5


@pytest.mark.slow
def test_every_cell_of_many_random_programs() -> None:
    for seed, sop in random_sops(range(20_000, 21_500)):
        check_model(sop, seed, "ab1", 6, 8)


@pytest.mark.parametrize("length", [1, 16, 512, 4096])
def test_a_certified_count_keeps_a_margin(length: int) -> None:
    model = compiler.compile(rasp.loads(PROGRAM)["w"], vocab=range(4), max_length=length)
    assert 0.1 < model.certificate.margin <= 0.5
    assert (model.certificate.margin == 0.5) == (length == 1)  # one token has no count
    assert all(layer.units < 2**24 for layer in model.certificate.layers)


def test_sums_that_float32_can_not_hold_are_refused() -> None:
    with pytest.raises(compiler.CompileError, match="can't be certified"):
        compiler.compile(rasp.loads(PROGRAM)["s"], vocab=[0, 10**6], max_length=512)


def test_results_that_float32_can_not_hold_are_refused() -> None:
    with pytest.raises(compiler.CompileError, match="float32 does not hold") as caught:
        compiler.compile(rasp.loads(PROGRAM)["big"], vocab=range(10**7, 10**7 + 3), max_length=4)
    assert caught.value.span is not None


@pytest.mark.parametrize(
    "program",
    [
        "s = aggregate(select(indices, indices, <=), tokens_int * 10^1000) > 5;",
        "s = selector_width(select(indices, indices, <=)) * 10^5000;",
        "s = aggregate(select(tokens, tokens, ==), indices) + 10^5000;",
    ],
)
def test_numbers_of_any_size_are_refused_with_a_short_message(program: str) -> None:
    with pytest.raises(compiler.CompileError) as caught:
        compiler.compile(rasp.loads(program)["s"], vocab="012", max_length=16)
    assert caught.value.span is not None
    assert len(caught.value.message) < 200
