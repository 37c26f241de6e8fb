"""The section of statistics."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import polars as pl

from conjecture.report.analysis import BOOTSTRAPS, FEW, SHUFFLES, Findings, Relation, findings
from conjecture.report.answer import RULE, Group
from conjecture.report.data import Entry, Study
from conjecture.report.document import Block, Bullets, Heading, Paragraph, Pictures, Table
from conjecture.report.outcomes import FURTHEST, OUTCOMES, TWICE, measure_names, tidy
from conjecture.report.pictures import forest_picture
from conjecture.report.wording import (
    UNKNOWN,
    between,
    correlation,
    counted,
    kind_name,
    measure_name,
    number,
    p_equals,
    p_value,
    share,
)


def statistics_section(study: Study, groups: Sequence[Group]) -> tuple[Block, ...]:
    """The section."""
    about = (
        "Correlations of ranks over tasks; what a task counts is the mean over its seeds that fitted. The conjecture predicts "
        f"negative ones: the longer the program, the less generalization. In brackets: 95 % intervals from {BOOTSTRAPS:,} "
        "bootstrap samples. Tasks of a family, such as all additions, tend to do alike whatever their programs; so whole "
        f"families are drawn and shuffled, and {FEW} are the least."
    )
    blocks: list[Block] = [Heading("Statistics"), Paragraph(RULE), Paragraph(about)]
    picture = forest_picture(groups)
    if picture is not None:
        blocks.append(Pictures((picture,)))
    for group in groups:
        blocks += _group(group, titled=len(groups) > 1)
    return (*blocks, *_otherwise(study, groups))


def _group(group: Group, *, titled: bool) -> list[Block]:
    blocks: list[Block] = [Heading(group.name.capitalize(), 3)] if titled else []
    found = group.fitted[FURTHEST.name]
    if found.families < FEW or found.strongest is None:
        why = "too few" if found.families < FEW else "but the outcome or all lengths are the same for all"
        some = f"{counted(found.tasks, 'task')} of {counted(found.families, 'family', 'families')}"
        return [*blocks, Paragraph(f"{some} with a fitted seed and a known program: {why}.")]
    order = sorted(range(len(found.relations)), key=lambda i: (_last(found.relations[i].spearman.value), i))
    blocks += [
        Bullets(tuple(_remarks(group.fitted))),
        Paragraph("**Spearman's correlation**"),
        _correlations(group.fitted, order, lambda one: between(one.spearman)),
        Paragraph("**Kendall's correlation, tau-b**"),
        _correlations(group.fitted, order, lambda one: between(one.kendall)),
        Paragraph(_about_prediction(found)),
        _predictions(group.fitted, order),
    ]
    return blocks


def _last(value: float) -> float:
    return 2.0 if math.isnan(value) else value


def _correlations(found: Mapping[str, Findings], order: Sequence[int], figure) -> Table:
    columns = ["measure", "tasks", "tied", *(f"{outcome.name}" for outcome in OUTCOMES)]
    first = found[FURTHEST.name]
    rows = []
    for i in order:
        one = first.relations[i]
        rows.append(
            (
                measure_name(one.measure),
                str(one.tasks),
                str(one.tied),
                *(figure(found[outcome.name].relations[i]) for outcome in OUTCOMES),
            )
        )
    return Table(tuple(columns), tuple(rows))


def _about_prediction(found: Findings) -> str:
    return (
        "**Prediction.** Best: in how many % of bootstrap samples the measure has the strongest Spearman correlation; measures "
        "that order tasks alike share. Left out: each task is predicted by the decreasing function of the measure that fits "
        "the other tasks best in squares; the part of the squared error of predicting their mean that this saves, in % "
        "(negative: worse than knowing nothing), and for how many tasks it is closer. The mean misses the furthest length by "
        f"{number(found.error)} training lengths on average."
    )


def _predictions(found: Mapping[str, Findings], order: Sequence[int]) -> Table:
    columns = ["measure"]
    for outcome in (FURTHEST, TWICE):
        columns += [f"best, {outcome.name}", "left out, saved", "closer", "mean error"]
    rows = []
    for i in order:
        cells = []
        for outcome in (FURTHEST, TWICE):
            one = found[outcome.name].relations[i]
            cells += [share(one.best), share(one.skill), f"{one.closer} of {one.tasks}", number(one.error)]
        rows.append((measure_name(found[FURTHEST.name].relations[i].measure), *cells))
    return Table(tuple(columns), tuple(rows))


def _remarks(found: Mapping[str, Findings]) -> list[str]:
    remarks = []
    for outcome in OUTCOMES:
        one = found[outcome.name]
        if one.strongest is None:
            remarks.append(f"{outcome.name.capitalize()}: nothing to compare.")
            continue
        top = one.strongest
        parts = [
            f"{outcome.name.capitalize()}: strongest is {measure_name(top.measure)}, {between(top.spearman)}, over {one.tasks} "
            f"tasks, of which {one.tied} share their outcome with another; it is the best in {share(top.best)} % of bootstrap "
            f"samples. In {SHUFFLES:,} shuffles the best of {one.measures} measures is as strong with {p_equals(one.p)}."
        ]
        if not math.isnan(one.chosen):
            parts.append(
                f"Predicting each task by the measure that is best without it saves {share(one.chosen)} % of the squared error."
            )
        if one.legality is not None and outcome in (FURTHEST, TWICE):
            parts.append(_legality(one, top))
        remarks.append(" ".join(parts))
    return remarks


def _legality(found: Findings, top: Relation) -> str:
    legal = found.legality
    assert legal is not None
    better = f"{number(legal.means[0])} against {number(legal.means[1])}"
    return (
        f"Legality alone: {legal.legal} legal tasks have a mean of {better} for {legal.illegal} illegal ones; point-biserial "
        f"correlation {between(legal.biserial)}; a legal one does better than an illegal one with probability "
        f"{number(legal.auc.value)} ({number(legal.auc.low)} to {number(legal.auc.high)}). Given legality, the correlation with "
        f"{measure_name(top.measure)} is {correlation(legal.partial)}."
    )


def _otherwise(study: Study, groups: Sequence[Group]) -> tuple[Block, ...]:
    """The furthest length with tasks or seeds counted in other ways."""
    entries = groups[-1].entries
    measures = measure_names(entries)
    fitted = tidy(entries, "fitted")
    ways: list[tuple[str, pl.DataFrame, Sequence[str]]] = [
        ("seeds that fitted", fitted, measures),
        ("all seeds", tidy(entries, "all"), measures),
        ("legal RASP-L only", fitted.filter(pl.col("legal").fill_null(False)), measures),
        ("RASP-L or not, decoders only", fitted.filter(pl.col("legal").is_not_null()), measures),
        ("one task for each program: their mean", _by_program(fitted), measures),
    ]
    for kind in study.kinds[1:]:
        others: Sequence[Entry] = study.chosen(kind)
        ways.append((kind_name(kind), tidy(others, "fitted"), measure_names(others)))
    rows = []
    for name, frame, names in ways:
        found = findings(frame, FURTHEST.name, names, predict=False)
        top = found.strongest
        said = (measure_name(top.measure), between(top.spearman), p_value(found.p)) if top else ("too few", UNKNOWN, UNKNOWN)
        rows.append((name, str(found.tasks), *said, found.verdict.value))
    about = (
        f"The furthest length of {groups[-1].name} ({kind_name(study.kinds[0])}), with tasks or seeds counted in other ways: the "
        "strongest measure, its Spearman correlation, the probability of one as strong with shuffled outcomes, and the verdict."
    )
    columns = ("counted", "tasks", "strongest measure", "Spearman", "p", "verdict")
    head = Heading("Counted otherwise", 3)
    return head, Paragraph(about), Table(columns, tuple(rows), left=("strongest measure", "verdict"))


def _by_program(tasks: pl.DataFrame) -> pl.DataFrame:
    numbers = [name for name, kind in tasks.schema.items() if kind == pl.Float64]
    first = [pl.col(name).first() for name in ("task", "family", "generated", "legal")]
    return tasks.sort("task").group_by("program", maintain_order=True).agg(*first, pl.col(numbers).mean())
