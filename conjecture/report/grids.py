"""Retrieval: how deep a model must be for how many hops."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from conjecture.report.data import Entry, Study
from conjecture.report.document import Block, Heading, Paragraph, Table
from conjecture.report.outcomes import score_at
from conjecture.report.wording import code, counted, kind_name, number, percents

AS_TRAINED = score_at(lambda trained: trained, "exact")


def grid_section(study: Study) -> tuple[Block, ...]:
    """The section; nothing if no model was trained for retrieval."""
    groups: dict[tuple[str, str, str], list[Entry]] = defaultdict(list)
    for entry in study.entries:
        if entry.family == "retrieval":
            groups[entry.suite, entry.task, f"{kind_name(entry.kind)}, width {entry.recipe.get('width')}"].append(entry)
    if not groups:
        return ()
    about = (
        "Models trained for a number of hops, by depth: exact match in % on as many hops, mean over seeds, with the least and "
        "the greatest. Tasks whose names end in curriculum ask for what fewer hops reach, too, and their figures are of all that "
        "is asked. Musat 2024 proves that D hops need at least log3(2 D) layers, and reports that they are learned only if "
        "shorter retrievals are in the same signal. Chance is 10 % for one answer."
    )
    blocks: list[Block] = [Heading("Retrieval"), Paragraph(about)]
    for (suite, task, kind), entries in sorted(groups.items()):
        blocks += [Paragraph(f"**{code(task)}** in the suite {suite}: {kind}"), _grid(entries)]
    return tuple(blocks)


def _grid(entries: Sequence[Entry]) -> Table:
    """A row for each number of hops, a column for each depth."""
    hops = sorted({entry.trained[1] for entry in entries})
    depths = sorted({int(entry.recipe["layers"]) for entry in entries})
    rows = []
    for length in hops:
        cells = []
        for depth in depths:
            here = [entry for entry in entries if (entry.trained[1], entry.recipe["layers"]) == (length, depth)]
            known = [value for entry in here for seed in entry.seeds if (value := AS_TRAINED(entry, seed)) is not None]
            cells.append(percents(known))
        rows.append((str(length), number(_bound(length), 0), *cells))
    return Table(("hops", "layers at least", *(counted(depth, "layer") for depth in depths)), tuple(rows))


def _bound(hops: int) -> int:
    """The least number of layers with 3 ** layers ≥ 2 · hops (Musat 2024)."""
    return next(layers for layers in range(1, 2 * hops + 2) if 3**layers >= 2 * hops)
