"""Models that began with compiled weights."""

from __future__ import annotations

from collections.abc import Sequence

from conjecture.report.data import Entry, Study
from conjecture.report.document import Block, Heading, Paragraph, Table
from conjecture.report.outcomes import in_range, score_at
from conjecture.report.wording import code, percents


def start_section(study: Study) -> tuple[Block, ...]:
    """The section; nothing if all models began with random weights."""
    entries = [entry for entry in study.entries if entry.recipe.get("start") == "compiled"]
    if not entries:
        return ()
    about = (
        "Models that began with the weights of the task's compiled program, with normal noise in parts of each weight, and were "
        "trained for some steps at a learning rate. Exact match in %, mean over seeds, with the least and the greatest."
    )
    return Heading("From compiled weights"), Paragraph(about), _table(sorted(entries, key=_order))


def _order(entry: Entry) -> tuple[str, float, int, float]:
    recipe = entry.recipe
    return entry.task, recipe.get("noise", 0.0), recipe["steps"], recipe["learning_rate"]


def _table(entries: Sequence[Entry]) -> Table:
    rows = []
    for entry in entries:
        recipe = entry.recipe
        rate = f"{recipe['learning_rate']:g}" if recipe["steps"] else ""
        outcomes = (in_range, *(score_at(lambda trained, times=times: times * trained, "exact") for times in (2, 3)))
        figures = ([value for seed in entry.seeds if (value := of(entry, seed)) is not None] for of in outcomes)
        setting = (f"{recipe.get('noise', 0.0):g}", f"{recipe['steps']:,}", rate)
        rows.append((code(entry.task), *setting, str(len(entry.seeds)), *map(percents, figures)))
    return Table(("task", "noise", "steps", "learning rate", "seeds", "in range", "2×", "3×"), tuple(rows))
