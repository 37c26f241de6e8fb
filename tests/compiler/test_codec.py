import json
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.codec import from_json, to_json
from rasp.graph.nodes import Atom


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True)
class One:
    number: int
    atoms: tuple[Atom, ...]


@dataclass(frozen=True)
class Two:
    inner: One | None
    kind: Literal["a", "b"]
    size: float
    colour: Colour = Colour.RED


Either = One | Two

ATOMS = st.booleans() | st.integers() | st.integers(2**10_000, 2**10_001) | st.fractions() | st.text()
ONES = st.builds(One, st.integers(), st.lists(ATOMS).map(tuple))
TWOS = st.builds(Two, st.none() | ONES, st.sampled_from(["a", "b"]), st.floats(allow_nan=False), st.just(Colour.RED))


@given(ONES | TWOS)
def test_values_come_back_with_their_kinds(value: One | Two) -> None:
    again = from_json(Either, json.loads(json.dumps(to_json(value))))
    assert repr(again) == repr(value)


@pytest.mark.parametrize(
    ("form", "data"),
    [
        (int, True),
        (int, 1.0),
        (bool, 1),
        (str, 1),
        (float, "1"),
        (float, None),
        (int | None, "x"),
        (Atom, None),
        (Atom, {"float": "0x1/0x1", "more": 1}),
        (Fraction, {"float": "1/2"}),
        (Fraction, {"float": "0x1/0x0"}),
        (Fraction, {"float": "0x1e9999999999"}),
        (int, {"int": "12"}),
        (tuple[int, ...], 3),
        (tuple[int, ...], [1, "2"]),
        (One, []),
        (One, {"number": 1, "atoms": []}),
        (One, {"type": "Two", "number": 1, "atoms": []}),
        (One, {"type": "One", "number": 1}),
        (One, {"type": "One", "number": 1, "atoms": [], "more": 2}),
        (One, {"type": "One", "number": "1", "atoms": []}),
        (Either, {"type": "Three"}),
        (Either, {"type": "One", "number": 1, "atoms": [None]}),
        (Literal["a", "b"], "c"),
        (Colour, "blue"),
    ],
)
def test_other_forms_are_refused(form: Any, data: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        from_json(form, data)
