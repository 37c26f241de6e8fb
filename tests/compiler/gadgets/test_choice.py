import itertools
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.circuit import Feature, Form, FromToken, Unit
from compiler.gadgets.choice import where_all, where_not_negative, where_zero
from tests.compiler.circuits import weigh

GADGETS: dict[str, tuple[Callable[[Sequence[Form], Form, Form], list[tuple[Unit, int]]], Callable[[int], bool]]] = {
    "all": (lambda missing, d, x: where_all(missing, x), lambda d: True),
    "zero": (where_zero, lambda d: d == 0),
    "not negative": (where_not_negative, lambda d: d >= 0),
}


def number(name: str, low: int, high: int) -> Feature:
    return Feature(name, FromToken((low, high)), low, high)


@pytest.mark.parametrize("name", GADGETS)
@given(low=st.integers(-9, 9), span=st.integers(0, 9), most=st.integers(0, 9))
def test_a_number_counts_only_where_everything_holds(name: str, low: int, span: int, most: int) -> None:
    gadget, holds = GADGETS[name]
    d, x, flags = number("d", low, low + span), number("x", 0, most), [number("a", 0, 1), number("b", 0, 1)]
    units = gadget([1 - Form.of(flag) for flag in flags], Form.of(d), Form.of(x))
    for difference, value, *bits in itertools.product(range(low, low + span + 1), range(most + 1), (0, 1), (0, 1)):
        at = {d: difference, x: value, **dict(zip(flags, bits, strict=True))}
        found = sum(factor * max(0, weigh(unit.form, at)) for unit, factor in units)
        assert found == (value if all(bits) and holds(difference) else 0), at
