"""Our figures beside those of the literature, at the same ratio of test length to training length."""

from __future__ import annotations

from collections.abc import Sequence

from conjecture.errors import LabError
from conjecture.report.data import Entry
from conjecture.report.document import Block, Heading, Paragraph, Table
from conjecture.report.wording import code, number, percents
from conjecture.task_type import Published
from conjecture.tasks import task_named

NEAR = 0.15
"""How far the ends of our range may be from those of the literature, in training lengths."""


PAPERS = {"Huang et al. 2024": "2410.02140", "Zhou et al. 2023": "2310.16028", "Weiss et al. 2021": "2106.06981"}
"""Numbers on arXiv."""


def cited(source: str) -> str:
    """A source, with a link where it is known."""
    name = next((name for name in PAPERS if source.startswith(name)), None)
    return f"[{source}](https://arxiv.org/abs/{PAPERS[name]})" if name else source


def literature(entries: Sequence[Entry]) -> tuple[Block, ...]:
    """The section.

    Args:
        entries: one for each task and kind of model.
    """
    rows = [
        row
        for task in sorted({entry.task for entry in entries})
        for figure in _published(task)
        for row in _rows(figure, [entry for entry in entries if entry.task == task])
    ]
    head = Heading("Beside the literature")
    if not rows:
        return head, Paragraph("No figures are published for these tasks, as far as the tasks say.")
    ratios = sorted({row[1] for row in rows})
    times = " to ".join(dict.fromkeys(number(ratio, 1) for ratio in (ratios[0], ratios[-1])))
    about = (
        "Published figures, and ours over the same range in training lengths: tests from just beyond the training length up to "
        "twice it stand beside tests on 51 to 100 of models trained on 1 to 50. Absolute lengths differ: the published models "
        f"were trained on inputs {times} times as long as ours, and sizes and training differ, so that agreement is to be "
        "looked for in the order of tasks rather than in the figures. All seeds count."
    )
    columns = (
        "task",
        "source",
        "setting",
        "trained on",
        "tested on",
        "published, %",
        "ours trained on",
        "tested on",
        "ours, %",
        "seeds",
    )
    return head, Paragraph(about), Table(columns, tuple(row[0] for row in rows), left=("source", "setting"))


def _published(task: str) -> tuple[Published, ...]:
    try:
        return task_named(task).published
    except LabError:
        return ()


def _rows(figure: Published, entries: Sequence[Entry]) -> list[tuple[tuple[str, ...], float]]:
    """A row for each of our kinds of models with the positions of the setting, or for all kinds if it does not say."""
    wanted = next(
        (name for start, name in (("learned", "learned"), ("no pos", "none")) if figure.setting.startswith(start)), None
    )
    rows = []
    for entry in entries:
        if wanted in (None, entry.kind.positions):
            low, high, right = ours(figure, entry)
            if right:
                theirs = (code(entry.task), cited(figure.source), figure.setting, _span(*figure.trained), _span(*figure.tested))
                own = (_span(*entry.trained), _span(low, high), percents(right), str(len(right)))
                ratio = figure.trained[1] / max(1, entry.trained[1])
                rows.append(((*theirs, number(figure.percent, 1), *own), ratio))
    return rows


def ours(figure: Published, entry: Entry) -> tuple[int, int, tuple[float, ...]]:
    """The range tested by us that is nearest in training lengths, and exact match of each seed; nothing if none is near."""
    theirs, trained = figure.trained[1], max(1, entry.trained[1])
    # The lower end is "one more than", which is more of a short training length.
    wanted = (figure.tested[0] - 1) / theirs, figure.tested[1] / theirs

    def distance(test: tuple[int, int]) -> float:
        return max(abs((test[0] - 1) / trained - wanted[0]), abs(test[1] / trained - wanted[1]))

    ranges = sorted({(score.low, score.high) for seed in entry.seeds for score in seed.scores if score.low < score.high})
    best = min(ranges, key=distance, default=None)
    if best is None or distance(best) > NEAR:
        return 0, 0, ()
    scores = [seed.over(*best) for seed in entry.seeds]
    return *best, tuple(score.exact for score in scores if score is not None)


def _span(low: int, high: int) -> str:
    return f"{low}–{high}"
