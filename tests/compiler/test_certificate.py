import pytest

import compiler
import rasp

PROGRAM = (
    "w = selector_width(select(tokens_int, tokens_int, <=)); s = aggregate(select(1, 1, ==), tokens_int); big = tokens_int * 3;"
)


@pytest.mark.parametrize("length", [1, 16, 512, 4096])
def test_a_certified_count_keeps_a_margin(length: int) -> None:
    model = compiler.compile(rasp.loads(PROGRAM)["w"], vocab=range(4), max_length=length)
    assert 0.1 < model.certificate.margin < 0.5
    assert all(layer.units < 2**24 for layer in model.certificate.layers)


def test_sums_that_float32_can_not_hold_are_refused() -> None:
    with pytest.raises(compiler.CompileError, match="can't be certified"):
        compiler.compile(rasp.loads(PROGRAM)["s"], vocab=[0, 10**6], max_length=512)


def test_results_that_float32_can_not_hold_are_refused() -> None:
    with pytest.raises(compiler.CompileError, match="float32 does not hold"):
        compiler.compile(rasp.loads(PROGRAM)["big"], vocab=range(10**7, 10**7 + 3), max_length=4)
