"""The reference's defects that are repaired here, by their number in the list of reference-differences."""

from __future__ import annotations

from pathlib import Path

import pytest

import rasp
from rasp.elaborate.session import Session
from rasp.errors import Source
from rasp.graph import canonical
from rasp.graph.nodes import SELECTOR_TYPES, topological
from rasp.syntax.parser import read
from tests.rasp.elaborate.console import answer, answers, run, shown


def error_of(text: str) -> rasp.RaspError:
    with pytest.raises(rasp.RaspError) as caught:
        shown(run(text)[-1])
    return caught.value


def test_01_comments_stand_anywhere() -> None:
    assert answer("x = [1, # one\n 2 # two\n]; # end\nx # here too\n;") == "[1, 2]"


def test_02_several_statements_on_a_line() -> None:
    assert answers("a = 1; b = 2; a + b;") == ["a = 1", "b = 2", "3"]


@pytest.mark.parametrize(
    ("text", "place"), [("x = 3 y = 4;\nz = 1;", (1, 7)), ("z = 1;\nx = 3", (2, 6)), ("x = 3\nz = 1;", (1, 6))]
)
def test_03_missing_semicolons_and_truncated_files_are_reported(text: str, place: tuple[int, int]) -> None:
    error = error_of(text)
    assert isinstance(error, rasp.RaspSyntaxError)
    assert error.span is not None
    assert (error.span.line, error.span.column) == place


def test_04_a_trailing_comment_does_not_swallow_the_next_line() -> None:
    assert answer("def f(a) { # takes a\n b = a + 1; # adds\n return b; # gives\n}\nf(1);") == "2"


def test_05_long_functions_are_parsed_once() -> None:
    body = "".join(f"    v{line} = {line};\n" for line in range(2_000))
    assert answer(f"def f() {{\n{body}    return v1999;\n}}\nf();") == "1999"


def test_06_results_of_applications_are_ordinary_lists() -> None:
    assert answers('x = indices("abc"); x[1]; x + [9]; len(x); [i*i for i in x]; 2 in x;')[1:] == [
        "1",
        "[0, 1, 2, 9]",
        "3",
        "[0, 1, 4]",
        "True",
    ]
    assert answer('m = select(indices, indices, <)("ab"); m[1];') == "[True, False]"
    assert answer('f = tokens("hello"); tokens(f);') == "[h, e, l, l, o] (strings)"


def test_07_out_is_the_last_top_level_expression() -> None:
    assert answers("5; 1 + out;") == ["5", "6"]
    assert answers("5; x = 7; out;")[-1] == "5"
    assert answers("5; def f() { 8; return out; } f();")[-1] == "5"


def test_08_inputs_that_compare_equal_are_kept_apart() -> None:
    assert answers(
        "tokens_asis([1, 2]); tokens_asis([True, 2]); tokens_asis([1.0, 2.0]); tokens_asis([True]); tokens_asis([1]);"
    ) == [
        "[1, 2] (ints)",
        "[T, 2] (ints)",
        "[1.0, 2.0] (floats)",
        "[T] (bools)",
        "[1] (ints)",
    ]


def test_09_definitions_do_not_depend_on_the_running_example() -> None:
    assert run("t = tokens_int; def f(s) { return s + 1; } u = f(tokens_int); 1 / indices;")
    assert answer('t = tokens_int; t("12");') == "[1, 2] (ints)"
    assert answer('def f(s) { return s + 1; } f(tokens_int)("12");') == "[2, 3] (ints)"


def test_10_arguments_are_evaluated_once_and_after_the_callee() -> None:
    depth = 200
    assert answer("def f(a) { return a + 1; } " + "f(" * depth + "0" + ")" * depth + ";") == str(depth)
    assert "Undefined variable: no_such_function" in error_of("no_such_function(1 / 0);").message


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ('"a%s" % "b";', rasp.RaspTypeError),
        ("(-8) ^ 0.5;", rasp.EvaluationError),
        ("[1] < [2];", rasp.RaspTypeError),
        ("len({1: 2});", rasp.RaspTypeError),
    ],
)
def test_11_host_behaviour_does_not_leak(text: str, error: type[rasp.RaspError]) -> None:
    assert isinstance(error_of(text), error)


def test_11_long_numbers_are_exact() -> None:
    assert rasp.loads("x = 10 ^ 5000;")["x"] == 10**5000
    assert answer("10 ^ 5000 % 7;") == str(10**5000 % 7)


@pytest.mark.parametrize(
    "text", ['"l" in [tokens];', "[indices] == [tokens];", "not max;", "max and 1;", "{1: max} == {1: max};"]
)
def test_12_accidental_truths_are_type_errors(text: str) -> None:
    assert isinstance(error_of(text), rasp.RaspTypeError)


def test_13_brackets_around_what_is_indexed() -> None:
    assert answers("(indices + 1)[0]; ([1, 2])[0]; [1, 2][(1)]; (tokens)[(0)];") == ["[1]*5 (ints)", "1", "2", "[h]*5 (strings)"]


@pytest.mark.parametrize(
    "text",
    [
        "x = aggregate(full_s, indices, [1]);",
        "x = aggregate(full_s, indices, indices);",
        "x = aggregate(full_s, full_s);",
        "x = aggregate(full_s, [1]);",
        "x = select([1], indices, ==);",
        "x = select(indices, full_s, ==);",
        "x = select({}, max, ==);",
    ],
)
def test_14_operands_are_checked_when_the_graph_is_built(text: str) -> None:
    assert isinstance(error_of(text), rasp.RaspTypeError)


def test_15_drawing_is_a_request_that_writes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert answer('draw(indices + 1, "a/b");') == "[1, 2, 3] (ints)"
    assert list(tmp_path.iterdir()) == []


def test_16_equal_selectors_are_one_head_or_two() -> None:
    text = "a = aggregate(select(indices, 0, ==), indices) + aggregate(select(indices, 0, ==), indices);"
    node = rasp.loads(text)["a"].node
    written = [part for part in topological(node) if isinstance(part, SELECTOR_TYPES)]
    simplified = [part for part in topological(canonical(node).root) if isinstance(part, SELECTOR_TYPES)]
    assert (len(written), len(simplified)) == (2, 1)


def test_17_names_belong_to_bindings() -> None:
    session = Session()
    run("c = indices; d = c; def f(a) { return a; } e = [f(indices), indices, c, d, c + 1];", session)
    variables = session.defined()
    assert [(variables[name].name, variables[name].label) for name in "cd"] == [("c", "c"), ("d", "d")]  # type: ignore[union-attr]
    assert [item.label for item in variables["e"]] == ["f(indices)", "indices", "c", "d", "( c + 1 )"]  # type: ignore[union-attr]


AUTOMATIC = [
    ("indices + 1", "( indices + 1 )"),
    ("2 ^ indices", "( 2 pow indices )"),
    ('tokens == "a"', "( tokens == a )"),
    ("indices and 1", "( indices and 1)"),
    ("not indices", "( not indices )"),
    ("-indices", "( - indices )"),
    ("round(indices)", "( round indices )"),
    ("indicator(indices)", "I(indices)"),
    ("1 if indices else 2", "1 if indices else 2"),
    ("indices in [1]", "indices in [1]"),
    ("indices in numbers", "indices in numbers"),
    ("indices[0]", "indices[0]"),
    ("numbers[indices]", "numbers[indices]"),
    ("1 in indices", "( s-op > 0 )"),
    ("aggregate(full_s, indices)", "s-op"),
    ("select(indices, 0, ==)", "plain select"),
    ("full_s and full_s", "plain select"),
    ('shift(tokens, 1, "_")', 'shift(tokens , 1 , "_")'),
    ("select_next_identical(indices + 1)", "sel"),
    ("same([1, 2, 3, 4, 5, 6, 7, 8])", "same((list))"),
    ("indices + 1 + 2 + 3 + 4 + 5 + 6", "( ( ( s-op + 4 ) + 5 ) + 6 )"),
]


@pytest.mark.parametrize(("text", "label"), AUTOMATIC)
def test_17_automatic_names(text: str, label: str) -> None:
    session = Session()
    run(f"tokens = tokens_str; numbers = [1]; def same(a) {{ return indices; }} x = [{text}];", session)
    assert session.defined()["x"][0].label == label  # type: ignore[index, union-attr]


def test_18_displays_keep_each_examples_own_input() -> None:
    session = Session()
    run('set s-op example "abc"\nset selector example "xy"\n', session)
    assert (session.settings.sop_example, session.settings.selector_example) == ("abc", "xy")


def test_19_the_offending_value_is_named() -> None:
    assert "index 2 is out of range" in error_of('[1, 2][indices]("abc");').message


def test_20_reserved_names() -> None:
    assert answer("get = 3; get;") == "3"
    assert answers("out = 1; range = 2; max = 3; indices = 4;") == [
        f"error: Cannot set reserved name: {name}" for name in ("out", "range", "max", "indices")
    ]
    assert answer("def f(max) { min = max; return min; } f(1);") == "1"


def test_21_defaults() -> None:
    assert answer("tokens[7];") == "[0]*5 (ints)"
    assert "default" in error_of("aggregate(select(indices, indices + 1, ==), tokens);").message


def test_22_traps_are_kept_and_warned_of() -> None:
    from rasp.syntax.lint import lint

    assert answer('not tokens in ["h"];') == "[F]*5 (bools)"
    assert [warning.rule for warning in lint(rasp.parse('not tokens in ["h"];'))] == ["in-last"]


def test_23_the_whole_sequence_decides_whether_a_mean_exists() -> None:
    """Kept as it is: one selection has any kind, several need numbers."""
    assert answer('aggregate(select(indices, indices, ==), tokens)("ab");') == "[a, b] (strings)"
    assert "not numbers" in error_of('aggregate(full_s, tokens)("aaa");').message


def test_24_files_are_found_beside_the_loading_file_and_errors_fail_the_load(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "main.rasp").write_text('load "sub/a";\nz = y + 1;\n', encoding="utf-8")
    (tmp_path / "sub" / "a.rasp").write_text('load "b";\ny = x + 1;\n', encoding="utf-8")
    (tmp_path / "sub" / "b.rasp").write_text("x = 1;\n", encoding="utf-8")
    assert rasp.load(tmp_path / "main.rasp")["z"] == 3
    (tmp_path / "sub" / "b.rasp").write_text("x = 1;\nw = 1 / 0;\n", encoding="utf-8")
    with pytest.raises(rasp.RaspError) as caught:
        rasp.load(tmp_path / "main.rasp")
    assert [str(error).endswith("b.rasp:2:5: division by zero") for error in caught.value.errors] == [True]


def test_25_long_inputs() -> None:
    module = rasp.loads("histogram = selector_width(select(tokens, tokens, ==)); ordered = sort(tokens, tokens);")
    assert module["histogram"]("ab" * 50_000)[:2] == [50_000, 50_000]
    assert module["ordered"]("ba" * 50_000)[49_999:50_001] == ["a", "b"]


def test_26_no_generated_parser() -> None:
    assert read(Source("<test>", "x = 1;")).errors == ()


def test_27_a_drawing_evaluates_its_input_once() -> None:
    session = Session()
    [_, _, drawing] = run('n = [0]; def f() { return "ab"; } draw(indices, f());', session)
    assert shown(drawing) == "[0, 1] (ints)"
    run('for i in [1, 2] { draw(indices + i, "ab"); }', session)
    assert [shown(request) for request in session.drawings] == ["[1, 2] (ints)", "[2, 3] (ints)"]
