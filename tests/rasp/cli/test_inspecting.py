"""``rasp check``, ``measure``, ``draw``, ``show``, and the arguments as such."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rasp.cli import main


def test_check_of_a_good_program(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "hist.rasp"]) == 0
    assert capsys.readouterr() == ("hist.rasp: no errors, no warnings, no notes\n", "")


def test_check_reports_every_error_and_warning(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (folder / "bad.rasp").write_text('a = not tokens == "a";\nb = 1 / 0;\nc = = 3;\nd = len(3);\n')
    assert main(["check", "bad.rasp"]) == 1
    output = capsys.readouterr()
    places = [line for line in output.err.splitlines() if line.startswith("bad.rasp:")]
    wanted = ["bad.rasp:2:5: division", "bad.rasp:3:5: unexpected", "bad.rasp:4:5: attempting", "bad.rasp:1:5: warning:"]
    assert [" ".join(line.split()[:2]) for line in places] == wanted
    assert output.out == "bad.rasp: 3 errors, 1 warning, no notes\n"


def test_check_as_json(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (folder / "bad.rasp").write_text("b = nowhere;")
    assert main(["check", "bad.rasp", "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == [
        {
            "severity": "error",
            "rule": "name",
            "file": "bad.rasp",
            "line": 1,
            "column": 5,
            "message": "Undefined variable: nowhere",
            "hint": None,
        }
    ]


def test_check_of_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "nothing.rasp", "--json"]) == 1
    (remark,) = json.loads(capsys.readouterr().out)
    assert (remark["rule"], remark["file"], remark["message"]) == ("load", None, "could not find file: nothing.rasp")


def test_strict_makes_warnings_fatal(folder: Path) -> None:
    (folder / "trap.rasp").write_text('a = not tokens == "a";')
    assert main(["check", "trap.rasp"]) == 0
    assert main(["check", "trap.rasp", "--strict"]) == 1


def test_check_applies_the_restrictions_of_rasp_l(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (folder / "far.raspl").write_text("def f(x):\n    return full(x, 0) + indices(x) * 2\n")
    assert main(["check", "far.raspl"]) == 1
    output = capsys.readouterr()
    assert "far.raspl:2:" in output.err
    assert "[index-arithmetic]" in output.err


def test_measure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["measure", "hist.rasp", "histogram"]) == 0
    assert "attention operations" in capsys.readouterr().out
    assert main(["measure", "hist.rasp", "histogram", "--json"]) == 0
    measures = json.loads(capsys.readouterr().out)
    assert (measures["name"], measures["written"]["heads_by_layer"], measures["simplified"]["heads"]) == ("histogram", [2], 1)


def test_measure_of_a_rasp_l_function(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["measure", "count.raspl", "two", "--set", "y=3", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["simplified"]["attention"] == 0


def test_draw(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["draw", "hist.rasp", "histogram", "hello", "-o", "h.svg"]) == 0
    assert main(["draw", "hist.rasp", "histogram", "hello", "--output", "h.dot", "--written"]) == 0
    assert (folder / "h.svg").read_text().startswith("<svg")
    assert (folder / "h.dot").read_text().startswith("digraph")
    assert capsys.readouterr() == ("", "")


def test_show(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "hist.rasp", "histogram"]) == 0
    assert capsys.readouterr().out == "%1 = tokens_str\n%2 = select(%1, %1, ==)\n%3 = width(%2)\n"
    assert main(["show", "hist.rasp", "settings"]) == 0
    assert capsys.readouterr().out == "{'a': [1, 2.5], 2: 'x'}\n"
    assert main(["show", "hist.rasp", "same", "--written"]) == 0
    assert capsys.readouterr().out == "%1 = tokens_str\n%2 = select(%1, %1, ==)\n"


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == "rasp 0.1.0\n"
    assert main(["--help"]) == 0
    assert "examples:" in capsys.readouterr().out
    for command in ["repl", "run", "generate", "check", "measure", "draw", "show"]:
        assert main([command, "--help"]) == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["nothing"],
        ["run"],
        ["run", "hist.rasp"],
        ["run", "hist.rasp", "histogram"],
        ["run", "hist.rasp", "histogram", "a", "--tokens", "bytes"],
        ["run", "count.raspl", "count", "1", "--set", "step"],
        ["run", "count.raspl", "count", "1", "--set", "step=x"],
        ["generate", "count.raspl", "after", "1"],
        ["generate", "count.raspl", "after", "1", "--stop", "x"],
        ["draw", "hist.rasp", "histogram", "a"],
        ["check"],
    ],
)
def test_bad_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert "error:" in output.err
