"""The tasks: how long their programs are, how models generalize, what errors they make, and the controls."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from conjecture.report.data import FITTED, THRESHOLD, Entry, Seed
from conjecture.report.document import Block, Heading, Paragraph, Table
from conjecture.report.outcomes import COLUMNS, Outcome, mean, score_at, values
from conjecture.report.wording import UNKNOWN, code, counted, kind_name, listing, number, percent, percents, times

SHOWN = {
    "text tokens": "tokens",
    "simplified bits": "bits",
    "simplified heads": "heads",
    "simplified layers": "layers",
    "compiled parameters": "compiled parameters",
}
"""The measures of length in the table of tasks; all others are in the figures."""

ERRORS = tuple(
    Outcome(name, score_at(lambda trained: 2 * trained, figure))
    for name, figure in (
        ("exact", "exact"),
        ("with oracle length", "oracle"),
        ("stopped early", "early"),
        ("did not stop", "late"),
        ("wrong token", "content"),
        ("tokens right", "tokens"),
    )
)


def task_section(chosen: Sequence[Entry], others: Sequence[Entry]) -> tuple[Block, ...]:
    """The section.

    Args:
        chosen: an entry for each task, of the models that the statistics are about.
        others: the rest.
    """
    blocks: list[Block] = [Heading("Tasks"), Paragraph(_about(chosen)), generalization(chosen, lengths=True)]
    unfitted = [entry.task for entry in chosen if not entry.fitted]
    if unfitted:
        blocks.append(Paragraph(f"No seed fitted its training lengths for {listing(unfitted, 30)}."))
    if others:
        blocks += [
            Heading("Other models", 3),
            Paragraph("The same tasks with other positions, sizes or learning rates. They are not in the statistics."),
            generalization(others, lengths=False),
        ]
    blocks += [Heading("Errors at twice the training length", 3), Paragraph(_about_errors()), _errors(chosen)]
    return (*blocks, *control_section(chosen))


def _about(entries: Sequence[Entry]) -> str:
    single = all(len(entry.seeds) == 1 for entry in entries)
    spread = (
        "One seed a task: no spread over seeds can be given." if single else "Mean over seeds, with the least and the greatest."
    )
    longest = sorted({entry.trained[1] for entry in entries})
    ten = f" Ten tokens more are farther after training up to {longest[0]} than up to {longest[-1]}." if len(longest) > 1 else ""
    return (
        f"Exact match in % at single lengths (in range: over all training lengths). {spread}{ten} The furthest length is the "
        f"greatest length tested alone such that it and all shorter ones tested alone reach {THRESHOLD:.0%}, in training "
        "lengths; the median over seeds, with the range; ≥ where it is the greatest length tested. A seed fitted if its exact "
        f"match on training lengths was at least {FITTED:.0%} at the last check. Where some seeds did not, a second line counts "
        "all. Lengths of programs are those of the text (tokens) and of the simplified graph (bits, heads, layers). RASP-L: "
        "whether the program keeps to its restrictions, read literally; programs that look in both directions are RASP, and so "
        "are their models bidirectional."
    )


def generalization(entries: Sequence[Entry], *, lengths: bool) -> Table:
    """How far models of each entry generalize."""
    shown = SHOWN if lengths else {}
    columns = ["task", *shown.values(), *["RASP-L"] * lengths, "trained on", "seeds fitted"]
    columns += [*(column.name for column in COLUMNS), "furthest", *["model"] * (not lengths)]
    rows = []
    for entry in entries:
        facts = [number(entry.facts.measures.get(name, math.nan), 0) for name in shown] + [legality(entry)] * lengths
        model = [f"{entry.suite}: {kind_name(entry.kind)}, {size(entry)}"] * (not lengths)
        trained = f"{entry.trained[0]}–{entry.trained[1]}"
        some = entry.fitted or entry.seeds
        rows.append((code(entry.task), *facts, trained, fitting(entry), *_row(entry, some), *model))
        if len(some) < len(entry.seeds):
            rows.append(
                ("… all seeds", *[""] * len(facts), "", str(len(entry.seeds)), *_row(entry, entry.seeds), *[""] * len(model))
            )
    return Table(tuple(columns), tuple(rows), left=("RASP-L", "model"))


def size(entry: Entry) -> str:
    """How large its models are, and their learning rate."""
    recipe = entry.recipe
    sizes = f"{counted(recipe.get('layers', 0), 'layer')}, {counted(recipe.get('heads', 0), 'head')}"
    return f"{sizes}, width {recipe.get('width')}, learning rate {recipe.get('learning_rate'):g}"


def fitting(entry: Entry) -> str:
    """How many seeds fitted, with a mark if not all did."""
    fitted, seeds = len(entry.fitted), len(entry.seeds)
    return str(seeds) if fitted == seeds else f"{fitted} of {seeds}{'' if fitted else ' !'}"


def legality(entry: Entry) -> str:
    """Whether the program is legal RASP-L, in a word or two."""
    if entry.facts.measured == "not":
        return "unknown"
    return {True: "yes", False: "no", None: "both directions"}[entry.facts.legal]


def _row(entry: Entry, seeds: Sequence[Seed]) -> tuple[str, ...]:
    return (*(percents(values(entry, column, seeds)) for column in COLUMNS), furthest(entry, seeds))


def furthest(entry: Entry, seeds: Iterable[Seed]) -> str:
    """The furthest length in training lengths: the median over seeds, and the range."""
    lengths = [seed.furthest for seed in seeds if seed.furthest is not None]
    if not lengths:
        return UNKNOWN

    middle, low, high = (length / max(1, entry.trained[1]) for length in (statistics.median(lengths), min(lengths), max(lengths)))
    text = f"{'≥ ' * (statistics.median(lengths) == entry.tested)}{times(middle)}"
    return text if low == high else f"{text} ({number(low, 1)}–{number(high, 1)})"


def _about_errors() -> str:
    return (
        "In % of samples, mean over the seeds that fitted, or over all if none did. An answer is either exact, or right so far "
        "but stopped early, or right but not stopped, or it has a wrong token. With an oracle length the model is told when to "
        "stop. Tokens right: mean part of the answer's tokens that are right in their place."
    )


def _errors(entries: Sequence[Entry]) -> Table:
    rows = [
        (code(entry.task), *(percent(mean(values(entry, error, entry.fitted or entry.seeds))) for error in ERRORS))
        for entry in entries
    ]
    return Table(("task", *(error.name for error in ERRORS)), tuple(rows))


def control_section(entries: Sequence[Entry]) -> tuple[Block, ...]:
    """What the programs themselves do; loud if one is ever wrong."""
    blocks: list[Block] = [Heading("Controls", 3)]
    wrong = [message for entry in entries for message in _failures(entry)]
    blocks += [Paragraph(f"**CONTROL FAILED: {message}. The results of this task mean nothing.**") for message in wrong]
    known = [entry for entry in entries if entry.facts.tests]
    if known and not wrong:
        blocks.append(
            Paragraph("At all tested lengths every program, and every transformer compiled from one, is right on all samples.")
        )
    for measured, says in (
        ("for the report", "The results hold no control of {}; the lengths of their programs were measured for this report"),
        ("not", "The results hold no control of {}, and the lab does not know these tasks: they are in no statistic"),
    ):
        tasks = [entry.task for entry in entries if entry.facts.measured == measured]
        if tasks:
            blocks.append(Paragraph(f"{says.format(listing(tasks, 30))}."))
    if known:
        says = (
            "Interpreter, compiled: the part of samples in % that the program, and the transformer that it compiles to, get "
            "right, at the worst tested lengths. Chance is the best answer that does not look at the input; the shortcut is a "
            "program that is right on most training samples."
        )
        blocks += [Paragraph(says), _controls(known)]
    return tuple(blocks)


def _failures(entry: Entry) -> list[str]:
    found = []
    for name, what in (("interpreter", "the program"), ("compiled", "the compiled transformer")):
        wrong = [test for test in entry.facts.tests if not _missing(test[name]) and test[name] < 1]
        if wrong:
            worst = min(wrong, key=lambda test: test[name])
            found.append(f"{what} of {code(entry.task)} is right on {percent(worst[name])} % of samples at {_lengths(worst)}")
    return found


def _missing(value: float | None) -> bool:
    return value is None or math.isnan(value)


def _lengths(test: Mapping[str, Any]) -> str:
    low, high = test["low"], test["high"]
    return f"length {low}" if low == high else f"lengths {low} to {high}"


def _controls(entries: Sequence[Entry]) -> Table:
    rows = []
    for entry in entries:
        tests, trained = entry.facts.tests, entry.trained[1]
        within = max((test for test in tests if test["high"] == trained), key=lambda test: test["high"] - test["low"], default={})
        twice = next((test for test in tests if test["low"] == test["high"] == 2 * trained), {})
        worst = [_worst(tests, name) for name in ("interpreter", "compiled")]
        figures = [_figure(test.get(name)) for name in ("chance", "shortcut") for test in (within, twice)]
        models = percents(values(entry, COLUMNS[3], entry.fitted or entry.seeds))
        rows.append((code(entry.task), *worst, *figures, models, code(entry.facts.refusal) if entry.facts.refusal else ""))
    columns = ("task", "interpreter", "compiled", "chance in range", "at 2×", "shortcut in range", "at 2×", "models at 2×")
    refused = any(row[-1] for row in rows)
    if not refused:
        return Table(columns, tuple(row[:-1] for row in rows))
    return Table((*columns, "why it was not compiled"), tuple(rows), left=("why it was not compiled",))


def _worst(tests: Sequence[Mapping[str, Any]], name: str) -> str:
    known = [test[name] for test in tests if not _missing(test[name])]
    return percent(min(known)) if known else UNKNOWN


def _figure(value: float | None) -> str:
    return UNKNOWN if value is None else percent(value)
