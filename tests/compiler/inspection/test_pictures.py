"""The picture of the residual stream and the pictures of attention maps."""

from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from compiler.blueprint import Blueprint, CellUse, Executed
from compiler.inspection.attention import AttentionMaps, HeadMap
from compiler.inspection.residual import MOST_ROWS, residual_svg
from compiler.inspection.rows import cells_in_use, ranges, rows
from tests.compiler.inspection.blueprints import SMALL

Golden = Callable[[str, str], None]


def texts(svg: str) -> list[str]:
    """What a well-formed picture says, titles apart."""
    return [element.text or "" for element in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize(
    ("numbers", "text"), [((), ""), ((3,), "3"), ((1, 2, 3), "1-3"), ((0, 2, 3, 5, 7, 8, 9), "0, 2-3, 5, 7-9")]
)
def test_ranges(numbers: tuple[int, ...], text: str) -> None:
    assert ranges(numbers) == text


def test_cells_alike_are_one_row() -> None:
    found = rows(SMALL)
    assert [(row.name, [stay.label for stay in row.stays]) for row in found] == [
        ("0", ["BOS"]),
        ("1-2", ["token", "table of 13"]),
        ("3", ["index"]),
        ("4", ["sum"]),
        ("5", ["looked up <&>"]),
        ("6", ["unread"]),
    ]
    assert [(stay.low, stay.high) for stay in found[1].stays] == [(-3, 1), (0, 12)]
    assert [cells_in_use(SMALL, time) for time in range(6)] == [5, 5, 5, 6, 2, 1]


def test_the_residual_stream(golden: Golden) -> None:
    golden("stream.svg", residual_svg(SMALL, "x <&> y"))


def test_what_the_residual_stream_shows() -> None:
    shown = texts(residual_svg(SMALL, "sorted"))
    for text in ("layer 1", "layer 2", "embedding", "unembedding", "cells 1-2", "cells in use", "width", "looked up <&>"):
        assert text in shown
    assert shown.count("attention") == shown.count("MLP") == 2


def test_a_model_without_layers_and_one_of_many_cells() -> None:
    use = CellUse(0, "token", "token", 0, 1, 0, 0, 1, None)
    assert "token" in texts(residual_svg(Blueprint(0, 1, (use,), (), ()), "x"))
    many = tuple(replace(use, cell=cell, label=f"value {cell}") for cell in range(MOST_ROWS + 1))
    shown = texts(residual_svg(Blueprint(0, len(many), many, (), ()), "x"))
    assert f"the first {MOST_ROWS} of {MOST_ROWS + 1} rows are shown" in shown
    assert f"value {MOST_ROWS}" not in shown


def maps(length: int = 3) -> AttentionMaps:
    """A head that sums, as little weight as such heads give, and one that looks up; the last query selects nothing."""
    sums, looks = np.zeros((2, length + 1, length + 1), np.float32)
    sums[:, 0] = 1
    sums[1, 2] = sums[2, 2] = 1 / 1024
    sums[1:3, 0] -= 1 / 1024
    sums[2, 3] = 1 / 4096
    looks[0, 0] = looks[length, 0] = 1
    looks[1, 2] = looks[2, 1] = 1
    heads = (HeadMap(SMALL.heads[0], 1, Executed(1), sums), HeadMap(SMALL.heads[1], 1, Executed(2), looks))
    return AttentionMaps(("BOS", "a", "<&>", *"c" * (length - 2)), (sums[None], looks[None]), heads)


def test_attention(golden: Golden) -> None:
    golden("attention.svg", maps().svg())


def test_attention_as_text() -> None:
    assert str(maps()).splitlines() == [
        "layer 1, head 1 sums over tokens_str < tokens_str",
        "        a <&>   c",
        "    a   .   #   .",
        "  <&>   .   #   2",
        "    c   .   .   .",
        "layer 2, head 1 looks up width == indices",
        "        a <&>   c",
        "    a   .   #   .",
        "  <&>   #   .   .",
        "    c   .   .   .",
    ]


def test_a_long_input_is_cut() -> None:
    long = maps(100)
    assert "the first 64 of 100 positions are shown" in texts(long.svg())
    assert len(str(long).splitlines()) == 2 * (2 + 64)
