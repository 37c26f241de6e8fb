import pytest

from compiler.places import Place
from rasp.errors import Source

PROGRAM = """same = select(tokens, tokens, ==);
hist =
  selector_width(same); x = hist + 1;
def f(a) { b = a * 2; return max_of(key=a - 2); }
c = (1 + 3) <= 4;
def g(x): y = where(x, 0)
"""
LONG = "a" * 300


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("select(tokens, tokens, ==)", "same"),
        ("selector_width(same)", "hist"),
        ("hist + 1", "x"),
        ("a * 2", "b"),
        ("where(x, 0)", "y"),
        ("(1 + 3) <= 4", "c"),
        ("tokens", ""),
        ("same);", ""),
        ("a - 2", ""),
        ("1 + 3", ""),
        ("4;", ""),
    ],
)
def test_places_have_the_name_that_the_source_gives(text: str, name: str) -> None:
    source = Source("p.rasp", PROGRAM)
    start = PROGRAM.index(text)
    place = Place.of(source.span(start, start + len(text)))
    assert place
    assert (place.name, place.text) == (name, text)
    assert str(place) == f"{name or text} at p.rasp:{place.line}:{place.column}"


@pytest.mark.parametrize("before", [f"{LONG} = ", f"x = {LONG} = ", "x" + " " * 300 + "= ", f"f({LONG}, x = "])
def test_a_name_that_is_far_away_or_too_long_is_none(before: str) -> None:
    place = Place.of(Source("p", before + "1;").span(len(before), len(before) + 1))
    assert place
    assert place.name == ""


def test_a_long_expression_is_cut() -> None:
    source = Source("p", "x = " + "1 +\n  " * 100 + "1;")
    place = Place.of(source.span(4, len(source.text) - 1))
    assert place
    assert len(place.text) == 160
    assert place.text.startswith("1 + 1 + 1")
    assert Place.of(None) is None
