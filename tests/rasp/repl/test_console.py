"""The console apart from its transcripts: colours, lines that are no text, help, interruption."""

from __future__ import annotations

import pytest

from rasp.repl import Console
from rasp.repl.help import help_topic
from rasp.repl.interactive import converse, history_file, is_whole


def shown(*lines: str, colours: bool = False) -> tuple[str, Console]:
    written: list[str] = []
    console = Console(written.append, colours=colours)
    for line in lines:
        console.enter(line)
    return "".join(written), console


def test_colours() -> None:
    text, _ = shown("x = 3;\n", "y;\n", "indices;\n", colours=True)
    assert text.splitlines()[0] == "\033[90m    value: x = \033[0m \033[36m3\033[0m"
    assert "\033[31m\t Error: Undefined variable: y\033[0m" in text
    assert '\033[90m \t Example:\033[0m \033[90mindices(\033[0m\033[36m"hello"\033[0m\033[90m) =\033[0m' in text


def test_a_line_that_is_no_text() -> None:
    text, console = shown("x = \n", '"\udcff";\n', "7;\n")
    assert "this line is no UTF-8 text (character 2)" in text
    assert "value: out =  7" in text
    assert console.failed


def test_statements_after_exit_are_not_executed() -> None:
    text, console = shown("exit\n2;\n")
    assert console.is_over
    assert text == ""


@pytest.mark.parametrize(
    ("line", "topic"),
    [
        ("help", ""),
        (" help ;\n", ""),
        ("help sort\n", "sort"),
        ("help sort;\n", "sort"),
        ("help s-op", "s-op"),
        ("help # me", ""),
        ("help;;", None),
        ("help + 1;", None),
        ("help sort x", None),
        ("helper;", None),
        ("help = 3;", None),
        ("help(3);", None),
    ],
)
def test_help_is_a_command_only_alone_on_its_line(line: str, topic: str | None) -> None:
    assert help_topic(line) == topic


@pytest.mark.parametrize(
    ("text", "whole"),
    [("1;", True), ("1", False), ("def f(x) {", False), ("def f(x) {\n", True), ("help sort", True), ("", True), ("exit", True)],
)
def test_enter_ends_what_is_whole(text: str, whole: bool) -> None:
    assert is_whole(text) == whole


def test_conversation_by_line(capsys: pytest.CaptureFixture[str]) -> None:
    answers: list[str | type[BaseException]] = ["x = (1", KeyboardInterrupt, "x =", "4;", "y = (", EOFError]

    def ask() -> str:
        answer = answers.pop(0)
        if isinstance(answer, str):
            return answer
        raise answer

    written: list[str] = []
    console = Console(written.append)
    converse(console, ask, by_line=True)
    assert written[0] == "    value: x =  4\n"
    assert "'(' is never closed" in written[1]
    assert capsys.readouterr().out == "\n\n"


def test_conversation_by_statement() -> None:
    answers = ["x = (1", "def f(a) {\n  return a;\n}", "quit"]
    written: list[str] = []
    console = Console(written.append)
    converse(console, lambda: answers.pop(0), by_line=False)
    assert "'(' is never closed" in written[0]
    assert written[1] == "     console function: f(a)\n"
    assert console.is_over


def test_history_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/state")
    assert history_file().as_posix() == "/state/rasp/history"
    monkeypatch.delenv("XDG_STATE_HOME")
    assert history_file().as_posix().endswith("/.local/state/rasp/history")
