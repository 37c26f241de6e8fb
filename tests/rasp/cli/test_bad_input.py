"""Whatever is wrong with a program or an input: exit status 1 and a message that says what, never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from rasp.cli import main

ENDLESS = "for i in range(1000000) { for j in range(1000000) { k = j; } }"

PROGRAMS: dict[str, tuple[str | bytes, str]] = {
    "syntax": ("x = = 1;", "bad.rasp:1:5: unexpected '='"),
    "unclosed": ("x = (1;", "bad.rasp:1:5: '(' is never closed"),
    "truncated": ("x = indices;\ndef f(a) {\n  return a;\n", "bad.rasp:2:10: '{' is never closed"),
    "type": ('x = 1 + "a";', "bad.rasp:1:5: cannot apply '+' to int and string"),
    "name": ("x = nowhere;", "bad.rasp:1:5: Undefined variable: nowhere"),
    "missing file": ('load "nowhere";', "bad.rasp:1:1: could not find file: nowhere.rasp"),
    "cycle": ('load "bad";', "bad.rasp:1:1: files load each other in a circle: bad.rasp loads bad.rasp"),
    "recursion": ("def f(x) { return f(x); }\nx = f(1);", "bad.rasp:1:19: function calls nest more than 500 deep"),
    "endless": (ENDLESS, "bad.rasp:1:53: the program is not done after 2,000,000 steps"),
    "parentheses": ("x = " + "(" * 100_000 + "1" + ")" * 100_000 + ";", "bad.rasp:1:405: brackets nest more than 400 deep"),
    "long line": ("x = " + "1+" * 5_000_000 + "1;", "bad.rasp:1:1: the program has 10,000,006 characters"),
    "binary": (bytes(range(256)), "rasp: bad.rasp is not a text file: byte 128 is no UTF-8"),
    "control characters": ("x = 1;\x00", "bad.rasp:1:7: unexpected character '\\x00'"),
    "surrogate": (b'x = "\xed\xa0\x80";', "rasp: bad.rasp is not a text file: byte 5 is no UTF-8"),
    "empty": ("", "rasp: bad.rasp defines no 'x'"),
    "large number": ("x = 10^100000;", "bad.rasp:1:5: "),
    "plain int of many digits": ("x = 10^10000;", "rasp: 'x' is 1000"),
    "plain long string": ('x = "a" * 100000;', "rasp: 'x' is 'aaa"),
    "index of many digits": ("x = [1, 2][10^10000 + indices];", "bad.rasp:1:5: index 1000"),
    "a float beyond doubles": ("x = 10^1000 / 3 + indices;", "bad.rasp:1:5: a float of this size can't be shown"),
    "long undefined name": ("x = " + "y" * 100_000 + ";", "bad.rasp:1:5: Undefined variable: yyy"),
    "large list": ("x = range(10000000);", "bad.rasp:1:5: "),
    "division": ("x = 1 / indices;", "bad.rasp:1:5: division by zero"),
    "average": ("x = aggregate(full_s, tokens);", "bad.rasp:1:5: can't average"),
}


@pytest.mark.parametrize(("program", "message"), PROGRAMS.values(), ids=PROGRAMS.keys())
def test_bad_programs(program: str | bytes, message: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = program.encode() if isinstance(program, str) else program
    (folder / "bad.rasp").write_bytes(data)
    assert main(["run", "bad.rasp", "x", "ab"]) == 1
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith(message)
    assert "Traceback" not in output.err
    assert max(map(len, output.err.splitlines())) < 250


RASPL_PROGRAMS: dict[str, tuple[str, str]] = {
    "syntax": ("def f(x):\n    return +\n", "bad.raspl:2:13: "),
    "indentation": ("def f(x):\nreturn x\n", "bad.raspl:1:9: the block"),
    "name": ("def f(x):\n    return g(x)\n", "bad.raspl:2:12: unknown name 'g'"),
    "loop": ("def f(x):\n    while x:\n        x = x + 1\n    return x\n", "bad.raspl:2:11: "),
    "recursion": ("def f(x):\n    return f(x)\n", "bad.raspl:"),
    "import": ("from nowhere import g\ndef f(x):\n    return x\n", "bad.raspl:1:1: "),
}


@pytest.mark.parametrize(("program", "message"), RASPL_PROGRAMS.values(), ids=RASPL_PROGRAMS.keys())
def test_bad_rasp_l_programs(program: str, message: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "bad.raspl").write_text(program)
    assert main(["run", "bad.raspl", "f", "1 2"]) == 1
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith(message)


ARGUMENTS: dict[str, tuple[list[str], str]] = {
    "missing program": (["run", "no.rasp", "x", "a"], "rasp: could not find file: no.rasp"),
    "directory": (["run", "folder.rasp", "x", "a"], "rasp: folder.rasp is not a file"),
    "suffix": (["run", "hist.txt", "x", "a"], "rasp: hist.txt: the suffix '.txt' belongs to no dialect"),
    "surrogate path": (["run", "a\udcff.rasp", "x", "a"], "rasp: could not find file: a"),
    "zero byte in a path": (["run", "a\0.rasp", "x", "a"], "rasp: cannot read a"),
    "unknown name": (["run", "hist.rasp", "hist", "a"], "rasp: hist.rasp defines no 'hist'\n  hint: did you mean 'histogram'?"),
    "surrogate name": (["run", "hist.rasp", "\udcff", "a"], "rasp: hist.rasp defines no"),
    "private name": (["run", "hist.rasp", "_private", "a"], "rasp: '_private' is private to hist.rasp"),
    "function": (["run", "hist.rasp", "f", "a"], "rasp: 'f' is a function, not an s-op"),
    "plain value": (["run", "hist.rasp", "settings", "a"], "rasp: 'settings' is {'a': [1, 2.5], 2: 'x'}, not an s-op"),
    "constant in RASP": (["run", "hist.rasp", "f", "a", "--set", "b=1"], "rasp: 'f' takes no constants"),
    "missing constant": (["run", "count.raspl", "two", "1"], "count.raspl:7:5: 'two' needs constants for y"),
    "unknown constant": (["run", "count.raspl", "count", "1", "--set", "z=1"], "count.raspl:1:5: 'count' has no parameter 'z'"),
    "empty input": (["run", "hist.rasp", "histogram", ""], "<input>:1:1: the input is empty"),
    "surrogate input": (["run", "hist.rasp", "histogram", "a\udcff"], "<input>:1:2: the input is no UTF-8 text"),
    "surrogate word": (
        ["run", "hist.rasp", "histogram", "--tokens", "words", "\ud800"],
        "<input>:1:1: the input is no UTF-8 text",
    ),
    "malformed list": (["run", "hist.rasp", "histogram", "[1,,2]"], "<input>:1:4: the input is no list of tokens"),
    "null": (["run", "hist.rasp", "histogram", "[1,null]"], "<input>:1:1: item 1 of the input is no token"),
    "nested list": (["run", "hist.rasp", "histogram", "[1,[2]]"], "<input>:1:1: item 1 of the input is no token"),
    "object": (["run", "hist.rasp", "histogram", "--tokens", "json", '{"a":1}'], "<input>:1:1: the input is no list of tokens"),
    "deep list": (["run", "hist.rasp", "histogram", "[1" + "[" * 100_000 + "]"], "<input>:1:"),
    "infinite": (["run", "hist.rasp", "histogram", "[1, Infinity]"], "<input>:1:1: the input holds a number that can't be read"),
    "huge exponent": (["run", "hist.rasp", "histogram", "[1e999999999]"], "<input>:1:1: the input holds a number"),
    "huge int": (["run", "hist.rasp", "histogram", f"[{'9' * 5_000}]"], "<input>:1:1: the input holds a number"),
    "no int": (["run", "count.raspl", "count", "1 x"], "<input>:1:3: 'x' is no int"),
    "strings for ints": (["run", "hist.rasp", "number", "ab"], '<input>:1:1: string "a" at position 0'),
    "strings for RASP-L": (["run", "count.raspl", "count", '["a"]'], 'count.raspl:1:5: string "a" at position 0'),
    "generate RASP": (["generate", "hist.rasp", "histogram", "1", "--stop", "1"], "rasp: 'histogram' is no next-token program"),
    "empty prompt": (["generate", "count.raspl", "after", "", "--stop", "1"], "<input>:1:1: the prompt is empty"),
    "fewer than no tokens": (["generate", "count.raspl", "after", "1", "--stop", "1", "--max-new-tokens", "-1"], "rasp: max_new"),
    "drawing a selector": (["draw", "hist.rasp", "same", "ab", "-o", "x.svg"], "hist.rasp:2:8: this is a selector"),
    "drawing elsewhere": (["draw", "hist.rasp", "histogram", "ab", "-o", "no/x.svg"], "rasp: can't write 'no/x.svg'"),
    "drawing otherwise": (
        ["draw", "hist.rasp", "histogram", "ab", "-o", "x.gif"],
        "rasp: no picture is written to 'x.gif'\n  hint: end",
    ),
    "drawing nowhere": (["draw", "hist.rasp", "histogram", "ab", "-o", ""], "rasp: no picture is written to ''"),
    "measuring a function": (["measure", "hist.rasp", "f"], "rasp: 'f' is a function, not an s-op"),
}


@pytest.mark.parametrize(("arguments", "message"), ARGUMENTS.values(), ids=ARGUMENTS.keys())
def test_bad_arguments(arguments: list[str], message: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "folder.rasp").mkdir()
    assert main(arguments) == 1
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith(message)
    assert "Traceback" not in output.err


def test_an_unreadable_program(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "secret.rasp").write_text("x = 1;")

    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", refuse)
    assert main(["show", "secret.rasp", "x"]) == 1
    hint = "choose a file that you have the right to use"
    assert capsys.readouterr().err == f"rasp: cannot read secret.rasp: Permission denied\n  hint: {hint}\n"


@pytest.mark.parametrize(("raised", "status"), [(KeyboardInterrupt(), 130), (BrokenPipeError(), 141), (MemoryError(), 1)])
def test_what_comes_from_outside(raised: BaseException, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise raised

    monkeypatch.setattr("rasp.cli.evaluating.run", interrupt)
    monkeypatch.setattr("rasp.cli._forget_output", lambda: None)
    assert main(["run", "hist.rasp", "histogram", "a"]) == status
