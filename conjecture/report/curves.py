"""Exact match by test length, and intervals of correlations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from conjecture.report.statistics import Interval
from conjecture.report.style import COLUMN, SHADED, WIDE, drawn, plain
from rasp.draw.style import FINE, LIGHT, THICK

COLUMNS = 2

DASHES: tuple[str | tuple[int, tuple[float, ...]], ...] = ("-", (0, (2.5, 0.8)), (0, (1, 0.6)))
"""Of mean curves: when all colours are in use, they come again with other dashes."""

SHORT = 34
"""Names of so many letters stand beside each other in a legend."""


@dataclass(frozen=True)
class Curve:
    """Models of one kind on one task.

    Attributes:
        lengths: at which they were tested.
        seeds: exact match of each model at each of them; NaN where it wasn't tested.
        fitted: which of them fitted the training lengths.
        style: a number; the same for the same kind of model.
    """

    lengths: tuple[int, ...]
    seeds: tuple[tuple[float, ...], ...]
    fitted: tuple[bool, ...]
    style: int = 0


@dataclass(frozen=True)
class Panel:
    """A task: its training lengths, its curves, and what chance gives at some lengths."""

    name: str
    trained: tuple[int, int]
    curves: tuple[Curve, ...]
    chance: tuple[tuple[int, float], ...] = ()


def curves(panels: Sequence[Panel], kinds: Sequence[str]) -> str:
    """A panel for each task: training lengths shaded, a thin line for each seed, dotted if it never fitted, and a thick one for
    the mean of those that fitted, or of all if none did. Chance is grey.

    Args:
        kinds: the names of the styles of curves; a legend if there are several.
    """
    rows = -(-len(panels) // COLUMNS)

    def draw(figure: Figure, grid: np.ndarray) -> None:
        for axes, panel in zip(grid.flat, panels, strict=False):
            _panel(axes, panel)
        for axes in list(grid.flat)[len(panels) :]:
            axes.axis("off")
        used = sorted({curve.style for panel in panels for curve in panel.curves})
        if len(kinds) > 1:
            lines = [
                grid[0, 0].plot([], [], color=_color(style), linestyle=_dashes(style), label=plain(kinds[style]))[0]
                for style in used
            ]
            short = all(len(kinds[style]) <= SHORT for style in used)
            figure.legend(handles=lines, loc="outside lower center", ncols=2 if short else 1)

    return drawn(draw, (WIDE, 1.35 * rows + 0.1), rows=rows, columns=COLUMNS)


def _panel(axes: Axes, panel: Panel) -> None:
    axes.axvspan(*panel.trained, color=LIGHT.rule, alpha=SHADED, linewidth=0)
    for curve in panel.curves:
        color = _color(curve.style)
        seeds, fitted = np.array(curve.seeds), np.array(curve.fitted)
        for seed, solid in zip(seeds, fitted, strict=True):
            axes.plot(curve.lengths, seed, color=color, linewidth=FINE, linestyle="-" if solid else ":")
        mean, some = _mean(seeds[fitted] if fitted.any() else seeds)
        axes.plot(np.array(curve.lengths)[some], mean[some], color=color, linestyle=_dashes(curve.style), linewidth=THICK)
    axes.plot(*zip(*panel.chance, strict=True) if panel.chance else ([], []), color=LIGHT.faint, linewidth=FINE, linestyle="--")
    _percents(axes, panel.name)


def _color(style: int) -> str:
    return LIGHT.series[style % len(LIGHT.series)]


def _dashes(style: int) -> str | tuple[int, tuple[float, ...]]:
    return DASHES[style // len(LIGHT.series) % len(DASHES)]


def _mean(lines: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mean of those lines that are known at a place, and the places where at least half are."""
    known = np.isfinite(lines)
    mean = np.where(known, lines, 0).sum(axis=0) / np.maximum(1, known.sum(axis=0))
    return mean, known.sum(axis=0) * 2 >= len(lines)


def _percents(axes: Axes, title: str) -> None:
    axes.set_title(plain(title), loc="left", x=-0.16, pad=4)  # names are as long as panels are wide
    axes.set_ylim(-0.04, 1.04)
    axes.set_yticks([0, 0.5, 1], ["0", "", "100 %"])
    axes.tick_params(length=2)


@dataclass(frozen=True)
class Band:
    """Tasks with programs of similar lengths.

    Attributes:
        lines: exact match at some lengths, in training lengths, of each task.
    """

    name: str
    lines: tuple[tuple[tuple[float, ...], tuple[float, ...]], ...]


def band(one: Band, number: int) -> str:
    """A line for each task, and a thick one for their mean, as far as half of them are tested."""

    def draw(figure: Figure, grid: np.ndarray) -> None:
        axes, color = grid[0, 0], LIGHT.series[number % len(LIGHT.series)]
        axes.axvspan(0, 1, color=LIGHT.rule, alpha=SHADED, linewidth=0)
        for lengths, right in one.lines:
            axes.plot(lengths, right, color=color, linewidth=FINE)
        places = np.arange(1, 31) / 10
        mean, some = _mean(np.array([np.interp(places, *line, left=np.nan, right=np.nan) for line in one.lines]))
        axes.plot(places[some], mean[some], color=color, linewidth=THICK)
        _percents(axes, one.name)
        axes.set_xlabel("test length / training length")

    return drawn(draw, (COLUMN, 2.0))


def forest(rows: Sequence[tuple[str, Sequence[Interval | None]]], groups: Sequence[str], xlabel: str) -> str:
    """Intervals of the correlation of each measure, for several groups of tasks."""
    height = 0.5 + len(rows) * (0.1 + 0.07 * len(groups))

    def draw(figure: Figure, grid: np.ndarray) -> None:
        axes = grid[0, 0]
        axes.axvline(0, color=LIGHT.rule, linewidth=FINE)
        for number, group in enumerate(groups):
            color, shift = LIGHT.series[number], (number - (len(groups) - 1) / 2) * 0.24
            known = [(place + shift, row[1][number]) for place, row in enumerate(rows)]
            some = [(place, one) for place, one in known if one is not None and one.known]
            values = [one.value for _, one in some]
            spread = [[one.value - one.low for _, one in some], [one.high - one.value for _, one in some]]
            places = [place for place, _ in some]
            axes.errorbar(values, places, xerr=spread, fmt="o", color=color, elinewidth=FINE, label=group)
        axes.set_yticks(range(len(rows)), [plain(name) for name, _ in rows])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlim(-1.02, 1.02)
        axes.set_xlabel(xlabel)
        if len(groups) > 1:
            figure.legend(loc="outside lower center", ncols=3)

    return drawn(draw, (WIDE, height))
