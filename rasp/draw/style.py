"""How all pictures look: colours, fonts, sizes. Whoever draws takes them from here; docs/pictures.md says why they are safe.

``LIGHT`` is what the pictures have; ``DARK`` is the same for pages that are dark. ``Palette.colors()`` gives them as plain data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

FONTS = ("DejaVu Sans Mono", "Menlo", "Consolas", "monospace")
"""Fonts, the first that is there. All have letters of one width, at most ``LETTER`` of their size."""

LETTER = 0.61
"""Width of a letter, in font sizes, rounded up."""

TEXT, SMALL = 9.0, 7.0
"""Sizes of type in points: programs and their values, and the lab's figures."""

HAIR, FINE, LINE, THICK = 0.5, 0.75, 1.2, 1.8
"""Widths of lines in points: lines to names; frames, axes and single seeds; curves; means."""


@dataclass(frozen=True)
class Palette:
    """Colours by their use, as ``#rrggbb``.

    Attributes:
        page, panel: what all is drawn on, and bands and boxes on it.
        ink, faint: text; at least 4.5:1 on page and panel, and ink on tints as well.
        rule: frames, axes, lines of reference; at least 3:1 on page and panel.
        grid: the lines between the cells of a matrix, which need not be seen.
        blue, orange, violet, green, red: curves and points; at least 3:1 on the page, each of another lightness.
        cream, sky, peach, azure, lilac, mint: boxes with text in them, each of another lightness.
        scale: of maps, from nothing, which is the page, to the most; even steps between which colours are mixed.
        greys: the same without colour, for what is beside the point; each step is 0.6 as far from the page as that of ``scale``.
    """

    page: str
    panel: str
    ink: str
    faint: str
    rule: str
    grid: str
    blue: str
    orange: str
    violet: str
    green: str
    red: str
    cream: str
    sky: str
    peach: str
    azure: str
    lilac: str
    mint: str
    scale: tuple[str, ...]
    greys: tuple[str, ...]

    @property
    def series(self) -> tuple[str, ...]:
        """The colours of curves, in order."""
        return self.blue, self.orange, self.violet, self.green, self.red

    @property
    def tints(self) -> tuple[str, ...]:
        """The colours of boxes with text in them, in order."""
        return self.cream, self.sky, self.peach, self.azure, self.lilac, self.mint

    @property
    def most(self) -> str:
        """The end of the scale: what is selected."""
        return self.scale[-1]

    def colors(self) -> dict[str, Any]:
        """All by name: texts, and tuples of texts for ``scale`` and ``greys``."""
        return asdict(self)


LIGHT = Palette(
    page="#ffffff",
    panel="#f4f4f4",
    ink="#1a1a1a",
    faint="#4d4d4d",
    rule="#858585",
    grid="#c9c9c9",
    blue="#1097d4",
    orange="#c25725",
    violet="#50399c",
    green="#066d65",
    red="#6e0422",
    cream="#ffeccb",
    sky="#c2dff5",
    peach="#f4be98",
    azure="#86bfee",
    lilac="#cf97c0",
    mint="#7aa375",
    scale=("#ffffff", "#d2eafa", "#a6d5f6", "#7bbef1", "#55a4e8", "#3a89d5", "#2a6ebc", "#2054a0", "#193c82"),
    greys=("#ffffff", "#f0f0f0", "#e2e2e2", "#d3d3d3", "#c4c4c4", "#b4b4b4", "#a5a5a5", "#959595", "#878787"),
)

DARK = Palette(
    page="#17181b",
    panel="#212429",
    ink="#ececec",
    faint="#b3b3b3",
    rule="#757b83",
    grid="#3a4048",
    blue="#0f9cf4",
    orange="#e79f3d",
    violet="#e3dbff",
    green="#06e1a9",
    red="#dd4961",
    cream="#2e2201",
    sky="#013340",
    peach="#6f3c0f",
    azure="#2368a8",
    lilac="#393370",
    mint="#016442",
    scale=("#17181b", "#1f2f47", "#214774", "#2063a1", "#2683c8", "#47a4e4", "#7bc3f0", "#b2def8", "#eaf8ff"),
    greys=("#17181b", "#252525", "#333333", "#424242", "#525252", "#636363", "#747474", "#848484", "#949494"),
)


def shade(part: float, scale: Sequence[str]) -> str:
    """The colour on a scale of a part between 0 and 1."""
    place = min(max(part, 0.0), 1.0) * (len(scale) - 1)
    low = min(int(place), len(scale) - 2)
    mixed = (round(a + (b - a) * (place - low)) for a, b in zip(_channels(scale[low]), _channels(scale[low + 1]), strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def _channels(color: str) -> tuple[int, ...]:
    return tuple(int(color[place : place + 2], 16) for place in (1, 3, 5))
