"""What all figures share: SVG with the same bytes for the same data, legible on light and on dark pages."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

GREY = "#7a7a7a"
BLUE, ORANGE, GREEN, RED, VIOLET = "#4c8dcb", "#e0812b", "#3fa06a", "#d0504f", "#9a78c9"
SETTINGS: dict[Any, Any] = {
    "svg.hashsalt": "conjecture",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 8,
    "text.color": GREY,
    "axes.labelcolor": GREY,
    "axes.edgecolor": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 8,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "legend.frameon": False,
    "legend.fontsize": 7,
    "lines.linewidth": 1.2,
    "savefig.transparent": True,
}
STYLES: Mapping[bool | None, tuple[str, str, str]] = {
    True: ("o", BLUE, "RASP-L"),
    False: ("X", RED, "breaks RASP-L"),
    None: ("D", GREEN, "RASP, both directions"),
}
"""Marker, colour and meaning, by whether a program is legal RASP-L."""


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
