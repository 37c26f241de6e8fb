"""What all figures share: SVG with the same bytes for the same data, in the style of all pictures (``rasp.draw.style``)."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from typing import Any

import matplotlib as mpl
import numpy as np
from cycler import cycler
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from rasp.draw.style import FINE, FONTS, LIGHT, LINE, SMALL

COLUMN, WIDE = 3.3, 4.6
"""Widths of figures in inches: a column of a paper, and what can still be read when it is made as narrow."""

SHADED = 0.18
"""Opacity of bands behind curves."""

SETTINGS: dict[Any, Any] = {
    "svg.hashsalt": "conjecture",
    "svg.fonttype": "none",
    "font.family": FONTS[-1],
    "font.monospace": FONTS[:-1],
    "font.size": SMALL,
    "text.color": LIGHT.ink,
    "axes.labelcolor": LIGHT.ink,
    "axes.edgecolor": LIGHT.rule,
    "axes.linewidth": FINE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": SMALL,
    "axes.labelsize": SMALL,
    "axes.prop_cycle": cycler(color=LIGHT.series),
    "xtick.color": LIGHT.rule,
    "ytick.color": LIGHT.rule,
    "xtick.labelcolor": LIGHT.ink,
    "ytick.labelcolor": LIGHT.ink,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "legend.frameon": False,
    "legend.fontsize": SMALL,
    "legend.title_fontsize": SMALL,
    "lines.linewidth": LINE,
    "lines.markersize": 3,
    "figure.facecolor": LIGHT.page,
}
STYLES: Mapping[bool | None, tuple[str, str, str]] = {
    True: ("o", LIGHT.blue, "RASP-L"),
    False: ("X", LIGHT.orange, "breaks RASP-L"),
    None: ("D", LIGHT.violet, "RASP, both directions"),
}
"""Marker, colour and meaning, by whether a program is legal RASP-L."""

SCALE, GREYS = (
    LinearSegmentedColormap.from_list(name, colors) for name, colors in (("scale", LIGHT.scale), ("greys", LIGHT.greys))
)
"""Of maps: what counts, and what is beside the point."""


def drawn(
    draw: Callable[[Figure, np.ndarray], object],
    size: tuple[float, float],
    *,
    rows: int = 1,
    columns: int = 1,
    edges: tuple[float, float, float, float] | None = None,
) -> str:
    """What a function draws on axes of so many rows and columns, as SVG.

    Args:
        size: in inches.
        edges: left, bottom, right and top of the axes, as parts of the size; found from what is drawn if they are not given.
    """
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=size, layout=None if edges else "constrained")
        if edges:
            left, bottom, right, top = edges
            figure.subplots_adjust(left=left, bottom=bottom, right=right, top=top)
        draw(figure, figure.subplots(rows, columns, squeeze=False))
        return _svg(figure)


def plain(text: str) -> str:
    """A text that matplotlib takes as it is: a dollar is no formula."""
    return text.replace("$", r"\$")


def _svg(figure: Figure) -> str:
    """Without date, declaration, and needless digits."""
    file = io.StringIO()
    nothing: dict[str, Any] = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    figure.savefig(file, format="svg", metadata=nothing)
    text = file.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<[^>]*>", lambda tag: re.sub(r"-?\d+\.\d{3,}", _rounded, tag[0]), text)
    return re.sub(r"\s*\n\s*", "\n", text)


def _rounded(found: re.Match[str]) -> str:
    return f"{float(found[0]):.2f}".rstrip("0").rstrip(".")
