"""``raspc trace``."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import equinox as eqx
import pytest

import compiler
from compiler.cli import main

Captured = pytest.CaptureFixture[str]


def test_a_right_model(capsys: Captured) -> None:
    assert main(["trace", "histogram.m", "aab"]) == 0
    output = capsys.readouterr()
    assert output.err == ""
    assert output.out.startswith("histogram: every value is as the program says (")
    assert "tokens" not in output.out
    assert main(["trace", "histogram.m", "aab", "--all"]) == 0
    assert "tokens" in capsys.readouterr().out


def test_json(capsys: Captured) -> None:
    assert main(["trace", "after.m", "3 1", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["passed"], data["tokens"], data["result"]["model"]) == (True, [3, 1], [4, 2])


def test_an_altered_model(folder: Path, capsys: Captured) -> None:
    model = compiler.load(folder / "histogram.m")
    bias = model.transformer.layers[0].attention.out_bias
    altered = eqx.tree_at(lambda t: t.layers[0].attention.out_bias, model.transformer, bias + 1)
    replace(model, transformer=altered).save(folder / "altered.m")
    assert main(["trace", "altered.m", "aab"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("histogram: layer 1 attention is the first to differ: ")
    assert lines[1] == "these weights are not those that the program compiles to: layers.0.attention.out_bias"
    assert main(["verify", "altered.m"]) == 1
    assert "\n  layer 1 attention is the first to differ: " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["histogram.m", "abc"], "<input>:1:1: token 'c' at position 2 is not in the vocabulary"),
        (["histogram.m", ""], "<input>:1:1: the input is empty"),
        (["inverse.m", "ab"], "<input>:1:1: the program is undefined on this input: "),
        (["no.m", "a"], "raspc: there is no file no.m"),
    ],
)
def test_bad_input(arguments: list[str], error: str, capsys: Captured) -> None:
    assert main(["trace", *arguments]) == 1
    output = capsys.readouterr()
    assert output.err.startswith(error)
    assert output.out == ""
