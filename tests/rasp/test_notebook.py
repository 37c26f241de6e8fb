"""What notebooks show of s-ops and selectors: well-formed HTML with what they are and what they give."""

from xml.etree import ElementTree

import pytest

import rasp
from rasp.values import Selector, SOp

MODULE = rasp.loads("""
    histogram = selector_width(select(tokens, tokens, ==));
    before = select(indices, indices, <);
    plus = tokens_int + 1;
    same = select(tokens_int, 1, ==);
    never = 1 / (indices - indices);
    nothing = select(never, 1, ==);
""")


def shown(name: str) -> ElementTree.Element:
    value = MODULE[name]
    assert isinstance(value, SOp | Selector)
    return ElementTree.fromstring(f"<div>{value._repr_html_()}</div>".replace("&nbsp;", " "))


def rows(name: str) -> list[list[str]]:
    return [["".join(cell.itertext()) for cell in row] for row in shown(name).iter("tr")]


def test_an_s_op() -> None:
    assert "".join(shown("histogram").itertext()).startswith("s-op histogram: ")
    assert rows("histogram") == [["input", *"hello"], ["value", "1", "1", "2", "2", "1"]]


def test_ints_where_letters_have_no_value() -> None:
    assert rows("plus") == [["input", *"31415"], ["value", *"42526"]]


def test_a_selector() -> None:
    assert "".join(shown("before").itertext()).startswith("selector before: ")
    assert [row[0] for row in rows("before")] == ["", *"hello"]
    marks = [[cell.get("title") == "selected" for cell in row.findall("td")] for row in shown("before").iter("tr")][1:]
    assert marks == [[key < query for key in range(5)] for query in range(5)]
    assert [row[0] for row in rows("same")] == ["", *"31415"]


@pytest.mark.parametrize("name", ["never", "nothing"])
def test_without_a_value_on_any_example(name: str) -> None:
    assert rows(name) == []
    assert name in "".join(shown(name).itertext())


def test_signs_are_escaped() -> None:
    value = rasp.loads('x = "<b>" if tokens < "i" else "&";')["x"]
    assert isinstance(value, SOp)
    assert "&lt;b&gt;" in value._repr_html_()
