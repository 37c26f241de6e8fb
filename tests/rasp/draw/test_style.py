"""The colours of pictures can be read: by the colour-blind, in grey, on light and dark pages."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest

from rasp.draw.style import DARK, LIGHT, Palette, shade
from tests.rasp.draw.colors import SIGHTS, contrast, distance, lightness

TEXT, MARK = 4.5, 3.0
"""Least contrasts."""

PALETTES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])


@PALETTES
def test_text_and_marks_stand_out(palette: Palette) -> None:
    for ground in (palette.page, palette.panel):
        assert min(contrast(text, ground) for text in (palette.ink, palette.faint)) >= TEXT
        assert contrast(palette.rule, ground) >= MARK
    assert min(contrast(palette.ink, tint) for tint in palette.tints) >= TEXT
    assert min(contrast(mark, palette.page) for mark in (*palette.series, palette.most, palette.greys[-1])) >= MARK


@PALETTES
@pytest.mark.parametrize("sight", SIGHTS)
def test_the_colour_blind_tell_colours_apart(palette: Palette, sight: str) -> None:
    assert min(distance(*pair, sight) for pair in combinations(palette.series, 2)) > 9
    assert min(distance(*pair, sight) for pair in combinations((palette.page, *palette.tints), 2)) > 5.5


@PALETTES
def test_grey_print_tells_colours_apart(palette: Palette) -> None:
    for colors, least in ((palette.series, 8), ((palette.page, *palette.tints), 4.5)):
        light = sorted(map(lightness, colors))
        assert min(b - a for a, b in pairwise(light)) > least


@PALETTES
@pytest.mark.parametrize("sight", SIGHTS)
def test_the_scale_is_even_for_all(palette: Palette, sight: str) -> None:
    steps = [distance(a, b, sight) for a, b in pairwise(palette.scale)]
    assert max(steps) < 1.5 * min(steps)


@PALETTES
def test_the_scale_has_even_lightness_and_the_greys_go_along(palette: Palette) -> None:
    light = [lightness(color) for color in palette.scale]
    steps = [b - a for a, b in pairwise(light)]
    assert palette.scale[0] == palette.greys[0] == palette.page
    assert all(step * steps[0] > 0 for step in steps)
    assert max(map(abs, steps)) < 1.4 * min(map(abs, steps))
    wanted = [light[0] + 0.6 * (one - light[0]) for one in light]
    assert [lightness(grey) for grey in palette.greys] == pytest.approx(wanted, abs=1)


def test_shades_lie_between_the_steps_of_a_scale() -> None:
    scale = ("#000000", "#0a1464", "#ffffff")
    assert [shade(part, scale) for part in (-1, 0, 0.25, 0.5, 1, 2)] == [
        "#000000",
        "#000000",
        "#050a32",
        "#0a1464",
        "#ffffff",
        "#ffffff",
    ]


def test_the_palette_is_plain_data() -> None:
    data = LIGHT.colors()
    assert data["ink"] == LIGHT.ink
    assert data["scale"] == LIGHT.scale
    assert data.keys() == DARK.colors().keys()
