from enum import IntEnum, StrEnum
from fractions import Fraction

import numpy as np
import pytest

from rasp.atoms import from_host
from rasp.errors import InputError


class Digit(IntEnum):
    ONE = 1


class Letter(StrEnum):
    A = "a"


@pytest.mark.parametrize(
    ("value", "atom"),
    [
        (Digit.ONE, 1),
        (Letter.A, "a"),
        (np.str_("a"), "a"),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (np.float32(0.5), Fraction(1, 2)),
        (0.1, Fraction(1, 10)),
        (np.array(2), 2),
    ],
)
def test_every_scalar_becomes_a_plain_atom(value: object, atom: object) -> None:
    found = from_host(value)
    assert found == atom
    assert type(found) is type(atom)


@pytest.mark.parametrize("value", [None, [1], float("nan"), float("inf"), 1j, b"a", np.array([1, 2])])
def test_what_is_no_atom(value: object) -> None:
    with pytest.raises(InputError, match="is not an atom"):
        from_host(value)
