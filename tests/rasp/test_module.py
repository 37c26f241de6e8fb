"""The public API: load, loads, modules and their values."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

import rasp

TEXT = """
histogram = selector_width(select(tokens, tokens, ==));
same = select(tokens, tokens, ==);
def plus(a, b) { return a + b; }
def pair(a) { return a, [a, {1: a}]; }
half = 0.5;
numbers = [1, 0.25, {"a": 1/4}];
_private = 1;
"""


@pytest.fixture(scope="module", name="module")
def _module() -> rasp.Module:
    return rasp.loads(TEXT)


def test_values_by_name(module: rasp.Module) -> None:
    assert module["histogram"]("hello") == [1, 1, 2, 2, 1]
    assert module["histogram"].name == "histogram"
    assert module["same"]("aba").tolist() == [[True, False, True], [False, True, False], [True, False, True]]
    assert (module["half"], module["numbers"]) == (0.5, [1, 0.25, {"a": 0.25}])


def test_a_module_is_a_mapping_of_its_public_names(module: rasp.Module) -> None:
    assert isinstance(module, Mapping)
    assert list(module) == ["histogram", "same", "plus", "pair", "half", "numbers"]
    assert len(module) == 6
    assert "half" in module
    assert "_private" not in module
    assert (module.dialect, module.source, module.path) == ("rasp", TEXT, "<string>")
    assert rasp.parse(module.source) == module.program


def test_unknown_names(module: rasp.Module) -> None:
    with pytest.raises(rasp.RaspNameError) as caught:
        module["histograms"]
    assert caught.value.hint == "did you mean 'histogram'?"
    with pytest.raises(rasp.RaspNameError, match="private"):
        module["_private"]
    with pytest.raises(rasp.RaspNameError) as caught:
        rasp.loads("")["x"]
    assert caught.value.hint == "it defines nothing"
    assert module.get("nothing", 3) == 3


def test_functions_take_python_values_and_s_ops(module: rasp.Module) -> None:
    plus = module["plus"]
    assert plus(1, 2) == 3
    assert plus(0.1, 0.2) == 0.3
    assert plus([1], (2.5,)) == [1, 2.5]
    assert plus(np.int64(1), np.float64(0.5)) == 1.5
    assert plus(module["histogram"], 1)("aab") == [3, 3, 2]
    assert module["pair"](0.5) == [0.5, [0.5, {1: 0.5}]]
    assert plus.parameters == ("a", "b")
    assert repr(plus) == "<RASP function plus(a, b)>"


def test_functions_report_faults(module: rasp.Module) -> None:
    plus = module["plus"]
    for arguments in [(1,), (1, "a"), (1, object()), (1, float("nan"))]:
        with pytest.raises(rasp.RaspError):
            plus(*arguments)
    with pytest.raises(rasp.RaspTypeError):
        plus(1, b=2)


def test_applied_results_are_lists() -> None:
    module = rasp.loads('x = indices("abc"); y = (indices / 2)("abc"); z = select(indices, indices, <)("ab");')
    assert (module["x"], module["y"], module["z"]) == ([0, 1, 2], [0.0, 0.5, 1.0], [[False, False], [True, False]])
    assert type(module["x"]) is list


def test_presentation(module: rasp.Module) -> None:
    assert repr(module) == "<rasp module <string>: histogram, same, plus, pair, half, numbers>"
    assert "<code>plus</code></td><td>function (a, b)</td>" in module._repr_html_()
    assert "&lt;string&gt;" in module._repr_html_()


def test_files_choose_their_dialect_by_suffix(tmp_path: Path) -> None:
    path = tmp_path / "program.rasp"
    path.write_text(TEXT, encoding="utf-8")
    assert rasp.load(path)["histogram"]("aa") == [2, 2]
    assert rasp.load(str(path)).path == str(path)
    other = tmp_path / "program.raspl"
    other.write_text("def f(x):\n    return x\n", encoding="utf-8")
    assert rasp.load(other).dialect == "rasp-l"
    with pytest.raises(rasp.RaspError, match=r"'\.txt' belongs to no dialect"):
        rasp.load(tmp_path / "program.txt")
    with pytest.raises(rasp.RaspLoadError):
        rasp.load(tmp_path / "missing.rasp")
    with pytest.raises(rasp.RaspLoadError):
        rasp.load("\0.rasp")


def test_unknown_dialects() -> None:
    with pytest.raises(rasp.RaspError, match="no dialect"):
        rasp.loads("", "lisp")  # type: ignore[arg-type]


def test_a_rasp_l_module() -> None:
    module = rasp.loads("def double(x):\n    return x + x\n", "rasp-l")
    assert list(module) == ["double"]
    assert module["double"]([1, 2]) == [2, 4]


def test_the_names_of_functions_and_packages_do_not_collide() -> None:
    import rasp.check
    import rasp.measure.schedule

    assert callable(rasp.measure)
    assert callable(rasp.check)
    assert rasp.measure(rasp.loads(TEXT)["histogram"]).written.heads_by_layer == (2,)
    with pytest.raises(AttributeError):
        rasp.no_such_name  # type: ignore[attr-defined]  # noqa: B018


def test_the_version_is_that_of_the_package() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]
    assert rasp.__version__ == project["version"]


HEADS = [
    ("length", (1,)),
    ("selector_width(select(tokens, tokens, ==))", (2,)),
    ("tokens[0]", (1,)),
    ("tokens[-1]", (1, 1)),
    ('"a" in tokens', (1,)),
    ("sort(tokens, tokens)", (2, 1)),
    ('indicator(mark_last_instance(tokens, "a"))', (1,)),
    ('indicator(mark_first_instance(tokens, "a"))', (1,)),
    ("aggregate(select_next_identical(tokens), indices)", (2, 1)),
    ('aggregate(select_from_last(tokens, "a"), indices)', (1, 1)),
    ("has_focus(select(indices, 0, ==))", (1,)),
    ('count(tokens, "a")', (1,)),
    ('contains(tokens, "a")', (1,)),
    ("average(indices)", (1,)),
    ('shift(tokens, 1, "-")', (1,)),
    ("load_from_location(tokens, indices)", (1,)),
    ("max(indices, 2)", ()),
    ("aggregate(select(indices, length - 1 - indices, ==), tokens)", (1, 1)),
]


@pytest.mark.parametrize(("text", "heads"), HEADS)
def test_the_library_needs_the_heads_of_the_reference(text: str, heads: tuple[int, ...]) -> None:
    assert rasp.measure(rasp.loads(f"x = {text};")["x"]).written.heads_by_layer == heads


def test_counting_is_recognized() -> None:
    from rasp.graph import canonical
    from rasp.graph.nodes import SelectorWidth

    module = rasp.loads("n = length; w = selector_width(not select(tokens, tokens, ==)); c = selector_width(full_s);")
    for name in module:
        assert isinstance(canonical(module[name].node).root, SelectorWidth)
