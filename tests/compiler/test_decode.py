from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.decode import Choice, Decoder, Mean, Number, Quotient
from rasp.atoms import to_host
from rasp.errors import RaspLimitError

WHOLE = st.integers(-(2**22), 2**22)
SMALL = st.integers(0, 2**12)


def same(decoder: Decoder, outputs: np.ndarray) -> list[object]:
    """The atoms, which must be what Python shows."""
    found = decoder(outputs)
    shown = [to_host(atom) for atom in found]
    assert [(type(value), value) for value in decoder.host(outputs)] == [(type(value), value) for value in shown]
    assert outputs.shape[1] == decoder.columns
    return list(found)


def test_numbers_are_rounded() -> None:
    assert same(Number(), np.array([[2.9], [-1.1], [0.0]], np.float32)) == [3, -1, 0]


def test_the_largest_logit_is_the_choice() -> None:
    decoder = Choice((1, True, Fraction(1, 3), "a"))
    assert same(decoder, np.array([[0, 1, 2, 1], [9, 1, 2, 1], [0, 7, 2, 8]], np.float32)) == [Fraction(1, 3), 1, "a"]
    assert decoder.may_mix
    assert not Choice((1, Fraction(1, 3))).may_mix


@given(st.lists(st.tuples(WHOLE, SMALL, st.integers(-1_000, 1_000)), min_size=1))
def test_quotients(rows: list[tuple[int, int, int]]) -> None:
    rows = [(top if bottom else 0, bottom, shift) for top, bottom, shift in rows]
    found = same(Quotient(Fraction(1, 10), "float"), np.array(rows, np.float32))
    assert found == [Fraction(top, bottom) + shift if bottom else Fraction(1, 10) for top, bottom, shift in rows]


def test_a_quotient_that_tells_its_kind() -> None:
    found = same(Quotient(0, "told"), np.array([[6, 2, 1, 0], [6, 2, 1, 1], [1, 2, 0, 1], [0, 0, 0, 0]], np.float32))
    assert [(type(value), value) for value in found] == [(int, 4), (Fraction, 4), (Fraction, Fraction(1, 2)), (int, 0)]
    assert same(Quotient(0, "int"), np.array([[-6, 2, 1]], np.float32)) == [-2]


@given(st.lists(st.tuples(WHOLE, SMALL, st.integers(0, 1)), min_size=1))
def test_means(rows: list[tuple[int, int, int]]) -> None:
    decoder = Mean("none", 6, (7, Fraction(1, 6)), (42, -1))
    wanted = [
        "none" if not width else (7, Fraction(1, 6))[which] if width == 1 else Fraction(total, 6 * width)
        for total, width, which in rows
    ]
    outputs = [(total, width, (42, -1)[which]) for total, width, which in rows]
    assert same(decoder, np.array(outputs, np.float32)) == wanted


@pytest.mark.parametrize(("default", "mixes"), [("none", True), (0, False)])
def test_a_mean_may_be_a_string_by_default(default: str | int, mixes: bool) -> None:
    assert Mean(default, 1, (1, 2), (1, 2)).may_mix == mixes


def test_means_of_fractions_with_large_denominators() -> None:
    """What a double or 64 bits don't hold is divided exactly, and rounded once."""
    for scale in (3**35, 3**39, 10**30):
        decoder = Mean(0, scale, (Fraction(1, scale), Fraction(7, scale)), (0, 1))
        outputs = np.array([[total, width, 0] for total in (1, 2, 7, 1_000) for width in (0, 1, 2, 3, 5)], np.float32)
        same(decoder, outputs)


def test_values_too_large_to_be_shown_are_shown_only_where_they_are() -> None:
    huge = Fraction(10**400)
    assert Choice((huge, 1)).host(np.array([[0, 1]], np.float32)) == [1]
    assert Mean(huge, 1, (huge, 3), (0, 1)).host(np.array([[4, 2, 0], [3, 1, 1]], np.float32)) == [2.0, 3]
    assert Quotient(huge, "int").host(np.array([[4, 2, 0]], np.float32)) == [2]
    for decoder, outputs in ((Choice((huge, 1)), [1, 0]), (Mean(huge, 1, (), ()), [0, 0, 0]), (Quotient(huge, "int"), [0, 0, 0])):
        with pytest.raises(RaspLimitError, match="can't be shown"):
            decoder.host(np.array([outputs], np.float32))
