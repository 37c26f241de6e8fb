"""What the playground asks of the compiler, without its server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import compiler
from compiler.playground import attend, compile_program
from rasp.errors import RaspError

TWICE = (
    "h = selector_width(select(tokens, tokens, ==)); g = h * 2 + 1; h = selector_width(select(indices, indices, <)); s = g + h;"
)


def request(folder: Path, text: str = TWICE, **more: Any) -> dict[str, Any]:
    given = {"text": text, "dialect": "rasp", "input": "aba", "tokens": None, "name": "g", "vocab": "ab", "max_length": 3}
    return {**given, "causal": False, "folder": str(folder), **more}


def test_a_model_is_shown_verified_and_saved(tmp_path: Path) -> None:
    news: list[dict[str, Any]] = []
    answer = compile_program(request(tmp_path), news.append)
    assert answer["passed"]
    assert [one["stage"] for one in news][:3] == ["compiling", "compiled", "verifying"]
    assert news[-1]["tried"] > 0
    assert news[1]["model"]["values"] == ["5", "3", "5"]
    assert compiler.load(tmp_path / "model.safetensors")("aba") == [5, 3, 5]
    assert {path.name for path in tmp_path.iterdir()} == {"model.safetensors", "stream.svg", "attention.svg", "report.md"}
    wrong = attend(request(tmp_path, input="abz"), news.append)
    assert "'z'" in wrong["attention_error"]["message"]
    assert "values" not in wrong
    assert attend(request(tmp_path, input="bb"), news.append)["values"] == ["5", "5"]


def test_heads_stand_beside_the_selectors_of_their_own_expression(tmp_path: Path) -> None:
    """A name that is used twice means two selectors."""
    news: list[dict[str, Any]] = []
    compile_program(request(tmp_path), news.append)
    for group in news[1]["model"]["groups"]:
        for selector in group["selectors"]:
            assert selector["label"] == "select(tokens_str, tokens_str, ==)"
            assert selector["rows"] == ["101", "010", "101"]
    assert any(group["selectors"] for group in news[1]["model"]["groups"])


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"name": "gg"}, "the program has no s-op 'gg'"),
        ({"name": "x", "text": "x = ;"}, "the program has an error: unexpected ';'"),
        ({"vocab": ""}, "the vocabulary is empty"),
        ({"max_length": 513}, "the longest input is a number from 1 to 512 here, not 513"),
        ({"max_length": None}, "the longest input is a number from 1 to 512 here, not null"),
    ],
)
def test_what_can_not_be_compiled(tmp_path: Path, more: dict[str, Any], message: str) -> None:
    with pytest.raises(RaspError) as caught:
        compile_program(request(tmp_path, **more), lambda news: None)
    assert caught.value.message.startswith(message)
    with pytest.raises(RaspError, match="there is no compiled model"):
        attend(request(tmp_path), lambda news: None)
