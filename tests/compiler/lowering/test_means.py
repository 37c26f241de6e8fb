"""Functions of aggregates as forms: on every short input, the circuit's integers are the function of the interpreter's value."""

import itertools
from collections.abc import Callable, Sequence
from fractions import Fraction

import pytest

import rasp
from compiler.target import Target
from rasp.errors import RaspError
from rasp.evaluate import evaluate
from rasp.graph import canonical
from rasp.graph.nodes import SELECTOR_TYPES, Atom, Sop
from tests.compiler.circuits import Run, lowering_of

FUNCTIONS: dict[str, Callable[[Atom], int]] = {
    "kind": lambda value: {bool: 1, int: 2, Fraction: 3, str: 4}[type(value)],
    "is one": lambda value: int(value == 1),
    "above a half": lambda value: int(not isinstance(value, str) and value > Fraction(1, 2)),
    "whole": lambda value: 7 if isinstance(value, str) else int(value),
}
SELECTORS = {
    "prefix": "select(indices, indices, <=)",
    "equal": "select(tokens, tokens, ==)",
    "seldom": "select(tokens, tokens, ==) and select(indices, indices, <)",
    "one": "select(indices, indices - 1, ==)",
    "either": "select(tokens, tokens, ==) or select(indices, 0, ==)",
}
VALUES = {"ints": "tokens_int", "floats": "tokens_float / 2", "mixed": "indices if tokens_int == 1 else indices == 1"}
TARGET = Target.of([0, 1, 2], 4, False)
INPUTS = [tokens for length in (1, 2, 3) for tokens in itertools.product(TARGET.vocab, repeat=length)]


def sop(expression: str) -> Sop:
    root = canonical(rasp.loads(f"x = {expression};")["x"].node).root
    assert not isinstance(root, SELECTOR_TYPES)
    return root


def check(node: Sop, function: Callable[[Atom], int], cuts: Sequence[Atom] = ()) -> int:
    """Assert the images on every input; on how many the program was defined."""
    form = lowering_of(TARGET).form(node, function, cuts)
    checked = 0
    for tokens in INPUTS:
        try:
            wanted = evaluate(node, list(tokens)).to_atoms()
        except RaspError:
            continue
        checked += 1
        assert Run(TARGET, tokens).form(form) == [function(value) for value in wanted], (tokens, wanted)
    return checked


@pytest.mark.parametrize("default", [-40, 15, 30])
@pytest.mark.parametrize("at_default", [7, -5])
def test_a_function_of_large_values_is_told_by_the_nearest_integer(default: int, at_default: int) -> None:
    """Also where it does not go on evenly to the default, which no mean, some mean, or some single value is."""
    node = sop(f"aggregate({SELECTORS['seldom']}, tokens_int * 30, {default})")

    def function(value: Atom) -> int:
        return at_default if value == -40 else int(value) ** 4

    cuts = [Fraction(k) for k in range(-41, 62)]
    form = lowering_of(TARGET).form(node, function, cuts)
    assert any(feature.label == "beside an integer" for feature in form.features)
    assert check(node, function, cuts) == len(INPUTS)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("selector", SELECTORS)
@pytest.mark.parametrize("values", VALUES)
def test_a_function_of_a_mean(values: str, selector: str, function: str) -> None:
    for default in ("0", "5/2"):
        node = sop(f"aggregate({SELECTORS[selector]}, {VALUES[values]}, {default})")
        assert check(node, FUNCTIONS[function]) >= 3


@pytest.mark.parametrize("selector", SELECTORS)
def test_a_string_that_is_looked_up(selector: str) -> None:
    assert check(sop(f'aggregate({SELECTORS[selector]}, tokens_str, "-")'), lambda value: int(value == "2")) >= 3
