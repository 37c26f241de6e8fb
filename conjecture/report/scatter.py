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
from conjecture.report.style import GREY, STYLES, drawn, plain

SIZE = 6.5
"""Of names, in points."""

RADIUS = 2.5
"""Of the points on the page, in points of type."""

WIDE, WIDER = 12, 100
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
            axes.axhline(top, color=GREY, linewidth=0.7, linestyle=(0, (4, 3)))
        _scale(axes, [dot.x for dot in dots])
        _points(axes, dots)
        axes.margins(x=0.08, y=0.1)
        axes.legend(loc="upper center", bbox_to_anchor=(0.45, -0.13), ncols=3, handletextpad=0.2, columnspacing=1)
        _names(figure, axes, dots)

    return drawn(draw, (4.6, 3.5), edges=(0.11, 0.2, 0.96, 0.92))


def _scale(axes: Axes, lengths: Sequence[float]) -> None:
    ratio = max(lengths) / min(lengths) if min(lengths) > 0 else 1
    if ratio > WIDE:
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(LogLocator(subs=(1,) if ratio > WIDER else (1, 2, 5)))
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        axes.xaxis.set_minor_locator(NullLocator())


def _points(axes: Axes, dots: Sequence[Dot]) -> None:
    for (legal, (marker, color, meaning)), named in product(STYLES.items(), (True, False)):
        own = [dot for dot in dots if dot.legal is legal and dot.named is named]
        if not own:
            continue
        x, y = [dot.x for dot in own], [dot.y for dot in own]
        spread = [[dot.y - min(dot.values) for dot in own], [max(dot.values) - dot.y for dot in own]]
        axes.errorbar(x, y, spread, fmt="none", ecolor=color, elinewidth=0.6, alpha=0.5 if named else 0.2)
        look = {"marker": marker, "s": 22, "alpha": 0.85} if named else {"marker": marker, "s": 12, "alpha": 0.4}
        full, hollow = ([dot for dot in own if dot.hollow is empty] for empty in (False, True))
        name = f"{meaning}{', generated' * (not named)}"
        axes.scatter([dot.x for dot in full], [dot.y for dot in full], color=color, linewidths=0, label=name, **look)
        axes.scatter(
            [dot.x for dot in hollow], [dot.y for dot in hollow], facecolors="none", edgecolors=color, linewidths=0.9, **look
        )


def _names(figure: Figure, axes: Axes, dots: Sequence[Dot]) -> None:
    """Write the names beside the points, with a line where one stands off."""
    axes.autoscale_view()
    scale = 72 / figure.dpi
    room = Box(*(scale * edge for edge in axes.get_window_extent().extents))
    named, others = [dot for dot in dots if dot.named], [dot for dot in dots if not dot.named]

    def points(some: Sequence[Dot]) -> list[Point]:
        return [Point(*(scale * axes.transData.transform((dot.x, dot.y)))) for dot in some]

    boxes = place(points(named), [dot.name for dot in named], points(others), room, SIZE, RADIUS)
    for dot, point, box in zip(named, points(named), boxes, strict=True):
        if box is not None:
            _name(axes, dot, point, box)


def _name(axes: Axes, dot: Dot, point: Point, box: Box) -> None:
    right = box.right > point.x + RADIUS + 1
    x, y = (box.left if right else box.right) - point.x, (box.bottom + box.top) / 2 - point.y
    line = {"arrowstyle": "-", "color": GREY, "linewidth": 0.3, "shrinkA": 0, "shrinkB": 2} if abs(y) > SIZE else None
    side = "left" if right else "right"
    axes.annotate(
        plain(dot.name), (dot.x, dot.y), (x, y), textcoords="offset points", fontsize=SIZE, ha=side, va="center", arrowprops=line
    )
