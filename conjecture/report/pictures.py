"""The sections of figures."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from conjecture.report.analysis import FEW
from conjecture.report.answer import Group
from conjecture.report.curves import Band, Curve, Panel, band, curves, forest
from conjecture.report.data import Entry, Study
from conjecture.report.document import Block, Heading, Paragraph, Picture, Pictures
from conjecture.report.outcomes import FURTHEST, measure_names, values
from conjecture.report.scatter import Dot, scatter
from conjecture.report.wording import correlation, counted, kind_name, measure_name

PANELS = 8
"""In a figure of curves."""

MOST_NAMES = 45
"""Generated tasks are named in the figures up to so many tasks."""

BANDS = 3
LEAST = 2 * BANDS
"""Tasks from which bands are drawn."""


def length_section(groups: Sequence[Group]) -> tuple[Block, ...]:
    """Generalization against every measure of length."""
    entries = groups[-1].entries
    head = Heading("Generalization and program length")
    measures = measure_names(entries)
    if not measures:
        return head, Paragraph("The length of no program is known.")
    about = (
        "The furthest length against each measure: a point for each task, the mean over the seeds that fitted, and a line from "
        "the least to the greatest; a hollow one is the mean over all seeds where none fitted. The correlation is over the "
        "others. The dashed line is the greatest length that was tested. The conjecture expects points from the upper left to "
        "the lower right. The size of a compiled transformer also depends on the longest length and on the tokens that it is "
        "for."
    )
    pictures = tuple(picture for measure in measures if (picture := _scatter(measure, groups[-1])) is not None)
    if not pictures:
        return head, Paragraph("No model was tested at single lengths.")
    families = len({entry.family for entry in entries})
    if families < FEW:
        few = counted(families, "family", "families")
        return head, Paragraph(f"Tasks of {few} are too few to be drawn against length; the lengths are in the table of tasks.")
    return head, Paragraph(about), Pictures(pictures)


def _scatter(measure: str, group: Group) -> Picture | None:
    crowded = len(group.entries) > MOST_NAMES
    dots = []
    for entry in group.entries:
        ratios = values(entry, FURTHEST, entry.fitted or entry.seeds)
        if measure in entry.facts.measures and ratios:
            named = not (crowded and entry.generated)
            dots.append(Dot(entry.task, entry.facts.measures[measure], ratios, entry.facts.legal, named, not entry.fitted))
    if not dots:
        return None
    name, top = measure_name(measure), max(entry.tested / max(1, entry.trained[1]) for entry in group.entries)
    relation = next((one for one in group.fitted[FURTHEST.name].relations if one.measure == measure), None)
    known = relation is not None and not math.isnan(relation.spearman.value)
    note = f"Spearman {correlation(relation.spearman.value)}" if relation is not None and known else ""
    svg = scatter(dots, name, "furthest length / training length", note, top)
    return Picture(f"length-{_slug(measure)}", f"Furthest length against {name}. {note}".strip(), svg)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def curve_section(study: Study, groups: Sequence[Group], measure: str) -> tuple[Block, ...]:
    """Exact match by test length.

    Args:
        measure: by which programs are short or long.
    """
    entries = groups[-1].entries
    about = (
        "Exact match at single lengths; training lengths are shaded. Thin lines are seeds, dotted if they never fitted; the "
        "thick line is the mean of those that fitted, or of all if none did; the dashed one is chance."
    )
    blocks: list[Block] = [Heading("Curves"), Paragraph(about)]
    thirds = _bands(entries, measure)
    if thirds:
        says = f"Exact match by length, for thirds of the tasks by {measure_name(measure)}"
        blocks += [Paragraph(f"**{says}**"), Pictures(tuple(_band(one, place, says) for place, one in enumerate(thirds)))]
    kinds = study.kinds
    others = {entry.task: entry for kind in kinds[1:] for entry in study.chosen(kind)}
    alone = [entry for task, entry in sorted(others.items()) if task not in {entry.task for entry in entries}]
    shown = sorted((*entries, *alone), key=lambda entry: (entry.generated, entry.task))
    panels = [_panel(entry.task, study) for entry in shown]
    drawn = []
    for number, start in enumerate(range(0, len(panels), PANELS), start=1):
        some = panels[start : start + PANELS]
        says = f"Exact match by length: {', '.join(panel.name for panel in some)}"
        drawn.append(Picture(f"curves-{number}", says, curves(some, [kind_name(kind) for kind in kinds])))
    return (*blocks, Pictures(tuple(drawn)))


def _band(one: Band, place: int, says: str) -> Picture:
    return Picture(f"third-{place + 1}", f"{says}: {one.name}", band(one, place))


def _panel(task: str, study: Study) -> Panel:
    found = [(style, entry) for style, kind in enumerate(study.kinds) for entry in study.chosen(kind) if entry.task == task]
    entry = found[0][1]
    tests = sorted((test["low"], test["chance"]) for test in entry.facts.tests if test["low"] == test["high"])
    chance = tuple((length, part) for length, part in tests if part is not None)
    return Panel(task, entry.trained, tuple(_curve(one, style) for style, one in found), chance)


def _curve(entry: Entry, style: int) -> Curve:
    lengths = tuple(sorted({score.low for seed in entry.seeds for score in seed.single}))
    seeds = []
    for seed in entry.seeds:
        right = {score.low: score.exact for score in seed.single}
        seeds.append(tuple(right.get(length, math.nan) for length in lengths))
    return Curve(lengths, tuple(seeds), tuple(seed.fitted for seed in entry.seeds), style)


def _bands(entries: Sequence[Entry], measure: str) -> tuple[Band, ...]:
    """Tasks with fitted seeds in thirds of as many each, shortest first; tasks of the same length stay together."""
    known = [entry for entry in entries if entry.fitted and measure in entry.facts.measures]
    lengths = sorted(entry.facts.measures[measure] for entry in known)
    if len(known) < LEAST:
        return ()
    edges = [-math.inf, *(lengths[len(lengths) * third // BANDS - 1] for third in range(1, BANDS)), math.inf]
    found = []
    for low, high in zip(edges, edges[1:], strict=False):
        inside = [entry for entry in known if low < entry.facts.measures[measure] <= high]
        if inside:
            own = [entry.facts.measures[measure] for entry in inside]
            span = " to ".join(dict.fromkeys(f"{length:,.0f}" for length in (min(own), max(own))))
            found.append(Band(f"{span} ({counted(len(inside), 'task')})", tuple(map(_line, inside))))
    return tuple(found)


def _line(entry: Entry) -> tuple[tuple[float, ...], tuple[float, ...]]:
    curve = _curve(entry, 0)
    points = []
    for place, length in enumerate(curve.lengths):
        right = [seed[place] for seed, fitted in zip(curve.seeds, curve.fitted, strict=True) if fitted]
        known = [value for value in right if not math.isnan(value)]
        if known:
            points.append((length / max(1, entry.trained[1]), sum(known) / len(known)))
    return tuple(x for x, _ in points), tuple(y for _, y in points)


def forest_picture(groups: Sequence[Group]) -> Picture | None:
    """The intervals of the correlations of all measures with the furthest length."""
    found = [group.fitted[FURTHEST.name] for group in groups]
    intervals = [{one.measure: one.spearman for one in each.relations if one.spearman.known} for each in found]
    names = [one.measure for one in found[-1].relations if any(one.measure in each for each in intervals)]
    if not names:
        return None
    names.sort(key=lambda name: intervals[-1][name].value if name in intervals[-1] else 2.0)
    rows = [(measure_name(name), [each.get(name) for each in intervals]) for name in names]
    svg = forest(rows, [group.name for group in groups], "Spearman, with the furthest length")
    return Picture("correlations", "Correlations of all measures of length with the furthest length, with intervals", svg)
