"""Whole reports: the same bytes each time, nothing to load, and something sensible for results with parts missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from conjecture.errors import LabError
from conjecture.report import TITLE, report_of, write_report
from conjecture.report.document import Document, Picture, Pictures
from conjecture.report.html import page
from conjecture.report.markdown import markdown
from conjecture.sweeps.results import CONTROL_SCHEMA, RUN_SCHEMA, Results
from tests.conftest import Golden
from tests.conjecture.report.synthetic import Made, elsewhere, frame, results, with_reach

SMALL = (
    Made("binary-majority", 2, (3.0, 2.5)),
    Made("copy-unique", 3, (3.0, 3.0)),
    Made("parity", 4, (1.0, 1.5), legal=False, early=0.8),
    Made("hist", 5, (2.0, 2.0), legal=None),
    Made("sort", 9, (1.5, 2.0), accuracies=(1.0, 0.9)),
    Made("addition-forward", 20, (1.0, 1.0), legal=False, compiled=None),
    Made("my-own", 8, (1.0, 1.0), accuracies=(0.5, 0.25)),
)


def text_of(tasks: Sequence[Made]) -> str:
    """A report in Markdown."""
    return markdown(report_of([results(tasks)]))


def test_the_report_in_markdown(golden: Golden, undrawn: None) -> None:
    golden("small.md", text_of(SMALL))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_report([results(SMALL)], tmp_path_factory.mktemp("report"))


def test_the_same_results_give_the_same_bytes(written: list[Path], tmp_path: Path) -> None:
    again = write_report([results(SMALL)], tmp_path / "made" / "anew")
    assert [path.name for path in again] == [path.name for path in written]
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in written]


def test_the_files(written: list[Path]) -> None:
    folder = written[0].parent
    assert [path.name for path in written[:2]] == ["report.html", "report.md"]
    shown = re.findall(r"!\[[^\]]*\]\(([^)]*)\)", (folder / "report.md").read_text("utf-8"))
    assert [folder / name for name in shown] == written[2:]
    assert all(path.stat().st_size < 60_000 for path in written[2:])


class Page(HTMLParser):
    """What a page refers to, and whether its tags close."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.links: list[str] = []
        self.names: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append(tag)
        self._read(tag, attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._read(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def _read(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.names.append(value)
            if name in ("src", "href", "xlink:href", "data", "poster", "srcset"):
                (self.links if tag == "a" else self.fetched).append(value or "")
        assert tag not in ("script", "link", "iframe", "img", "object", "embed", "image")


def test_the_page_loads_nothing(written: list[Path]) -> None:
    text = written[0].read_text("utf-8")
    read = Page()
    read.feed(text)
    assert read.open == []
    assert all(value.startswith("#") for value in read.fetched)
    assert {value[1:] for value in read.fetched} <= set(read.names)
    assert len(read.names) == len(set(read.names))
    assert all(link.startswith("https://") for link in read.links)
    assert "@import" not in text
    assert not re.search(r"url\((?!#)", text)
    assert 'name="viewport"' in text


def test_figures_are_whole_and_without_dates(written: list[Path]) -> None:
    for path in written[2:]:
        text = path.read_text("utf-8")
        assert ElementTree.fromstring(text).tag.endswith("svg")
        assert "<metadata" not in text
        assert "<!DOCTYPE" not in text


def test_points_have_the_names_of_tasks(written: list[Path]) -> None:
    (path,) = (path for path in written if path.name == "length-simplified-bits.svg")
    shown = "".join(ElementTree.fromstring(path.read_text("utf-8")).itertext())
    assert all(task.name in shown for task in SMALL)


def test_few_families_are_not_drawn_against_length(undrawn: None) -> None:
    few = [Made("parity", 3), Made("sort", 4)]
    document = report_of([results(few)])
    assert "Tasks of 2 families are too few to be drawn against length" in markdown(document)
    assert not [one.name for one in document.pictures if one.name.startswith("length-")]


def test_a_title_is_text(undrawn: None) -> None:
    assert report_of([results(SMALL[:1])]).title == TITLE
    document = report_of([results(SMALL[:1])], title="<b>1 & 2\nlines</b>")
    assert "<title>&lt;b&gt;1 &amp; 2 lines&lt;/b&gt;</title>" in page(document)
    assert markdown(document).startswith("# <b>1 & 2 lines</b>\n\n")


def test_no_runs(tmp_path: Path) -> None:
    nothing = Results(frame([], RUN_SCHEMA), frame([], CONTROL_SCHEMA))
    for none in ([], [nothing]):
        with pytest.raises(LabError, match="no runs"):
            write_report(none, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_one_task_with_one_seed(tmp_path: Path) -> None:
    page_, *_ = write_report([results([Made("hist", 3, (2.0,))])], tmp_path)
    text = page_.read_text("utf-8")
    assert "These results can't tell." in text
    assert "1 task of 1 family with such models and a known program are too few" in text
    assert "One seed a task: no spread over seeds can be given." in text
    assert "1 task of 1 family with a fitted seed and a known program: too few." in text


def test_no_controls_at_all(tmp_path: Path) -> None:
    tasks = [replace(task, control=False) for task in (Made("parity", 0), Made("my-own", 0))]
    text = write_report([results(tasks)], tmp_path)[1].read_text("utf-8")
    assert "The results hold no control of `parity`; the lengths of their programs were measured for this report." in text
    assert "The results hold no control of `my-own`, and the lab does not know these tasks: they are in no statistic." in text
    assert re.search(r"\| `parity` \| \d+ \| \d+ \| 1 \| 1 \| – \| no \|", text)
    assert re.search(r"\| `my-own` \| – \| – \| – \| – \| – \| unknown \|", text)


def test_only_tasks_that_nobody_knows(tmp_path: Path) -> None:
    text = write_report([results([Made("my-own", 0, control=False)])], tmp_path)[1].read_text("utf-8")
    assert "The length of no program is known." in text
    assert "No task has a seed that fitted and a program of known length." in text


def test_no_seed_fitted(undrawn: None) -> None:
    text = text_of([replace(task, accuracies=(0.5, 0.5)) for task in with_reach(8, lambda n: 3.0)])
    assert "Of 16 models on 8 tasks, 0 fitted their training lengths" in text
    assert "No seed fitted its training lengths for `task-01`" in text
    assert "| 0 of 2 ! |" in text


def test_a_control_that_fails_is_loud(undrawn: None) -> None:
    text = text_of([*SMALL[:3], replace(SMALL[3], compiled=0.96)])
    says = "**CONTROL FAILED: the compiled transformer of `hist` is right on 96 % of samples at lengths 1 to 20."
    assert says in text
    assert "every program, and every transformer compiled from one, is right" not in text


def test_a_refusal_to_compile_is_told(undrawn: None) -> None:
    assert "`'x' could be \\| too wide`" in text_of(SMALL)


def test_other_models_of_the_same_tasks(undrawn: None) -> None:
    none = [elsewhere(task, positions="none") for task in SMALL[:6]]
    text = text_of([*SMALL, *none, elsewhere(SMALL[0], width=64)])
    assert "### Other models" in text
    assert "made-up: no positions, 2 layers, 2 heads, width 32, learning rate 0.001" in text
    assert re.search(r"\| no positions \| 6 \|", text)
    assert re.search(r"\| `binary-majority` \| \[Huang[^|]* \| no positions \| 1–50 \| 51–100 \| 100 \| 1–20 \| 21–40 \|", text)


def test_generated_tasks_apart(undrawn: None) -> None:
    text = text_of([*with_reach(7, lambda n: 3 - n / 4), *with_reach(7, lambda n: 1 + n / 4, "gen")])
    assert "**Hand-picked tasks: " in text
    for title in ("### Hand-picked tasks", "### Generated tasks", "### All tasks together"):
        assert title in text


def test_what_is_missing_is_told(undrawn: None) -> None:
    made = results([*SMALL[:2], replace(SMALL[2], reach=(1.0,)), replace(SMALL[3], reach=())])
    made = replace(made, broken=(Path("folder/bad.parquet"),))
    text = markdown(report_of([made]))
    assert "1 file could not be read and is left out: `bad.parquet`." in text
    assert "Controls, but no run yet: `hist`." in text
    assert "Fewer seeds than others in their suite: `parity` (1 of 2)." in text


def test_names_that_mean_something_elsewhere(tmp_path: Path) -> None:
    name = "my_$x^2$ <b>|`[task](https://x.org)**"
    page_, text, *figures = write_report([results([Made(name, 3), Made("$", 4)])], tmp_path)
    read = Page()
    read.feed(page_.read_text("utf-8"))
    assert not any("x.org" in link for link in read.links)
    assert "| `my_$x^2$ <b>\\|'[task](https://x.org)**` |" in text.read_text("utf-8")
    assert "my_$x^2$" in "".join(path.read_text("utf-8") for path in figures)


@pytest.mark.parametrize("scores", [None, [], [None], "ranges"])
def test_models_that_were_hardly_tested(scores: object, tmp_path: Path) -> None:
    made = results([Made("hist", 3), Made("sort", 4)])
    rows = made.runs.to_dicts()
    for row in rows:
        ranges = [score for score in row["scores"] if score["low"] < score["high"]]
        row["scores"] = ranges if scores == "ranges" else scores
    text = write_report([replace(made, runs=frame(rows, RUN_SCHEMA))], tmp_path)[1].read_text("utf-8")
    assert "0 tasks of 0 families with such models and a known program are too few" in text
    assert "No model was tested at single lengths." in text


def test_loops_stand_beside_other_models_for_the_same_question(undrawn: None) -> None:
    loop = elsewhere(Made("looped-parity", 5, (2.0, 2.0)), positions="none", loop="injected")
    others = [
        elsewhere(loop, loop="plain"),
        elsewhere(loop, loop_steps=20),
        elsewhere(replace(loop, name="ntp-parity"), loop="none"),
    ]
    text = text_of([loop, *others, Made("copy-unique", 3)])
    section = text[text.index("## Loops") : text.index("## Beside")]
    assert "loop without injection; 2 layers" in section
    assert "loop of 20 steps; 2 layers" in section
    assert "`copy-unique`" not in section
    rows = [row for row in section.splitlines() if row.startswith("| `")]
    assert len(rows) == 4
    assert sum(row.count("| 100 |") for row in rows if "`looped-parity`" in row) > 9
    assert "## Loops" not in text_of([Made("copy-unique", 3)])


def test_retrieval_has_a_grid() -> None:
    made = [
        elsewhere(Made("retrieval", 5, reach), lengths=(hops, hops), longest=hops, layers=layers)
        for hops, layers, reach in ((1, 1, (1.0, 1.0)), (2, 1, (0.0, 1.0)), (2, 2, (1.0, 1.0)))
    ]
    text = text_of(made)
    assert text.startswith("# What was found\n")
    assert "conjecture" not in text.replace("conjecture sweep", "").replace("conjecture report", "")
    section = text[text.index("## Retrieval") : text.index("## How this was made")]
    assert "| 1 | 1 | 100 | – |" in section
    assert "| 2 | 2 | 100 | 100 |" in section


def test_models_from_compiled_weights_have_a_table(undrawn: None) -> None:
    hist = elsewhere(Made("hist", 5, (3.0, 1.0)), start="compiled", noise=1e-7, learning_rate=1e-6, steps=500)
    text = text_of([hist, elsewhere(hist, steps=0)])
    assert text.startswith("# What was found\n")
    section = text[text.index("## From compiled weights") : text.index("## How this was made")]
    assert "| `hist` | 1e-07 | 0 |  | 2 | 100 | 62 (25–100) | 62 (25–100) |" in section
    assert "| `hist` | 1e-07 | 500 | 1e-06 | 2 | 100 | 62 (25–100) | 62 (25–100) |" in section
    beside = text_of([hist, Made("parity", 7)])
    assert beside.startswith("# Does program length predict")
    assert "2 models on 1 task," in beside
    assert "## From compiled weights" in beside


def test_figures_in_other_forms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figure = '<svg xmlns="http://www.w3.org/2000/svg" width="9pt" height="9pt" viewBox="0 0 9 9"></svg>'
    one = Document("x", (Pictures((Picture("one", "says", figure),)),))
    monkeypatch.setattr("conjecture.report.report_of", lambda results, title: one)
    files = write_report([], tmp_path, forms=("pdf", "png"))
    assert [file.name for file in files] == ["report.html", "report.md", "one.svg", "one.pdf", "one.png"]
    assert [file.read_bytes()[:4] for file in files[2:]] == [b"<svg", b"%PDF", b"\x89PNG"]
