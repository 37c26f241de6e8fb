"""What the three commands say without arguments and to --help, and that the examples there work."""

from __future__ import annotations

import argparse
import functools
import io
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

import compiler.cli
import compiler.cli.arguments
import conjecture.cli
import rasp.cli
import rasp.cli.arguments
from conjecture.cli import commands
from conjecture.cli.examples import EXAMPLES

Main = Callable[[Sequence[str]], int]

MAINS: dict[str, Main] = {"rasp": rasp.cli.main, "raspc": compiler.cli.main, "conjecture": conjecture.cli.main}
SHELL = ("eval ", "rasp completion fish", "rasp lsp", "rasp playground")
"""Beginnings of examples for a shell or an editor; ``test_completion.py`` and the tests of the server do what they say."""
LONG = (
    "conjecture train",
    "conjecture sweep",
    "conjecture report",
    "conjecture interpolator",
    "raspc export sort.safetensors --to onnx",
)
"""Beginnings of examples that would take long, or need packages of an extra: only their arguments are read."""


def subcommands(parser: argparse.ArgumentParser) -> list[str]:
    (action,) = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    return list(action.choices)


NAMES = {
    "rasp": subcommands(rasp.cli.arguments.make_parser()),
    "raspc": subcommands(compiler.cli.arguments.make_parser()),
    "conjecture": list(commands.COMMANDS),
}
HELPS = [(command, name) for command, names in NAMES.items() for name in ("", *names)]


@pytest.mark.parametrize("command", MAINS)
def test_the_version(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert MAINS[command](["--version"]) == 0
    assert capsys.readouterr().out == f"{command} {rasp.__version__}\n"


@pytest.mark.parametrize("command", ["raspc", "conjecture"])
def test_without_arguments_the_help_is_shown(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert MAINS[command]([]) == 0
    shown = capsys.readouterr().out
    assert MAINS[command](["--help"]) == 0
    assert capsys.readouterr().out == shown


def test_every_command_of_the_lab_has_examples() -> None:
    assert set(EXAMPLES) == {"", *NAMES["conjecture"]}


def examples_in(shown: str) -> list[str]:
    """The lines under "examples:", up to an empty one."""
    _, _, below = shown.partition("examples:\n")
    return [line.strip() for line in below.partition("\n\n")[0].splitlines()]


@pytest.fixture(scope="module")
def done() -> set[str]:
    """The examples that have been run: some are shown by several commands, and what they write is still there."""
    return set()


@pytest.mark.parametrize(("command", "name"), HELPS)
def test_the_examples_of_help_work(
    command: str, name: str, checkout: Path, done: set[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(checkout)
    assert MAINS[command]([name, "--help"] if name else ["--help"]) == 0
    examples = examples_in(capsys.readouterr().out)
    assert any(f"{command} {name}" in example for example in examples)
    for example in examples:
        if not example.startswith(SHELL) and example not in done:
            done.add(example)
            check(example, monkeypatch)
            shown = capsys.readouterr()
            assert shown.err == ""
            assert_said(example, shown.out)


def check(example: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run an example, or read its arguments alone."""
    given, _, line = example.rpartition(" | ") if " | " in example else ("", "", example)
    command, *arguments = shlex.split(line, comments=True)
    if example.startswith(LONG):
        only_read(command, arguments, monkeypatch)
        return
    said = "".join(f"{text}\n" for text in shlex.split(given)[1:])  # by echo
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(said.encode())))
    assert MAINS[command](arguments) == 0


def only_read(command: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    if command == "raspc":
        compiler.cli.arguments.make_parser().parse(arguments)
        return
    done: list[str] = []

    @functools.wraps(commands.COMMANDS[arguments[0]])
    def stand_in(*_: object, **__: object) -> None:
        done.append(arguments[0])

    monkeypatch.setitem(commands.COMMANDS, arguments[0], stand_in)  # pyright: ignore[reportArgumentType]
    assert conjecture.cli.main(arguments) == 0
    assert done == arguments[:1]


def assert_said(example: str, shown: str) -> None:
    """Where the comment is a list of values, it is what was printed."""
    _, sign, comment = example.partition("  # ")
    if sign and comment.startswith("["):
        assert comment in shown
