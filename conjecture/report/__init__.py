"""The report of a sweep: does program length predict length generalization?

``write_report`` writes it as a page and as Markdown. ``data`` and ``outcomes`` read results, ``statistics`` and ``analysis``
compare, ``answer`` decides. ``tables``, ``pictures``, ``loops``, ``grids``, ``starts``, ``literature``, ``correlations``,
``counterexamples`` and ``making`` each write a section. ``html`` and ``markdown`` put them on paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from conjecture.files import write_whole
from conjecture.report.against import cases
from conjecture.report.answer import FALLBACK, answer, best_measure, groups_of
from conjecture.report.correlations import statistics_section
from conjecture.report.counterexamples import counterexamples
from conjecture.report.data import Study, study_of
from conjecture.report.document import Block, Document, Paragraph
from conjecture.report.grids import grid_section
from conjecture.report.html import page
from conjecture.report.literature import cited, literature
from conjecture.report.loops import loop_section
from conjecture.report.making import making
from conjecture.report.markdown import FOLDER, markdown
from conjecture.report.pictures import curve_section, length_section
from conjecture.report.starts import start_section
from conjecture.report.tables import task_section
from conjecture.sweeps.results import Results
from rasp.draw.writing import picture

__all__ = ["TITLE", "report_of", "write_report"]

TITLE = "Does program length predict length generalization?"

OTHERWISE = "What was found"
"""The title where no model can tell: all began with compiled weights, or were tested at training lengths only."""

ASKED = (
    f"The conjecture ({cited('Zhou et al. 2023')}): a decoder trained to completion is likely to generalize to longer inputs if "
    "a short RASP-L program solves its task. It does not say how length is measured, so here many measures stand against "
    "measured generalization."
)


def report_of(results: Sequence[Results], *, title: str | None = None) -> Document:
    """The report on some results.

    Raises:
        LabError: they hold no runs.
    """
    study = study_of(results)
    asked = study.asked
    special = *loop_section(study), *grid_section(study), *start_section(study)
    blocks = _with_an_answer(asked, special) if asked.entries else special
    return Document(
        " ".join((title or (TITLE if asked.entries else OTHERWISE)).split()),
        (*blocks, *making(study)),
    )


def _with_an_answer(study: Study, special: Sequence[Block]) -> tuple[Block, ...]:
    """What models that can tell say of the question, around sections of another kind."""
    chosen = study.chosen(study.kinds[0])
    groups = groups_of(chosen)
    best = best_measure(groups)
    measure = best or FALLBACK
    against = cases(chosen, measure)
    return (
        *map(Paragraph, answer(groups, against)),
        Paragraph(ASKED),
        *task_section(chosen, [entry for entry in study.entries if entry not in chosen]),
        *length_section(groups),
        *curve_section(study, groups, measure),
        *special,
        *literature([entry for kind in study.kinds for entry in study.chosen(kind)]),
        *statistics_section(study, groups),
        *counterexamples(against, best=best is not None),
    )


def write_report(results: Sequence[Results], to: Path, *, title: str | None = None, forms: Sequence[str] = ()) -> list[Path]:
    """Write a report: ``report.html``, which holds all it shows, and ``report.md`` with its figures in ``figures/``.

    The same results give the same bytes.

    Args:
        to: the folder for it; made if it is not there.
        title: of the page; the question if it is not given, and the models can tell.
        forms: in which the figures are written besides SVG: ``pdf``, ``png``.

    Returns:
        The files, the page first.

    Raises:
        LabError: the results hold no runs, or a file can't be written.
        RaspError: Typst is needed and missing.
    """
    document = report_of(results, title=title)
    files = {"report.html": page(document).encode("utf-8"), "report.md": markdown(document).encode("utf-8")}
    for one in document.pictures:
        files |= {f"{FOLDER}/{one.name}.{form}": picture(one.svg, f".{form}") for form in ("svg", *forms)}
    for name, content in files.items():
        write_whole(to / name, lambda file, content=content: file.write_bytes(content))
    return [to / name for name in files]
