"""What the ``raspc`` command does when nothing is wrong."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import compiler
import rasp
from compiler.cli import main

Captured = pytest.CaptureFixture[str]


def test_compile_says_the_size_and_saves(folder: Path, capsys: Captured) -> None:
    assert main(["compile", "hist.rasp", "histogram", "--vocab", "abc", "--max-length", "9", "-o", "m"]) == 0
    output = capsys.readouterr()
    model = compiler.load(folder / "m")
    size, saved = output.out.splitlines()
    assert size.startswith(f"histogram: {model.config.layers} layer, heads {model.config.heads}, residual width ")
    assert saved == "saved m"
    assert output.err == ""
    assert model.target.vocab == ("a", "b", "c")


def test_compile_without_an_output_saves_nothing(folder: Path, capsys: Captured) -> None:
    before = sorted(folder.iterdir())
    assert main(["compile", "hist.rasp", "histogram", "--vocab", '["ab", "c"]', "--max-length", "9", "--causal"]) == 1
    assert "later positions" in capsys.readouterr().err
    assert main(["compile", "hist.rasp", "histogram", "--vocab", '["ab", "c"]', "--max-length", "9"]) == 0
    assert sorted(folder.iterdir()) == before


def test_compile_a_rasp_l_function_with_a_constant(folder: Path, capsys: Captured) -> None:
    command = ["compile", "after.raspl", "shifted", "--vocab", "0 1 2", "--max-length", "9", "--set", "step=5", "-o", "m"]
    assert main(command) == 0
    assert compiler.load(folder / "m")([2, 0]) == [7, 5]


def test_how_tokens_are_read(folder: Path, capsys: Captured) -> None:
    words = ["--tokens", "words"]
    assert main(["compile", "hist.rasp", "histogram", "--vocab", "one two", *words, "--max-length", "6", "-o", "m"]) == 0
    assert compiler.load("m").target.vocab == ("one", "two")
    capsys.readouterr()
    assert main(["run", "m", "two one two", *words]) == 0
    assert capsys.readouterr().out == "[2, 1, 2]\n"
    assert main(["inspect", "m", "--attention", "two one two", *words]) == 0
    assert capsys.readouterr().out == f"{compiler.inspect(compiler.load('m')).attention(['two', 'one', 'two'])}\n"
    assert main(["trace", "m", "two one two", *words, "--all"]) == 0
    assert '"two"' in capsys.readouterr().out
    assert main(["run", "m", "two one two"]) == 1
    assert "token 't' at position 0 is not in the vocabulary" in capsys.readouterr().err
    assert main(["run", "m", "two", "--tokens", "syllables"]) == 2


@pytest.mark.parametrize(
    ("arguments", "output"),
    [
        (["histogram.m", "abba"], "[2, 2, 2, 2]\n"),
        (["histogram.m", "a", '["a", "b", "a"]'], "[1]\n[2, 1, 2]\n"),
        (["histogram.m", "a", "aab", "--json"], "[1]\n[2, 2, 1]\n"),
        (["after.m", "3 1", "0,2", "[1]"], "[4, 2]\n[1, 3]\n[2]\n"),
        (["inverse.m", "aa"], "[1.0, 1.0]\n"),
        (["inverse.m", "aa", "--json"], "[1.0, 1.0]\n"),
    ],
)
def test_run(arguments: list[str], output: str, capsys: Captured) -> None:
    assert main(["run", *arguments]) == 0
    assert capsys.readouterr() == (output, "")


@pytest.mark.parametrize(
    ("arguments", "output"),
    [
        (["1", "--stop", "3"], "[1, 2, 3]\n"),
        (["0 1", "2", "--max-new-tokens", "1"], "[0, 1, 2]\n[2, 3]\n"),
        (["[1, 2]", "--stop", "4", "--json"], "[1, 2, 3, 4]\n"),
    ],
)
def test_generate(arguments: list[str], output: str, capsys: Captured) -> None:
    assert main(["generate", "causal.m", *arguments]) == 0
    assert capsys.readouterr() == (output, "")


@pytest.mark.slow
def test_compiled_code_is_kept(folder: Path) -> None:
    """In the folder that the user's system names, or that JAX is told of; where there is none, in none."""
    (folder / "file").write_text("")
    places = {"XDG_CACHE_HOME": "cache", "JAX_COMPILATION_CACHE_DIR": "other"}
    script = "import sys; from compiler.cli import main; sys.exit(main())"
    command: list[str] = []
    bare = {name: value for name, value in os.environ.items() if name not in places}
    for name, place in [*places.items(), ("XDG_CACHE_HOME", "file")]:
        environment = {**bare, name: str(folder / place)}
        command = [sys.executable, "-c", script, "run", "histogram.m", "abba"]
        assert subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout == "[2, 2, 2, 2]\n"
    script = "import os, pathlib; pathlib.Path.home = lambda: (_ for _ in ()).throw(RuntimeError('no home')); " + script
    homeless = subprocess.run([sys.executable, "-c", script, *command[3:]], env=bare, capture_output=True, text=True, check=True)
    assert (homeless.stdout, homeless.stderr) == ("[2, 2, 2, 2]\n", "")
    assert any((folder / "cache" / "rasp-lang" / "jax").glob("jit_forward-*"))
    assert any((folder / "other").glob("jit_forward-*"))


def test_inputs_from_stdin(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("ab\r\naab\n"))
    assert main(["run", "histogram.m", "-"]) == 0
    assert capsys.readouterr().out == "[1, 1]\n[2, 2, 1]\n"


def test_verify(capsys: Captured) -> None:
    assert main(["verify", "histogram.m"]) == 0
    assert capsys.readouterr().out.startswith("126 inputs compared, no mismatch; all inputs up to length 6, ")
    options = ["--exhaustive", "14", "--adversarial", "5", "--samples", "10", "--longest", "5", "--seed", "3"]
    assert main(["verify", "histogram.m", *options]) == 0
    output = capsys.readouterr().out
    assert output.startswith("29 inputs compared, no mismatch; all inputs up to length 3, others up to 5; 0 undefined (both); ")
    assert "every short input        14          0          0\n" in output


def test_verify_a_wrong_model(folder: Path, capsys: Captured) -> None:
    wrong = replace(compiler.load(folder / "histogram.m"), sop=rasp.load("hist.rasp")["thirds"])
    wrong.save("wrong.m")
    assert main(["verify", "wrong.m"]) == 1
    output = capsys.readouterr()
    assert "126 inputs compared, 126 mismatches" in output.out
    assert 'mismatch on ["a"]' in output.out
    assert "at position 0 the program gives 1/3, the model 1" in output.out
    assert output.err == ""


def test_inspect(folder: Path, capsys: Captured) -> None:
    subject = compiler.inspect(compiler.load("histogram.m"))
    assert main(["inspect", "histogram.m"]) == 0
    assert capsys.readouterr().out == f"{subject}\n"
    assert main(["inspect", "histogram.m", "--attention", "abba"]) == 0
    assert capsys.readouterr().out == f"{subject.attention('abba')}\n"
    assert main(["inspect", "histogram.m", "-o", "stream.svg"]) == 0
    assert main(["inspect", "histogram.m", "--svg", "maps.SVG", "--attention", "abba"]) == 0
    assert capsys.readouterr() == ("", "")
    assert (folder / "stream.svg").read_text() == subject.svg()
    assert (folder / "maps.SVG").read_text() == subject.attention("abba").svg()


def test_help_and_version(capsys: Captured) -> None:
    assert main([]) == 0
    assert capsys.readouterr().out.startswith("usage: raspc")
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"raspc {rasp.__version__}\n"
    assert main(["--help"]) == 0
    assert "examples:" in capsys.readouterr().out
    for command in ("compile", "run", "generate", "verify", "inspect"):
        assert main([command, "--help"]) == 0
        assert capsys.readouterr().out.startswith(f"usage: raspc {command}")
