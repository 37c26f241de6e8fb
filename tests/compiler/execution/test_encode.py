from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.errors import ModelInputError
from compiler.execution.encode import Encoder
from compiler.target import Target
from rasp.errors import InputError

TEXT = Encoder(Target.of("abc€", 4, False))
MIXED = Encoder(Target.of([1, True, 0.5, "1", "ab"], 4, False))


@given(st.lists(st.text("abc€", min_size=1, max_size=4), min_size=1))
def test_texts_and_lists_of_characters_are_alike(texts: list[str]) -> None:
    wanted = [["abc€".index(character) for character in text] for text in texts]
    for inputs in (texts, list(map(list, texts)), [*texts[:-1], tuple(texts[-1])]):
        encoded = TEXT(inputs)
        assert encoded.ids.tolist() == [index for row in wanted for index in row]
        assert encoded.lengths.tolist() == list(map(len, texts))


def test_kinds_are_told_apart() -> None:
    inputs = [[1, True, 0.5, "1"], ["ab"], [np.int64(1), np.float64(0.5), Fraction(1, 2)]]
    assert MIXED(inputs).ids.tolist() == [*range(5), 0, 2, 2]
    assert TEXT(np.array([["a", "b"]])).ids.tolist() == [0, 1]
    assert TEXT([]).lengths.tolist() == []


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        (["ab", "ad"], r"token 'd' at position 1 of inputs\[1\] is not in the vocabulary"),
        (["\ud800"], r"token '\\ud800' at position 0 is not in the vocabulary"),
        (["ab", ""], r"inputs\[1\] is empty"),
        ([""], "the input is empty"),
        (["a", "b", "aaaaa"], r"inputs\[2\] has 5 tokens; the model was compiled for at most 4"),
        ([[1]], "token 1 at position 0 is not in the vocabulary"),
        ([5], "an input is a sequence of tokens, not int"),
        (5, "a batch is a sequence of inputs, not int"),
        (None, "a batch is a sequence of inputs, not NoneType"),
    ],
)
def test_bad_input(inputs: object, message: str) -> None:
    with pytest.raises(ModelInputError, match=message):
        TEXT(inputs)  # pyright: ignore[reportArgumentType]


def test_what_is_no_token_at_all() -> None:
    with pytest.raises(InputError, match="is not an atom"):
        MIXED([[["ab"]]])
