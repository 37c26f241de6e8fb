"""Looped models beside others that were trained for the same question."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from conjecture.report.curves import Curve, Panel, curves
from conjecture.report.data import Entry, Study
from conjecture.report.document import Block, Heading, Paragraph, Picture, Pictures, Table
from conjecture.report.outcomes import in_range, score_at
from conjecture.report.tables import fitting, size
from conjecture.report.wording import code, kind_name, loop_name, percents

FARTHER = (("+5", lambda trained: trained + 5), ("+10", lambda trained: trained + 10), ("2×", lambda trained: 2 * trained))
STOPS = (("told when to stop", "oracle"), ("one step for all", "batch"), ("by itself", "exact"))
"""What is said of where a model stops, and the figure of that."""


def loop_section(study: Study) -> tuple[Block, ...]:
    """The section; nothing if no model has a loop."""
    families = defaultdict(list)
    for entry in study.entries:
        families[entry.family].append(entry)
    shown = {name: found for name, found in sorted(families.items()) if any(_chooses(entry) for entry in found)}
    if not shown:
        return ()
    entries = [entry for found in shown.values() for entry in found]
    about = (
        "Models with a loop beside others for the same questions. A looped model is told when to stop, or all samples of a test "
        "stop at the step that it is surest of on the average, or each stops by itself where the model is surest of it. What "
        "generates token by token is told by the length of the answer, and else stops by itself. Exact match in %, mean over "
        "all seeds, with the least and the greatest."
    )
    says = "Exact match by length, told when to stop"
    return (
        Heading("Loops"),
        Paragraph(about),
        _table(entries),
        Paragraph(f"**{says}**: training lengths are shaded, thin lines are seeds."),
        Pictures((Picture("loops", says, _curves(shown)),)),
    )


def _chooses(entry: Entry) -> bool:
    return entry.kind.loop != "none" and entry.kind.steps is None


def _table(entries: Sequence[Entry]) -> Table:
    columns = ["task", "model", "trained on", "seeds fitted", "in range"]
    columns += [f"{stop} {length}" for length, _ in FARTHER for stop, _ in STOPS]
    rows = []
    for entry in entries:
        figures = []
        for _, length in FARTHER:
            for _, figure in STOPS:
                of = score_at(length, figure)
                known = [value for seed in entry.seeds if (value := of(entry, seed)) is not None]
                # Where there is nothing to choose, one figure says it all.
                figures.append("" if figure == "batch" and not _chooses(entry) else percents(known))
        inside = [value for seed in entry.seeds if (value := in_range(entry, seed)) is not None]
        trained = f"{entry.trained[0]}–{entry.trained[1]}"
        rows.append((code(entry.task), _model(entry), trained, fitting(entry), percents(inside), *figures))
    return Table(tuple(columns), tuple(rows), left=("model",))


def _model(entry: Entry) -> str:
    return f"{kind_name(entry.kind)}; {size(entry)}"


def _curves(families: dict[str, list[Entry]]) -> str:
    entries = [entry for found in families.values() for entry in found]
    named = loop_name if len({(entry.kind.positions, entry.kind.architecture) for entry in entries}) == 1 else kind_name

    def style(entry: Entry) -> str:
        return _style(entry, named(entry.kind))

    names = list(dict.fromkeys(map(style, entries)))
    panels = [
        Panel(family, found[0].trained, tuple(_curve(entry, names.index(style(entry))) for entry in found))
        for family, found in families.items()
    ]
    return curves(panels, names)


def _style(entry: Entry, kind: str) -> str:
    """What a curve is called: the form of the question and the kind of model."""
    form = entry.task.removesuffix(entry.family).strip("-") or entry.task
    return f"{form}: {kind}" if kind else form


def _curve(entry: Entry, style: int) -> Curve:
    lengths = tuple(sorted({score.low for seed in entry.seeds for score in seed.single}))
    right = [{score.low: score.oracle for score in seed.single} for seed in entry.seeds]
    seeds = tuple(tuple(known.get(length, math.nan) for length in lengths) for known in right)
    return Curve(lengths, seeds, tuple(seed.fitted for seed in entry.seeds), style)
