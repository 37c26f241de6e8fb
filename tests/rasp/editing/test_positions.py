"""Offsets as editors count them, against the encodings themselves."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasp.editing.positions import Positions

UNITS = {"utf-8": 1, "utf-16-le": 2, "utf-32-le": 4}
TEXTS = st.text(st.sampled_from("ab é😀\u2028\x0c\x85\ufeff\r\n") | st.characters(exclude_categories=["Cs"]), max_size=40)


def counted(encoding: str, text: str) -> int:
    return len(text.encode(encoding)) // UNITS[encoding]


@given(TEXTS, st.sampled_from(sorted(UNITS)), st.integers(0, 40), st.sampled_from([0, 1]))
def test_any_text(text: str, encoding: str, offset: int, indent: int) -> None:
    offset = min(offset, len(text))
    if text[max(offset - 1, 0) : offset + 1] == "\r\n":
        return  # no editor's cursor stands there
    lines = re.split(r"\r\n|\r|\n", text[:offset])
    positions = Positions(text, lambda part: counted(encoding, part), indent)
    line, units = positions.position(offset)
    assert line == len(lines) - 1
    assert units == counted(encoding, lines[-1]) + indent * (line == 0)
    assert positions.offset(line, units) == offset


@pytest.mark.parametrize(
    ("line", "units", "offset"),
    [(0, 0, 0), (0, 3, 2), (0, 9, 3), (1, 0, 5), (1, 9, 6), (2, 0, 7), (9, 0, 7), (0, 2, 2)],
)
def test_positions_that_are_none(line: int, units: int, offset: int) -> None:
    """Beyond the end of a line or of the text, or inside a character."""
    assert Positions("a😀b\r\nc\n", lambda part: counted("utf-16-le", part)).offset(line, units) == offset
