from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import rasp
from rasp.errors import RaspError
from rasp.playground import limits
from rasp.playground.look import format_program, look
from rasp.playground.programs import programs
from tests.rasp.playground.conftest import HISTOGRAM


def seen(text: str, given: str = "hello", dialect: str = "rasp", **more: Any) -> dict[str, Any]:
    return look({"text": text, "dialect": dialect, "input": given, "tokens": None, "name": None, **more}, lambda news: None)


@pytest.mark.parametrize("program", programs(), ids=lambda program: program["title"])
def test_every_program_that_is_offered_has_values_and_a_flow(program: dict[str, str]) -> None:
    view = seen(program["text"], program["input"], program["dialect"])
    assert [remark for remark in view["remarks"] if remark["severity"] == "error"] == []
    assert view["rows"]
    assert all("cells" in row for row in view["rows"])
    assert view["flow"].startswith("<svg")


def test_the_programs_are_all_there() -> None:
    assert len(programs()) == 14


def test_values_are_the_interpreters() -> None:
    view = seen(HISTOGRAM, "hello")
    wanted = rasp.loads(HISTOGRAM)["histogram"]("hello")
    assert view["rows"] == [
        {"name": "histogram", "formula": "selector_width(same)", "attends": [0], "kind": "int", "cells": list(map(str, wanted))}
    ]
    assert view["tokens"] == list("hello")


def test_a_selector_is_shown_with_its_matrix() -> None:
    (same,) = seen(HISTOGRAM, "aba")["selectors"]
    assert same == {"label": "same", "formula": "select(tokens_str, tokens_str, ==)", "rows": ["101", "010", "101"]}


def test_an_elementwise_s_op_attends_to_what_it_is_computed_from() -> None:
    view = seen(HISTOGRAM + "twice = 2 * histogram + indices;\nplain = indices + 1;\n")
    assert {row["name"]: row["attends"] for row in view["rows"]} == {"histogram": [0], "twice": [0], "plain": []}


def test_a_broken_program_shows_what_is_whole_and_where_it_breaks() -> None:
    view = seen(HISTOGRAM + "broken = ;\nshifted = indices + 1;\n")
    (remark,) = view["remarks"]
    assert (remark["line"], remark["severity"]) == (3, "error")
    assert [row["name"] for row in view["rows"]] == ["histogram", "shifted"]


def test_places_are_counted_as_a_browser_counts() -> None:
    text = '# 😀\nx = "😀" + ;\n'
    (remark,) = seen(text)["remarks"]
    units = text.encode("utf-16-le")
    assert units[2 * remark["start"] : 2 * remark["end"]].decode("utf-16-le") == ";"


def test_an_s_op_without_a_value_says_why_and_the_others_have_theirs() -> None:
    view = seen("inverse = 1 / indices;\nplain = indices;\n", "ab")
    assert "division by zero" in view["rows"][0]["error"]["message"]
    assert view["rows"][1]["cells"] == ["0", "1"]


def test_a_functions_flow_can_be_chosen() -> None:
    view = seen(HISTOGRAM + "last = indices;\n", name="histogram")
    assert (view["name"], view["size"]) == ("histogram", {"layers": 1, "heads": 1})
    assert "histogram: computation flow" in view["flow"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("", "the input is empty"),
        ("a" * (limits.INPUT_TOKENS + 1), f"the input has {limits.INPUT_TOKENS + 1} tokens; the playground takes 64 at most"),
        ("[1, ", "the input is no list of tokens"),
    ],
)
def test_a_wrong_input_is_told_beside_the_remarks(given: str, message: str) -> None:
    view = seen("x = ;", given, tokens="json" if given.startswith("[") else None)
    assert view["input_error"]["message"].startswith(message)
    assert len(view["remarks"]) == 1


def test_a_program_that_is_too_long_is_refused() -> None:
    with pytest.raises(RaspError, match="programs of 100,000 characters at most"):
        seen("#" * (limits.PROGRAM_CHARACTERS + 1))


@pytest.mark.parametrize("request_", [{}, {"text": 3, "dialect": "rasp"}, {"text": "", "dialect": "python"}])
def test_a_request_of_another_form_is_refused(request_: dict[str, Any]) -> None:
    with pytest.raises(RaspError, match="a request holds a program"):
        look(request_, lambda news: None)


def test_many_s_ops_and_selectors_are_counted_not_shown() -> None:
    names = [f"s{at} = select(indices, {at}, ==); x{at} = indices + {at};" for at in range(limits.ROWS + 5)]
    view = seen("\n".join(names), "ab")
    assert (len(view["rows"]), view["left_out"]) == (limits.ROWS, 5)
    assert (len(view["selectors"]), view["selectors_left_out"]) == (limits.SELECTORS, limits.ROWS + 5 - limits.SELECTORS)


def test_a_program_is_formatted() -> None:
    answer = format_program({"text": "x=indices+1 ;", "dialect": "rasp"}, lambda news: None)
    assert answer == {"text": "x = indices + 1;\n"}


@pytest.mark.parametrize(
    ("given", "dialect", "wanted"),
    [
        ("hello", "rasp", "helo"),
        ("a b a", "rasp", "a b"),
        ("a\tb", "rasp", "a\tb"),
        ("3 1 3", "rasp-l", "3 1"),
        ('["ab", "c", "ab"]', "rasp", '["ab", "c", "ab"]'),
    ],
)
def test_the_vocabulary_that_is_offered_is_read_as_the_input_is(given: str, dialect: str, wanted: str) -> None:
    assert seen("", given, dialect)["vocabulary"] == wanted


def test_a_value_that_can_not_be_shown_is_told_in_its_row() -> None:
    view = seen("x = tokens_float * 10^300 * 10^300; y = indices;", "[1.5]")
    assert "can't be shown" in view["rows"][0]["error"]["message"]
    assert view["rows"][1]["cells"] == ["0"]
    assert "input_error" in seen("y = indices;", "[1e400, 2.5]")


def test_many_remarks_are_counted_not_shown() -> None:
    view = seen("x = not indices == 1 and 2;\n" * (limits.REMARKS + 30))
    assert (len(view["remarks"]), view["remarks_left_out"] >= 30) == (limits.REMARKS, True)


def test_an_error_in_a_loaded_file_names_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("lib.rasp").write_text("a = 1;\nbad = ;\n")
    (remark, *_) = seen('load "lib";')["remarks"]
    assert "lib.rasp:2:7: unexpected ';'" in remark["message"]
    Path("lib.rasp").write_text("\n\n\nx = 1 / indices;\n")
    row = seen('load "lib";\ny = x;\n')["rows"][-1]
    assert (row["error"]["file"], row["error"]["line"]) == ("lib.rasp", 4)


def test_selectors_that_are_attended_by_are_shown_before_others() -> None:
    named = "".join(f"s{at} = select(indices, {at}, ==);" for at in range(limits.SELECTORS + 1))
    view = seen(named + "y = aggregate(select(tokens, tokens, ==), indices);", "aba")
    assert view["selectors"][view["rows"][0]["attends"][0]]["label"] == "select(tokens_str, tokens_str, ==)"
