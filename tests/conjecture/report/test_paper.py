"""How blocks are put on paper, and where names are placed."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conjecture.report import wording
from conjecture.report.document import Bullets, Document, Heading, Paragraph, Picture, Pictures, Table
from conjecture.report.html import inline, page
from conjecture.report.labels import Box, Point, place
from conjecture.report.markdown import markdown

DOCUMENT = Document(
    "A title",
    (
        Heading("Section"),
        Paragraph("Some **bold** text."),
        Bullets(("one", "two")),
        Table(("task", "name", "value"), (("`a|b`", "x", "1"),), left=("name",)),
        Pictures(
            (Picture("curve", "What it shows", '<svg width="9"><g id="a"/><use xlink:href="#a" clip-path="url(#a)"/></svg>'),)
        ),
    ),
)


def test_markdown() -> None:
    assert markdown(DOCUMENT) == (
        "# A title\n\n## Section\n\nSome **bold** text.\n\n* one\n* two\n\n"
        "| task | name | value |\n| :-- | :-- | --: |\n| `a\\|b` | x | 1 |\n\n![What it shows](figures/curve.svg)\n"
    )


def test_html() -> None:
    text = page(DOCUMENT)
    assert "<h2>Section</h2>\n<p>Some <strong>bold</strong> text.</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>" in text
    assert '<tr><td class="first"><code>a|b</code></td><td class="left">x</td><td>1</td></tr>' in text
    assert '<g id="curve-a"/><use xlink:href="#curve-a" clip-path="url(#curve-a)"/>' in text
    assert 'role="img" aria-label="What it shows"' in text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1 < 2 & **3**", "1 &lt; 2 &amp; <strong>3</strong>"),
        ("`<b>**x**</b>`", "<code>&lt;b&gt;**x**&lt;/b&gt;</code>"),
        ("[paper](https://arxiv.org/abs/2310.16028)", '<a href="https://arxiv.org/abs/2310.16028">paper</a>'),
        ("[bad](javascript:alert)", "[bad](javascript:alert)"),
    ],
)
def test_inline(text: str, shown: str) -> None:
    assert inline(text) == shown


def test_names_from_data_are_code() -> None:
    assert wording.code("a`b\n c") == "`a'b c`"
    assert inline(wording.code("**<script>**")) == "<code>**&lt;script&gt;**</code>"
    assert wording.code("") == "` `"


@pytest.mark.parametrize(
    ("part", "shown"),
    [
        (0, "0"),
        (1, "100"),
        (0.5, "50"),
        (0.9961, "99.6"),
        (0.9999, "99.9"),
        (0.0001, "0.1"),
        (0.9885, "98.8"),
        (0.974, "97"),
        (math.nan, "–"),
    ],
)
def test_what_is_not_quite_all_or_nothing_is_not_written_so(part: float, shown: str) -> None:
    assert wording.percent(part) == shown


def test_numbers() -> None:
    assert wording.percents([]) == "–"
    assert wording.percents([0.5]) == wording.percents([0.5, 0.5]) == "50"
    assert wording.percents([0.25, 0.75]) == "50 (25–75)"
    assert [wording.number(value) for value in (3.0, 3.14159, -0.001, 1234.5, math.nan)] == ["3", "3.14", "0", "1234", "–"]
    assert wording.correlation(-0.5) == "−0.50"
    assert [wording.p_equals(p) for p in (0.0001, 0.0213)] == ["p < 0.001", "p = 0.021"]


def test_rows_of_names() -> None:
    assert wording.listing([]) == "none"
    assert wording.listing(["a"]) == "`a`"
    assert wording.listing(["a", "b", "c"]) == "`a`, `b` and `c`"
    assert wording.listing(["a", "b", "c", "d"], 2) == "`a`, `b` and 2 more"


@pytest.mark.parametrize(
    ("measure", "name"),
    [
        ("written attention", "attention operations, as written"),
        ("simplified bits", "bits, simplified"),
        ("text ast_nodes", "syntax tree nodes of the text"),
        ("text total_tokens", "tokens of the whole text"),
        ("compiled width", "width, compiled"),
        ("my measure", "my measure"),
    ],
)
def test_names_of_measures(measure: str, name: str) -> None:
    assert wording.measure_name(measure) == name


ROOM = Box(0, 0, 300, 200)


@given(st.lists(st.tuples(st.floats(0, 300), st.floats(0, 200)), max_size=25))
def test_names_cover_neither_points_nor_each_other(places: list[tuple[float, float]]) -> None:
    points = [Point(*at) for at in places]
    names = [f"a-task-{number}" for number in range(len(points))]
    boxes = place(points, names, [Point(150, 100)], ROOM, 6, 2)
    placed = [box for box in boxes if box is not None]
    assert all(box.within(ROOM) for box in placed)
    assert not any(one.meets(other) for number, one in enumerate(placed) for other in placed[:number])
    assert not any(box.meets(Box(x - 2, y - 2, x + 2, y + 2)) for box in placed for x, y in [*points, Point(150, 100)])


def test_a_name_stands_beside_its_point() -> None:
    (box,) = place([Point(100, 100)], ["name"], [], ROOM, 6, 2)
    assert box is not None
    assert 102 < box.left < 106
    (box,) = place([Point(298, 100)], ["name"], [], ROOM, 6, 2)
    assert box is not None
    assert box.right < 298
