"""Generalization against a length: a point for each task, with its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator

from conjecture.report.labels import Box, Point, place
from conjecture.report.style import STYLES, WIDE, drawn, plain
from rasp.draw.style import FINE, HAIR, LIGHT, SMALL

RADIUS = 2.5
"""Of the points on the page, in points of type."""

LOGARITHMIC, MANY = 12, 100
"""Ratios of the greatest length to the least: from the first on the axis is logarithmic, from the second only powers of ten are
marked."""


@dataclass(frozen=True)
class Dot:
    """A task.

    Attributes:
        values: of its seeds; the point is their mean, and a line joins the least and the greatest.
        named: whether its name is written beside it.
        hollow: whether no seed fitted.
    """

    name: str
    x: float
    values: tuple[float, ...]
    legal: bool | None
    named: bool = True
    hollow: bool = False

    @property
    def y(self) -> float:
        """The mean."""
        return sum(self.values) / len(self.values)


def scatter(dots: Sequence[Dot], xlabel: str, ylabel: str, note: str = "", top: float | None = None) -> str:
    """A figure.

    Args:
        note: stands above.
        top: the greatest value that can be reached: a dashed line.
    """

    def draw(figure: Figure, grid: np.ndarray) -> None:
        axes = grid[0, 0]
        axes.set(xlabel=plain(xlabel), ylabel=ylabel)
        axes.set_title(note, loc="left")
        if top is not None:
            axes.axhline(top, color=LIGHT.rule, linewidth=FINE, linestyle=(0, (4, 3)), zorder=1)
        _scale(axes, [dot.x for dot in dots])
        _points(axes, dots)
        axes.margins(x=0.08, y=0.1)
        axes.legend(loc="upper center", bbox_to_anchor=(0.45, -0.11), ncols=3, handletextpad=0.2, columnspacing=1)
        _names(figure, axes, dots)

    return drawn(draw, (WIDE, 4.0), edges=(0.11, 0.17, 0.94, 0.94))


def _scale(axes: Axes, lengths: Sequence[float]) -> None:
    ratio = max(lengths) / min(lengths) if min(lengths) > 0 else 1
    if ratio > LOGARITHMIC:
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(LogLocator(subs=(1,) if ratio > MANY else (1, 2, 5)))
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        axes.xaxis.set_minor_locator(NullLocator())


def _points(axes: Axes, dots: Sequence[Dot]) -> None:
    for (legal, (marker, color, meaning)), named in product(STYLES.items(), (True, False)):
        own = [dot for dot in dots if dot.legal is legal and dot.named is named]
        if not own:
            continue
        x, y = [dot.x for dot in own], [dot.y for dot in own]
        spread = [[dot.y - min(dot.values) for dot in own], [max(dot.values) - dot.y for dot in own]]
        axes.errorbar(x, y, spread, fmt="none", ecolor=color, elinewidth=HAIR)
        look = {"marker": marker, "s": 26 if named else 12}
        full, hollow = ([dot for dot in own if dot.hollow is empty] for empty in (False, True))
        name = f"{meaning}{', generated' * (not named)}"
        for some, face, edge in ((full, color, LIGHT.page), (hollow, "none", color)):
            label = name if some is full else ""
            place = [dot.x for dot in some], [dot.y for dot in some]
            axes.scatter(*place, facecolors=face, edgecolors=edge, linewidths=FINE, label=label, zorder=3, **look)


def _names(figure: Figure, axes: Axes, dots: Sequence[Dot]) -> None:
    """Write the names beside the points, with a line where one stands off."""
    axes.autoscale_view()
    scale = 72 / figure.dpi
    room = Box(*(scale * edge for edge in axes.get_window_extent().extents))
    named, others = [dot for dot in dots if dot.named], [dot for dot in dots if not dot.named]

    def points(some: Sequence[Dot]) -> list[Point]:
        return [Point(*(scale * axes.transData.transform((dot.x, dot.y)))) for dot in some]

    boxes = place(points(named), [dot.name for dot in named], points(others), room, SMALL, RADIUS)
    for dot, point, box in zip(named, points(named), boxes, strict=True):
        if box is not None:
            _name(axes, dot, point, box)


def _name(axes: Axes, dot: Dot, point: Point, box: Box) -> None:
    """A name on a ground of its own, which hides lines of reference and lines to other names, but nothing of the data."""
    middle = (box.bottom + box.top) / 2 - point.y
    if abs(middle) > SMALL:
        near = min(max(point.x, box.left), box.right) - point.x, (box.bottom if middle > 0 else box.top) - point.y
        line = {"arrowstyle": "-", "color": LIGHT.rule, "linewidth": HAIR, "shrinkA": 0, "shrinkB": 2}
        axes.annotate("", (dot.x, dot.y), near, textcoords="offset points", arrowprops=line, zorder=1)
    right = box.right > point.x + RADIUS + 1
    axes.annotate(
        plain(dot.name),
        (dot.x, dot.y),
        ((box.left if right else box.right) - point.x, middle),
        textcoords="offset points",
        ha="left" if right else "right",
        va="center",
        bbox={"facecolor": LIGHT.page, "edgecolor": "none", "pad": 0.3},
        zorder=1.5,
    )
