"""Pictures of what is seen inside: attention maps, norms, and the reach of heads in training. SVG."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from conjecture.inside.opened import BOS, Opened
from conjecture.inside.retrieval import Reach
from conjecture.report.style import COLUMN, GREYS, SCALE, drawn, plain
from rasp.draw.style import FINE, LIGHT

MOST_SHOWN = 40
"""Positions of a map."""


def maps_svg(opened: Opened) -> str:
    """The attention map of each head, a row of maps for each layer: queries down, keys across.

    BOS, which takes the weight that a head gives to no token, is grey; tokens are blue, the darkest for the largest weight of the
    head, which the title tells.
    """
    heads = max(len(maps) for maps in opened.maps)
    shown = opened.tokens[:MOST_SHOWN]
    side = max(1.6, 0.6 + 0.11 * len(shown))

    def draw(figure: Figure, grid: np.ndarray) -> None:
        for row, (name, maps) in zip(grid, zip(opened.layers, opened.maps, strict=True), strict=True):
            for axes in row[len(maps) :]:
                axes.axis("off")
            for number, (axes, weights) in enumerate(zip(row, maps, strict=False), start=1):
                _map(axes, weights[: len(shown), : len(shown)], shown, f"{name}, head {number}")

    return drawn(draw, (side * heads, (side + 0.2) * len(opened.maps)), rows=len(opened.maps), columns=heads)


def _map(axes: Axes, weights: np.ndarray, tokens: Sequence[str], title: str) -> None:
    largest = max(float(weights[:, 1:].max()), 1e-30)
    edges = np.arange(len(tokens) + 1)
    axes.pcolormesh(edges[:2], edges, weights[:, :1], cmap=GREYS, vmin=0, vmax=1)
    axes.pcolormesh(edges[1:], edges, weights[:, 1:], cmap=SCALE, vmin=0, vmax=largest)
    axes.invert_yaxis()
    axes.set_aspect("equal")
    places, names = np.arange(len(tokens)) + 0.5, [plain(token) for token in tokens]
    axes.set_xticks(places, names)
    axes.set_yticks(places, names)
    axes.tick_params(length=0, pad=2, top=True, labeltop=True, labelbottom=False)
    for label in axes.get_xticklabels():
        label.set_rotation(90 if len(label.get_text()) > 1 else 0)
    axes.set_title(plain(f"{title}\n≤ {largest:.2g}"), pad=4)


def norms_svg(named: Sequence[tuple[str, Opened]]) -> str:
    """The mean norm of token representations after each layer, of one model or of several; BOS is dashed."""

    def draw(figure: Figure, grid: np.ndarray) -> None:
        axes = grid[0, 0]
        for number, (name, opened) in enumerate(named):
            norms, color = opened.norms[::2], LIGHT.series[number % len(LIGHT.series)]
            axes.plot(norms[:, 1:].mean(axis=1), color=color, label=plain(name))
            axes.plot(norms[:, 0], color=color, linestyle="--", linewidth=FINE)
        axes.plot([], [], color=LIGHT.faint, linestyle="--", linewidth=FINE, label=BOS)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_xlabel("layers passed")
        axes.set_ylabel("norm")
        axes.set_yscale("log")
        axes.legend()

    return drawn(draw, (COLUMN, 2.0))


def reach_svg(seen: Sequence[tuple[int, Reach]]) -> str:
    """The largest weight of any head for each number of hops, and how often a value so far off is named right, by step."""
    steps = [step for step, _ in seen]

    def draw(figure: Figure, grid: np.ndarray) -> None:
        upper, lower = grid[:, 0]
        for hops in range(len(seen[0][1].strongest)):
            upper.plot(
                steps,
                [reach.strongest[hops] for _, reach in seen],
                color=LIGHT.series[hops % len(LIGHT.series)],
                label=f"{hops + 1}",
            )
        for looks in range(len(seen[0][1].right)):
            color = LIGHT.rule if looks == 0 else LIGHT.series[(looks - 1) % len(LIGHT.series)]
            lower.plot(steps, [reach.right[looks] for _, reach in seen], color=color)
        for axes, title in ((upper, "largest attention weight so many hops back"), (lower, "values named right (grey: no hop)")):
            axes.set_title(title, loc="left")
            axes.set_ylim(-0.04, 1.04)
        lower.set_xlabel("step")
        upper.legend(title="hops")

    return drawn(draw, (COLUMN, 3.6), rows=2)
