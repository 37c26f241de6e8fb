"""Pictures of what is seen inside: attention maps, norms, and the reach of heads in training. SVG."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from conjecture.inside.opened import Opened
from conjecture.inside.retrieval import Reach
from conjecture.report.style import BLUE, GREEN, GREY, ORANGE, RED, VIOLET, drawn, plain

COLORS = (BLUE, ORANGE, GREEN, VIOLET, RED)
MOST_SHOWN = 40
"""Positions of a map."""


def maps_svg(opened: Opened) -> str:
    """The attention map of each head, a row of maps for each layer: queries down, keys across.

    BOS, which takes the weight that a head gives to no token, is grey; tokens are blue, the darkest for the largest weight of the
    head, which the title tells.
    """
    heads = max(len(maps) for maps in opened.maps)
    shown = opened.tokens[:MOST_SHOWN]
    side = max(1.5, 0.5 + 0.17 * len(shown))

    def draw(figure: Figure, grid: np.ndarray) -> None:
        for row, (name, maps) in zip(grid, zip(opened.layers, opened.maps, strict=True), strict=True):
            for axes in row[len(maps) :]:
                axes.axis("off")
            for number, (axes, weights) in enumerate(zip(row, maps, strict=False), start=1):
                _map(axes, weights[: len(shown), : len(shown)], shown, f"{name}, head {number}")

    return drawn(draw, (side * heads, (side + 0.15) * len(opened.maps)), rows=len(opened.maps), columns=heads)


def _map(axes: Axes, weights: np.ndarray, tokens: Sequence[str], title: str) -> None:
    largest = max(float(weights[:, 1:].max()), 1e-30)
    edges = np.arange(len(tokens) + 1)
    axes.pcolormesh(edges[:2], edges, weights[:, :1], cmap="Greys", vmin=0, vmax=1.5)
    axes.pcolormesh(edges[1:], edges, weights[:, 1:], cmap="Blues", vmin=0, vmax=largest)
    axes.invert_yaxis()
    axes.set_aspect("equal")
    places, names = np.arange(len(tokens)) + 0.5, [plain(token) for token in tokens]
    axes.set_xticks(places, names, fontsize=5, rotation=90)
    axes.set_yticks(places, names, fontsize=5)
    axes.tick_params(length=0)
    axes.set_title(plain(f"{title} (≤ {largest:.2g})"), fontsize=6, pad=3)


def norms_svg(named: Sequence[tuple[str, Opened]]) -> str:
    """The mean norm of token representations after each layer, of one model or of several; BOS is dashed."""

    def draw(figure: Figure, grid: np.ndarray) -> None:
        axes = grid[0, 0]
        for number, (name, opened) in enumerate(named):
            norms, color = opened.norms[::2], COLORS[number % len(COLORS)]
            axes.plot(norms[:, 1:].mean(axis=1), color=color, label=plain(name))
            axes.plot(norms[:, 0], color=color, linestyle="--", linewidth=0.8)
        axes.set_xlabel("layers passed")
        axes.set_ylabel("norm")
        axes.set_yscale("log")
        if len(named) > 1:
            axes.legend()

    return drawn(draw, (3.6, 2.2))


def reach_svg(seen: Sequence[tuple[int, Reach]]) -> str:
    """The largest weight of any head for each number of hops, and how often a value so far off is named right, by step."""
    steps = [step for step, _ in seen]

    def draw(figure: Figure, grid: np.ndarray) -> None:
        left, right = grid[0]
        for hops in range(len(seen[0][1].strongest)):
            left.plot(steps, [reach.strongest[hops] for _, reach in seen], color=COLORS[hops % len(COLORS)], label=f"{hops + 1}")
        for looks in range(len(seen[0][1].right)):
            color = GREY if looks == 0 else COLORS[(looks - 1) % len(COLORS)]
            right.plot(steps, [reach.right[looks] for _, reach in seen], color=color)
        for axes, title in ((left, "largest attention weight so many hops back"), (right, "values named right (grey: no hop)")):
            axes.set_title(title, loc="left", fontsize=7)
            axes.set_ylim(-0.04, 1.04)
            axes.set_xlabel("step")
        left.legend(title="hops", title_fontsize=7)

    return drawn(draw, (6.6, 2.4), columns=2)
