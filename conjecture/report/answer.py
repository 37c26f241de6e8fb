"""The answer to the report's question, in words, by rules that can say no."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conjecture.report.against import Cases
from conjecture.report.analysis import COMMON, ENOUGH, FEW, RARE, STRONG, Findings, Verdict, findings
from conjecture.report.data import FITTED, Counting, Entry
from conjecture.report.outcomes import FURTHEST, OUTCOMES, TWICE, measure_names, tidy
from conjecture.report.wording import between, counted, listing, measure_name, number, p_equals, share

FALLBACK = "simplified bits"
"""The measure by which programs are called short where no correlation is known."""


@dataclass(frozen=True)
class Group:
    """Tasks that are answered for together.

    Attributes:
        fitted: findings about each outcome, only seeds that fitted counted.
        all: about the furthest length and exact match at 2×, all seeds counted.
    """

    name: str
    entries: tuple[Entry, ...]
    fitted: Mapping[str, Findings]
    all: Mapping[str, Findings]

    @property
    def verdict(self) -> Verdict:
        """About the furthest length, for seeds that fitted."""
        return self.fitted[FURTHEST.name].verdict


def groups_of(entries: Sequence[Entry]) -> tuple[Group, ...]:
    """Hand-picked tasks, generated tasks, and all of them, or all of them alone if there are no others."""
    generated = [entry for entry in entries if entry.generated]
    if not generated or len(generated) == len(entries):
        return (_group("generated tasks" if generated else "tasks", entries),)
    picked = [entry for entry in entries if not entry.generated]
    named = {"hand-picked tasks": picked, "generated tasks": generated, "all tasks together": entries}
    return tuple(_group(name, some) for name, some in named.items())


def _group(name: str, entries: Sequence[Entry]) -> Group:
    def found(counting: Counting, outcomes: Sequence[str], predict: Sequence[str] = ()) -> dict[str, Findings]:
        frame, measures = tidy(entries, counting), measure_names(entries)
        return {outcome: findings(frame, outcome, measures, predict=outcome in predict) for outcome in outcomes}

    both = [FURTHEST.name, TWICE.name]
    return Group(name, tuple(entries), found("fitted", [one.name for one in OUTCOMES], both), found("all", both))


def best_measure(groups: Sequence[Group]) -> str | None:
    """The measure that orders all tasks best, if it does so as the conjecture has it."""
    strongest = groups[-1].fitted[FURTHEST.name].strongest
    return strongest.measure if strongest and strongest.spearman.value < 0 else None


def answer(groups: Sequence[Group], against: Cases) -> tuple[str, ...]:
    """The paragraphs that answer; one for a single group of tasks."""
    told = [f"{_evidence(group)} {_other_counting(group)}".strip() for group in groups]
    if len(groups) == 1:
        return (f"**{_lead(groups[0])}** {told[0]} {_contradictions(against)}",)
    lead = " ".join(f"{group.name.capitalize()}: {group.verdict.value}." for group in groups)
    return (f"**{lead}** {_contradictions(against)}", *told)


def _lead(group: Group) -> str:
    found = group.fitted[FURTHEST.name]
    top = found.strongest
    match group.verdict:
        case Verdict.YES:
            return "Yes, in these results."
        case Verdict.NO if top and top.spearman.excludes_zero and found.p < RARE:
            return "No: in these results longer programs generalize further."
        case Verdict.NO:
            return "No, not in these results."
        case Verdict.UNSURE:
            return "These results can't tell."


def _evidence(group: Group) -> str:
    found = group.fitted[FURTHEST.name]
    models = sum(len(entry.fitted) for entry in group.entries)
    whole = counted(sum(len(entry.seeds) for entry in group.entries), "model")
    about = f"Of {whole} on {counted(len(group.entries), *_names(group))}, {models} fitted their training lengths"
    families = counted(found.families, "family", "families")
    if found.families < FEW:
        some = f"{counted(found.tasks, 'task')} of {families} with such models and a known program"
        return f"{about}; {some} are too few: {FEW} families are needed."
    if not found.varies:
        return f"{about}. All {found.tasks} tasks reach the same furthest length, so that there is nothing to predict."
    top = found.strongest
    if top is None:
        return f"{about}. No measure of length differs between the {found.tasks} tasks."
    names = " and ".join(f"**{measure_name(name)}**" for name in found.equals[:3])
    others = f" (and {len(found.equals) - 3} more that order them alike)" if len(found.equals) > 3 else ""
    shared = ", shared with those that order tasks alike" if len(found.equals) > 1 else ""
    zero = "excludes" if top.spearman.excludes_zero else "includes"
    way = (
        "shorter programs tend to generalize further"
        if top.spearman.value < 0
        else "longer programs tend to generalize further, against the conjecture"
    )
    return (
        f"{about}. Over the {found.tasks} tasks of {families} that have such models, the measure that orders them best by the "
        f"furthest length with 90 % exact match is {names}{others}: Spearman {between(top.spearman)}; the 95 % interval, over "
        f"families, {zero} 0; {way}. It is the best in {share(top.best)} % of bootstrap samples{shared}. "
        f"{_opposed(found)}{_accident(found)} {_second(group)} {_useful(found)}{_legality(found)}"
    )


def _names(group: Group) -> tuple[str, str]:
    plural = group.name.removeprefix("all ").removesuffix(" together")
    return plural.removesuffix("s"), plural


def _opposed(found: Findings) -> str:
    if not found.opposed:
        return ""
    first, count = found.opposed[0], len(found.opposed)
    more = f" and {count - 1} more" if count > 1 else ""
    verb = "goes" if count == 1 else "go"
    return f"Measures disagree: {measure_name(first.measure)}{more} {verb} the other way, {between(first.spearman)}. "


def _accident(found: Findings) -> str:
    judged = "so it is no accident of trying many" if found.p < RARE else "so it may be an accident of trying many"
    tried = f"the best of {found.measures} measures" if found.measures > 1 else "the measure"
    return f"With outcomes shuffled among families, {tried} is as strong with {p_equals(found.p)}, {judged}."


def _second(group: Group) -> str:
    found = group.fitted[TWICE.name]
    top = found.strongest
    if top is None:
        return "Exact match at twice the training length can't be compared."
    same = "the same verdict" if found.verdict is group.verdict else f"the verdict there: {found.verdict.value}"
    return (
        f"For exact match at twice the training length the strongest is {measure_name(top.measure)}, {between(top.spearman)} "
        f"({p_equals(found.p)}; {same})."
    )


def _useful(found: Findings) -> str:
    if math.isnan(found.chosen):
        return ""
    if found.chosen > 0:
        return (
            f"A task left out is predicted from the others with {share(found.chosen)} % less squared error than by "
            "their mean, by the measure that is best without it."
        )
    return (
        "Yet a task left out is predicted from the others no better than by their mean, by the measure that is best without it."
    )


def _legality(found: Findings) -> str:
    if found.legality is None:
        return ""
    area = found.legality.auc
    return (
        " Legality alone: a program that keeps to RASP-L goes with a longer furthest length than one that breaks it with "
        f"probability {number(area.value)} ({number(area.low)} to {number(area.high)}; one half would be chance)."
    )


def _other_counting(group: Group) -> str:
    if all(len(entry.fitted) == len(entry.seeds) for entry in group.entries):
        return ""
    found = group.all[FURTHEST.name]
    top = found.strongest
    if top is None:
        return f"With all models counted, the verdict is: {found.verdict.value}."
    same = "also" if found.verdict is group.verdict else "instead"
    return (
        f"With the models counted that never fitted, too ({found.tasks} tasks), the strongest is {measure_name(top.measure)}, "
        f"{between(top.spearman)}, {p_equals(found.p)}: the verdict is {same} “{found.verdict.value}”."
    )


def _contradictions(against: Cases) -> str:
    if len(against.judged) < 2:
        return "Too few tasks can be judged to look for any that contradict it."
    if not against.contradicting:
        return f"None of {counted(len(against.judged), 'task')} contradicts it outright."
    parts = []
    for tasks, what in (
        (against.short_failed, "short and legal but failed beyond the training lengths"),
        (against.long_generalized, "long but generalized to twice the training length"),
        (against.illegal_generalized, "not legal RASP-L but generalized so"),
    ):
        if tasks:
            parts.append(f"{listing([entry.task for entry in tasks], 5)} ({what})")
    of = f"{len(against.contradicting)} of {counted(len(against.judged), 'task')}"
    verb = "contradicts" if len(against.contradicting) == 1 else "contradict"
    return f"By {measure_name(against.measure)}, {of} {verb} the conjecture: {'; '.join(parts)}."


RULE = (
    f"How this is decided. The furthest length decides, for models with at least {FITTED:.0%} exact match on their training "
    "lengths, since the conjecture speaks of models trained to completion. “Yes”: the largest absolute Spearman correlation of "
    f"any measure that at least {COMMON:.0%} of the tasks have is negative, its bootstrap interval excludes 0, and shuffled "
    f"outcomes give one as large with p below {RARE}. “No”: it is positive in the same way and no measure is negative with an "
    f"interval that excludes 0; or there are {ENOUGH} families or more, and the intervals of all measures exclude −{STRONG} and "
    f"less, so that a strong relation is ruled out. Anything else, and fewer than {FEW} families: “can't tell”. Tasks of a "
    "family, such as all additions, tend to do alike whatever their programs; so bootstrap samples and shuffles are of whole "
    "families. The interval of the best of many measures is too narrow for having been chosen; the shuffles account for that."
)
