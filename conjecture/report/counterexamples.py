"""The section on what speaks against the conjecture."""

from __future__ import annotations

from collections.abc import Sequence

from conjecture.report.against import APART, TOLD, Cases, fails, generalizes, helped, reached
from conjecture.report.data import Entry
from conjecture.report.document import Block, Heading, Paragraph, Table
from conjecture.report.outcomes import COLUMNS, mean, values
from conjecture.report.tables import ERRORS, fitting, furthest, legality
from conjecture.report.wording import code, counted, measure_name, number, percent, percents, times


def counterexamples(found: Cases, *, best: bool) -> tuple[Block, ...]:
    """The section, with a table for each way to contradict that occurs.

    Args:
        best: whether programs are called short by the measure that orders tasks best.
    """
    why = "which orders the tasks best and so gives the conjecture its best chance" if best else "as no measure orders tasks well"
    about = (
        f"Programs are short up to the median of the tasks, {number(found.middle, 0)}, by {measure_name(found.measure)}, {why}. "
        "Only seeds that fitted their training lengths count, by the median of their furthest lengths. A task generalized if "
        "that is at least twice the training length, and failed if it is below one and a half."
    )
    blocks: list[Block] = [Heading("What speaks against the conjecture"), Paragraph(about)]
    if not found.judged:
        return (*blocks, Paragraph("No task has a seed that fitted and a program of known length."))
    blocks.append(_counts(found))
    for says, tasks in (
        ("Short and legal, fitted, but failed beyond the training lengths", found.short_failed),
        ("Short RASP that looks in both directions, and failed; the conjecture speaks of decoders", found.directions_failed),
        ("Long, but generalized", found.long_generalized),
        ("Not RASP-L, but generalized", found.illegal_generalized),
        (
            "Short, but not RASP-L, for index arithmetic for example: where such a task fails, the conjecture is right, but "
            "it is not length that predicts it",
            found.short_illegal,
        ),
    ):
        blocks += _case(says, tasks, found) if tasks else []
    if not found.contradicting:
        blocks.append(Paragraph("No short legal program failed, and no long or illegal one generalized."))
    return (*blocks, *_stopping(found), *_same_program(found), *_divided(found))


def _counts(found: Cases) -> Table:
    """How many tasks generalized and failed, by length and legality of their programs."""
    rows = []
    for length, short in (("short", True), ("long", False)):
        for legal, says in ((True, "RASP-L"), (False, "not RASP-L"), (None, "RASP, both directions")):
            tasks = [one for one in found.judged if found.is_short(one) is short and one.facts.legal is legal]
            if tasks:
                ends = [(generalizes(one, reached(one)), fails(one, reached(one))) for one in tasks]
                generalized, failed = (sum(end[place] for end in ends) for place in (0, 1))
                counts = len(tasks), generalized, len(tasks) - generalized - failed, failed
                rows.append((f"{length}, {says}", *map(str, counts)))
    return Table(("program", "tasks", "generalized", "neither", "failed"), tuple(rows))


def _case(says: str, tasks: Sequence[Entry], found: Cases) -> list[Block]:
    columns = ("task", measure_name(found.measure), "RASP-L", "seeds fitted", *(column.name for column in COLUMNS), "furthest")
    rows = tuple(
        (
            code(entry.task),
            number(entry.facts.measures[found.measure], 0),
            legality(entry),
            fitting(entry),
            *(percents(values(entry, column, entry.fitted)) for column in COLUMNS),
            furthest(entry, entry.fitted),
        )
        for entry in tasks
    )
    return [Paragraph(f"**{says}:** {counted(len(tasks), 'task')}."), Table(columns, rows, left=("RASP-L",))]


def _stopping(found: Cases) -> list[Block]:
    if not found.stopping:
        return [Paragraph(f"No task gains more than {TOLD:.0%} exact match at 2× from being told when to stop.")]
    rows = tuple(
        (code(entry.task), *(percent(mean(values(entry, error, entry.fitted))) for error in ERRORS[:-1]), percent(helped(entry)))
        for entry in found.stopping
    )
    says = f"**Failing to stop where it should:** {counted(len(rows), 'task')}, far better at 2× if told when to stop."
    return [Paragraph(says), Table(("task", *(error.name for error in ERRORS[:-1]), "difference"), rows)]


def _same_program(found: Cases) -> list[Block]:
    if not found.same_program:
        return []
    rows = tuple(
        (code(worse.task), _times(worse), code(better.task), _times(better), code(worse.facts.file))
        for worse, better in found.same_program
    )
    says = (
        f"**{counted(len(rows), 'pair')} of tasks with the same program, and furthest lengths {number(APART, 1)} training "
        "lengths or more apart.** No measure of length can tell these apart: they differ in what inputs are drawn."
    )
    return [Paragraph(says), Table(("task", "furthest", "task", "furthest", "program"), rows, left=("program",))]


def _times(entry: Entry) -> str:
    return times((reached(entry) or 0) / max(1, entry.trained[1]))


def _divided(found: Cases) -> list[Block]:
    if not found.divided:
        return []
    rows = tuple((code(entry.task), fitting(entry), furthest(entry, entry.fitted)) for entry in found.divided)
    says = f"**The seed decides:** of the models that fitted, some generalize and some fail on {counted(len(rows), 'task')}."
    return [Paragraph(says), Table(("task", "seeds fitted", "furthest"), rows)]
