"""Whatever is wrong with a program, a model or an input: a message that says what, status 1 (2 for usage), no traceback."""

from __future__ import annotations

import json
from pathlib import Path

import jax
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compiler.artifact import VERSION
from compiler.cli import main

HISTOGRAM = ["compile", "hist.rasp", "histogram"]
AFTER = ["compile", "after.raspl", "after"]


def compiled(vocab: str, max_length: object = 5, subject: list[str] = HISTOGRAM) -> list[str]:
    return [*subject, "--vocab", vocab, "--max-length", str(max_length)]


COMPILE: dict[str, tuple[list[str], str]] = {
    "no program": (compiled("a", subject=["compile", "no.rasp", "x"]), "raspc: could not find file: no.rasp"),
    "folder": (compiled("a", subject=["compile", "folder.rasp", "x"]), "raspc: folder.rasp is not a file"),
    "suffix": (compiled("a", subject=["compile", "hist.txt", "x"]), "raspc: hist.txt: the suffix '.txt'"),
    "bad program": (compiled("a", subject=["compile", "bad.rasp", "x"]), "bad.rasp:1:5: unexpected '='"),
    "several errors": (compiled("a", subject=["compile", "worse.rasp", "x"]), "worse.rasp:1:5: Undefined variable: y"),
    "unknown name": (compiled("a", subject=["compile", "hist.rasp", "hist"]), "raspc: hist.rasp defines no 'hist'\n  hint: did"),
    "private name": (compiled("a", subject=["compile", "hist.rasp", "_private"]), "raspc: '_private' is private"),
    "a selector": (
        compiled("a", subject=["compile", "hist.rasp", "same"]),
        "raspc: only an s-op can be compiled, not a sel",
    ),
    "a number": (compiled("a", subject=["compile", "hist.rasp", "number"]), "raspc: only an s-op can be compiled, not a value"),
    "a function": (compiled("a", subject=["compile", "hist.rasp", "f"]), "raspc: only an s-op can be compiled, not a function"),
    "a constant in RASP": ([*compiled("a"), "--set", "a=1"], "raspc: 'histogram' takes no constants"),
    "missing constant": (compiled("1", subject=["compile", "after.raspl", "shifted"]), "after.raspl:4:5: 'shifted' needs"),
    "unknown constant": ([*compiled("1", subject=AFTER), "--set", "z=1"], "after.raspl:1:5: 'after' has no parameter 'z'"),
    "empty vocabulary": (compiled(""), "raspc: the vocabulary is empty"),
    "empty list": (compiled("[]", subject=AFTER), "raspc: the vocabulary is empty"),
    "a token twice": (compiled("aba"), "raspc: the vocabulary holds 'a' twice"),
    "a malformed list": (compiled('["a",,1]'), "<input>:1:6: --vocab: the input is no list of tokens"),
    "a list in a list": (compiled('["a",[1]]'), "<input>:1:1: --vocab: item 1 of the input is no token"),
    "no UTF-8": (compiled("a\udcff"), "<input>:1:2: --vocab: the input is no UTF-8 text"),
    "no ints": (compiled("1 x", subject=AFTER), "<input>:1:3: --vocab: 'x' is no int"),
    "strings for RASP-L": (compiled('["a"]', subject=AFTER), "raspc: the vocabulary does not fit"),
    "no length": (compiled("a", 0), "raspc: max_length must be an integer from 1 to 65,536, not 0"),
    "negative length": (compiled("a", -3), "raspc: max_length must be an integer from 1 to 65,536, not -3"),
    "huge length": (compiled("a", 10**30), "raspc: max_length must be an integer from 1 to 65,536, not 1000"),
    "looking ahead": ([*compiled("ab"), "--causal"], "hist.rasp:1:"),
    "no folder": ([*compiled("ab"), "-o", "no/m"], "raspc: can't write 'no/m': No such file or directory"),
    "no name as output": ([*compiled("ab"), "-o", ""], "raspc: can't write '': it is not a file"),
    "a folder as output": ([*compiled("ab"), "-o", "folder.rasp"], "raspc: can't write 'folder.rasp': it is not a file"),
    "zero byte in output": ([*compiled("ab"), "-o", "a\0b"], "raspc: can't write 'a\\x00b': embedded null byte"),
}

MODELS: dict[str, tuple[list[str], str]] = {
    "no model": (["run", "no.m", "a"], "raspc: there is no file no.m"),
    "a folder": (["verify", "folder.rasp"], "raspc: folder.rasp is not a file"),
    "a program": (["inspect", "hist.rasp"], "raspc: hist.rasp is no compiled model, or a damaged one"),
    "truncated": (["verify", "short.m"], "raspc: short.m is no compiled model, or a damaged one"),
    "tampered": (["run", "tampered.m", "a"], "raspc: tampered.m was altered or damaged: its checksum is wrong"),
    "surrogate path": (["run", "m\udcff", "a"], "raspc: there is no file m"),
    "zero byte in a path": (["run", "a\0b", "a"], "raspc: there is no file a"),
    "unknown token": (["run", "histogram.m", "abc"], "<input>:1:1: token 'c' at position 2 is not in the vocabulary"),
    "a token of another kind": (["run", "histogram.m", "[1]"], "<input>:1:1: token 1 at position 0 is not in the vocabulary"),
    "a later input": (["run", "histogram.m", "ab", "abc"], "<input>:1:1: token 'c'"),
    "empty input": (["run", "histogram.m", ""], "<input>:1:1: the input is empty"),
    "empty list of ints": (["run", "after.m", "[]"], "<input>:1:1: the input is empty"),
    "too long": (["run", "histogram.m", "abababa"], "<input>:1:1: the input has 7 tokens; the model was compiled for at most 6"),
    "malformed list": (["run", "histogram.m", "[1,,2]"], "<input>:1:4: the input is no list of tokens"),
    "no UTF-8 text": (["run", "histogram.m", "a\udcff"], "<input>:1:2: the input is no UTF-8 text"),
    "no int": (["run", "after.m", "1 x"], "<input>:1:3: 'x' is no int"),
    "undefined": (["run", "inverse.m", "ab"], "<input>:1:1: the program is undefined on this input: division by zero"),
    "attention on too much": (["inspect", "histogram.m", "--attention", "a" * 7], "<input>:1:1: the input has 7 tokens"),
    "attention on nothing": (["inspect", "histogram.m", "--attention", ""], "<input>:1:1: the input is empty"),
    "another picture": (["inspect", "histogram.m", "-o", "x.gif"], "raspc: no picture is written to 'x.gif'\n  hint: end"),
    "a picture nowhere": (["inspect", "histogram.m", "-o", "no/x.svg"], "raspc: can't write 'no/x.svg': No such file"),
    "a picture of no name": (["inspect", "histogram.m", "-o", "a\0.svg"], "raspc: can't write 'a"),
    "an empty picture": (["inspect", "histogram.m", "-o", ""], "raspc: no picture is written to ''"),
    "nothing to verify": (
        ["verify", "histogram.m", "--exhaustive", "0", "--adversarial", "0", "--samples", "0"],
        "raspc: there is nothing to verify",
    ),
    "an export of no model": (["export", "no.m", "--to", "onnx", "-o", "x"], "raspc: there is no file no.m"),
    "an export of a tampered model": (["export", "tampered.m", "--to", "onnx", "-o", "x"], "raspc: tampered.m was altered"),
    "an export of another version": (
        ["export", "newer.m", "--to", "torch", "-o", "x.pt2"],
        f"raspc: newer.m is of format version {VERSION + 1}; this rasp-lang reads version {VERSION}\n  hint: install a newer",
    ),
    "an export nowhere": (["export", "histogram.m", "--to", "safetensors", "-o", "no/x"], "raspc: can't write 'no/x': No such"),
    "an export of no name": (["export", "histogram.m", "--to", "safetensors", "-o", "a\0b"], "raspc: can't write 'a\\x00b'"),
    "another suffix": (["export", "histogram.m", "--to", "torch", "-o", "x.pt"], "raspc: no torch program is written to x.pt"),
    "a model that is not causal": (["generate", "after.m", "1"], "raspc: this model is not causal, so it can't generate"),
    "an empty prompt": (["generate", "causal.m", "[]"], "<input>:1:1: the input is empty"),
    "an unknown token in a prompt": (["generate", "causal.m", "1", "0 7"], "<input>:1:1: token 7 at position 1 is not in"),
    "two stop tokens": (["generate", "causal.m", "1", "--stop", "1 2"], "<input>:1:1: --stop is one token, not 2"),
    "a malformed stop token": (["generate", "causal.m", "1", "--stop", "x"], "<input>:1:1: 'x' is no int"),
    "too much to generate": (["generate", "causal.m", "1", "--max-new-tokens", "9"], "raspc: after this prompt the model can"),
    "a token that can't follow": (["generate", "causal.m", "1"], "raspc: token 4 at position 3 is not in the vocabulary"),
    "length 0": (["verify", "histogram.m", "--longest", "0"], "raspc: the numbers of inputs to verify must be 0 or more"),
}

BAD = {**COMPILE, **MODELS}


@pytest.mark.parametrize(("arguments", "message"), BAD.values(), ids=BAD.keys())
def test_bad_input(arguments: list[str], message: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(folder)
    before = sorted(path.name for path in folder.iterdir())
    assert main(arguments) == 1
    output = capsys.readouterr()
    assert output.out == "" or arguments[0] == "compile"
    assert output.err.startswith(message)
    assert "Traceback" not in output.err
    assert max(map(len, output.err.splitlines())) < 250
    assert sorted(path.name for path in folder.iterdir()) == before


def spoil(folder: Path) -> None:
    (folder / "folder.rasp").mkdir()
    (folder / "bad.rasp").write_text("x = = 1;")
    (folder / "worse.rasp").write_text("x = y;\nz = u;")
    model = (folder / "histogram.m").read_bytes()
    (folder / "short.m").write_bytes(model[:200])
    this, next_one = (json.dumps(json.dumps({"version": number}))[1:-2].encode() for number in (VERSION, VERSION + 1))
    (folder / "newer.m").write_bytes(model.replace(this, next_one))
    (folder / "tampered.m").write_bytes(model.replace(b'"causal\\": false', b'"causal\\": true '))


@pytest.mark.parametrize(
    "arguments",
    [
        ["nothing"],
        ["compile"],
        ["compile", "hist.rasp"],
        ["compile", "hist.rasp", "histogram"],
        ["compile", "hist.rasp", "histogram", "--vocab", "ab"],
        ["compile", "hist.rasp", "histogram", "--max-length", "5"],
        compiled("ab", "five"),
        compiled("ab", "2.5"),
        compiled("ab", ""),
        compiled("ab", "9" * 5_000),
        [*compiled("ab"), "-o"],
        [*compiled("ab"), "--set", "step=x"],
        [*compiled("ab"), "extra"],
        ["run"],
        ["run", "histogram.m"],
        ["run", "histogram.m", "a", "--xml"],
        ["generate"],
        ["generate", "causal.m"],
        ["generate", "causal.m", "1", "--max-new-tokens", "few"],
        ["verify"],
        ["verify", "histogram.m", "--samples", "-1"],
        ["verify", "histogram.m", "--samples", "many"],
        ["verify", "histogram.m", "--exhaustive"],
        ["inspect"],
        ["inspect", "histogram.m", "-o"],
        ["inspect", "histogram.m", "--attention"],
        ["export"],
        ["export", "histogram.m", "--to", "onnx"],
        ["export", "histogram.m", "-o", "x"],
        ["export", "histogram.m", "--to", "keras", "-o", "x"],
    ],
)
def test_bad_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert "error:" in output.err
    assert "usage: raspc" in output.err


@pytest.mark.parametrize(
    ("raised", "status", "message"),
    [
        (KeyboardInterrupt(), 130, ""),
        (MemoryError(), 1, "raspc: out of memory"),
        (jax.errors.JaxRuntimeError("RESOURCE_EXHAUSTED: Out of memory allocating 9 bytes"), 1, "raspc: out of memory"),
        (OSError(28, "No space left on device"), 1, "raspc: input or output failed: No space left on device"),
    ],
)
def test_what_comes_from_outside(
    raised: BaseException, status: int, message: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object) -> None:
        raise raised

    monkeypatch.setattr("compiler.load", interrupt)
    monkeypatch.setattr("rasp.cli._forget_output", lambda: None)
    assert main(["run", "histogram.m", "a"]) == status
    assert capsys.readouterr().err.startswith(message)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=8).filter(lambda text: not text.startswith("-")))
def test_any_text_is_an_input_or_is_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "histogram.m", text]) in (0, 1)
    output = capsys.readouterr()
    assert bool(output.out) != bool(output.err)
