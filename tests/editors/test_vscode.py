"""The folder for VS Code: its grammars know the words of the languages, and all that it names is there."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import rasp
from rasp.syntax import words

FOLDER = Path(__file__).parents[2] / "editors" / "vscode"
RASP = (
    words.RASP_STATEMENTS,
    words.RASP_COMMANDS,
    words.RASP_OPERATORS,
    words.RASP_CALLED,
    words.RASP_INPUTS,
    words.RASP_LIBRARY,
    words.CONSTANTS,
)
RASPL = words.RASPL_STATEMENTS, words.RASPL_OPERATORS, words.RASPL_CORE, words.RASPL_LIBRARY, words.CONSTANTS, ("None",)


def read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def test_all_that_it_names_is_there() -> None:
    package = read("package.json")
    assert package["version"] == rasp.__version__
    languages, grammars = package["contributes"]["languages"], package["contributes"]["grammars"]
    assert {suffix for one in languages for suffix in one["extensions"]} == {".rasp", ".raspl"}
    assert [one["language"] for one in grammars] == [one["id"] for one in languages]
    for one in languages:
        assert read(one["configuration"])["comments"] == {"lineComment": "#"}
    for one in grammars:
        assert read(one["path"])["scopeName"] == one["scopeName"]


@pytest.mark.parametrize(("name", "known"), [("rasp", RASP), ("raspl", RASPL)])
def test_the_grammars_know_the_words(name: str, known: tuple[tuple[str, ...], ...]) -> None:
    patterns = [rule["match"] for rule in read(f"syntaxes/{name}.tmLanguage.json")["patterns"] if "match" in rule]
    lists = (re.match(r"\\b\(([\w|]+)\)", pattern) for pattern in patterns)
    found = {word for one in lists if one is not None for word in one[1].split("|")}
    assert found == {word for group in known for word in group}


@pytest.mark.parametrize(
    ("name", "text", "scope"),
    [
        ("rasp", "# x", "comment.line.number-sign"),
        ("rasp", '"a # b"', "string.quoted.double"),
        ("rasp", "full  seq display", "keyword.control"),
        ("rasp", "s-op", "keyword.control"),
        ("rasp", "select(", "support.function"),
        ("rasp", "select", "variable.other"),
        ("rasp", "tokens_int", "variable.language"),
        ("rasp", "f(", "entity.name.function"),
        ("rasp", "!=", "keyword.operator"),
        ("raspl", "'a\\'#'", "string.quoted"),
        ("raspl", "lambda", "keyword.control"),
        ("raspl", "kqv(", "support.function"),
        ("raspl", "größe", "variable.other"),
        ("raspl", "0b101", "constant.numeric"),
        ("raspl", "True", "constant.language"),
    ],
)
def test_the_first_rule_that_fits(name: str, text: str, scope: str) -> None:
    """Of rules that fit at the same place, the first is taken."""
    rules = read(f"syntaxes/{name}.tmLanguage.json")["patterns"]
    fitting = [rule for rule in rules if "match" in rule and "name" in rule and re.match(rule["match"], text)]
    assert fitting[0]["name"] == f"{scope}.{name}"
