"""Drawings of computation flows: what they show, and that any input gives a well-formed picture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rasp
from rasp.draw import Drawing, draw
from rasp.draw.flow import MOST_POSITIONS, Row
from rasp.errors import EvaluationError, InputError, RaspError, RaspTypeError
from rasp.graph.nodes import Const, Input, Map, Node, Op

PROGRAM = """
hist = selector_width(select(tokens, tokens, ==));
backwards = length - indices - 1;
reverse = aggregate(select(indices, backwards, ==), tokens, "-");
sorted = sort(tokens, tokens);
inverse = 1 / indices;
s = select(indices, indices, <);
def f(a, b) { return a + b; }
"""
MODULE = rasp.loads(PROGRAM)
NAMES: dict[Node, str] = {MODULE["backwards"].node: "backwards", Input("indices"): "not of this program"}


def reverse(tokens: str | list[str]) -> Drawing:
    return draw(MODULE["reverse"], tokens, names=NAMES)


def labels(rows: tuple[Row, ...]) -> list[str]:
    return [row.label for row in rows]


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_the_svg_of_a_small_program(golden: Callable[[str, str], None]) -> None:
    golden("reverse.svg", reverse(["a", "<b>", "\n"]).svg())


def test_the_dot_of_a_small_program(golden: Callable[[str, str], None]) -> None:
    golden("reverse.dot", reverse(["a", "<b>", "\n"]).dot())


def test_what_a_flow_shows() -> None:
    flow = reverse("abc").flow
    assert sorted(labels(flow.inputs)) == ["indices", "tokens_str"]
    assert [len(layer.heads) for layer in flow.layers] == [0, 1, 1]
    (row,) = flow.layers[1].feed_forward
    assert (row.label, row.cells, row.formula) == ("backwards", ("2", "1", "0"), "( ( x1 - indices ) - 1 )")
    head = flow.layers[2].heads[0]
    assert head.name == "select(indices, backwards, ==)"
    assert (labels(head.keys), labels(head.queries)) == (["indices"], ["backwards"])
    assert head.matrix.astype(int).tolist() == [[0, 0, 1], [0, 1, 0], [1, 0, 0]]
    (result,) = head.results
    assert result.text == 'reverse = mean of tokens_str, default "-"'
    assert (result.row.cells, flow.result.cells) == (("c", "b", "a"), ("c", "b", "a"))
    assert flow.length == 3


def test_the_written_and_the_simplified_form() -> None:
    written = draw(MODULE["hist"], "hello", simplified=False).flow
    assert len(written.layers[1].heads) == 2
    simplified = draw(MODULE["hist"], "hello").flow
    (head,) = simplified.layers[1].heads
    assert [(result.value, result.text) for result in head.results] == [(None, "hist = number selected")]
    assert written.result.cells == simplified.result.cells == ("1", "1", "2", "2", "1")


def test_operations_read_once_by_an_operation_are_hidden() -> None:
    once = Map(Op.ADD, (Input("indices"), Const(1)))
    twice = Map(Op.MUL, (once, Const(1234567)))
    root = Map(Op.SUB, (twice, Map(Op.NEG, (twice,))))
    (layer,) = draw(root, "ab").flow.layers
    assert [(row.label, row.formula) for row in layer.feed_forward] == [
        ("x1", "( ( indices + 1 ) * 1234567 )"),
        ("( x1 - ( -x1 ) )", ""),
    ]
    (layer,) = draw(root, "ab", names={once: "once"}).flow.layers
    assert labels(layer.feed_forward) == ["once", "( once * 1234567 )", "x1"]


def test_a_constant_can_be_drawn() -> None:
    drawing = draw(Const(2), "ab")
    assert drawing.flow.result.cells == ("2", "2")
    ElementTree.fromstring(drawing.svg())


def test_a_rasp_l_function_can_be_drawn() -> None:
    module = rasp.loads("def f(x):\n    return num_prev(x, x)\n", dialect="rasp-l")
    assert draw(module["f"], [3, 1, 3]).flow.result.cells == ("1", "1", "2")


def test_long_inputs_are_cut_with_a_note() -> None:
    drawing = reverse("ab" * 100)
    assert drawing.flow.length == 200
    assert len(drawing.flow.result.cells) == MOST_POSITIONS
    assert drawing.flow.layers[2].heads[0].matrix.shape == (MOST_POSITIONS, MOST_POSITIONS)
    assert "the first 64 of 200 positions are shown" in texts(drawing.svg())
    assert not any("positions are shown" in text for text in texts(reverse("ab").svg()))


HIST: Node = MODULE["hist"].node
STRINGS = st.text(max_size=3) | st.text(st.characters(categories=["Cs", "Cc", "Zs"]), max_size=2)


@settings(max_examples=40)
@given(st.lists(STRINGS, min_size=1, max_size=4))
def test_any_tokens_give_well_formed_pictures(tokens: list[str]) -> None:
    drawing = draw(HIST, tokens, names={HIST: "a<b>&\x00\ud800"})
    assert "\ufffd" in texts(drawing.svg())[0]
    label = drawing.dot().split("label=<")[1].split(">];")[0]
    ElementTree.fromstring(label)
    drawing.svg().encode("utf-8")


def test_tokens_show_as_what_they_are() -> None:
    cells = draw(MODULE["hist"], ["", " ", "\n", "a b", "<&>", "é", "x" * 500]).flow.inputs[0].cells
    assert cells[:6] == ('""', '" "', '"\\u{a}"', "a b", "<&>", "é")
    assert len(cells[6]) == 200


def test_long_names_are_cut_and_told_in_full() -> None:
    svg = draw(HIST, "ab", names={HIST: "h" * 300}).svg()
    titles = [element.text for element in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}title")]
    assert "h" * 300 in titles
    assert max(map(len, texts(svg))) < 200


@pytest.mark.parametrize(
    ("name", "tokens", "error", "message"),
    [
        ("hist", "", InputError, "empty"),
        ("inverse", "ab", EvaluationError, "<string>:6:11: division by zero"),
        ("s", "ab", RaspTypeError, "<string>:7:5: this is a selector; an s-op can be drawn"),
        ("f", "ab", RaspTypeError, "'f' is a function; an s-op is needed"),
    ],
)
def test_what_can_not_be_drawn(name: str, tokens: str, error: type[RaspError], message: str) -> None:
    with pytest.raises(error) as caught:
        draw(MODULE[name], tokens)
    assert message in str(caught.value)


# Files


def test_files_have_the_form_of_their_suffix(tmp_path: Path) -> None:
    drawing = reverse("ab")
    for suffix, text in ((".svg", drawing.svg()), (".SVG", drawing.svg()), (".dot", drawing.dot()), (".gv", drawing.dot())):
        file = tmp_path / f"picture{suffix}"
        file.write_text("old")
        drawing.write(file)
        assert file.read_text(encoding="utf-8") == text
    drawing.write(str(tmp_path / "other.svg"))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "other.svg",
        "picture.SVG",
        "picture.dot",
        "picture.gv",
        "picture.svg",
    ]
    assert drawing._repr_svg_() == drawing.svg()


@pytest.mark.parametrize("name", ["picture", "picture.jpeg", "missing/picture.svg"])
def test_files_that_can_not_be_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(RaspError, match=r"no picture is written to|can't write '.*': No such file or directory"):
        reverse("ab").write(tmp_path / name)
    assert list(tmp_path.iterdir()) == []
