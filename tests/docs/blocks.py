"""Reads the code blocks of a Markdown file and runs them, so that what the documentation shows is what happens.

- ``python`` blocks run in order and share their names. ``expression  # -> value`` checks a value, ``statement  # raises Name:
  part of the message`` an error.
- ``rasp`` blocks add to one program. ``expression;  # -> text`` checks what the REPL shows after the ``=``, and
  ``expression;  # error: text`` a part of what it complains.
- ``raspl`` blocks are a program each. ``# x = [...]`` sets an input, ``# expression -> value`` checks a value on it.
- ``console`` blocks hold commands after ``$`` and what they print; a line ``…`` stands for any lines.
- A ``text`` block holds what the ``python`` block before it prints.
- A block with a file name after its language is written to that file, for later commands. It is a program of its own, or, with
  another suffix, no program.
- A block with ``needs:PACKAGE`` after its language is run where that package is installed.

Blocks of other languages, ``sh`` among them, are not run.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import re
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

import compiler.cli
import conjecture.cli
import rasp
import rasp.cli
from rasp.repl.piped import run_piped

COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "rasp": rasp.cli.main,
    "raspc": compiler.cli.main,
    "conjecture": conjecture.cli.main,
}
ANY_LINES = "…"


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Attributes:
        file: what it is to be written to, if anything.
        needs: the package without which it can't be run, if any.
        line: where it begins.
    """

    language: str
    file: str
    needs: str
    text: str
    line: int

    @property
    def runs_here(self) -> bool:
        return not self.needs or importlib.util.find_spec(self.needs) is not None


@dataclass
class State:
    """What the blocks of one file share."""

    names: dict[str, Any] = field(default_factory=dict)
    program: str = ""
    printed: str = ""


def blocks(markdown: str) -> list[Block]:
    """All fenced blocks, in order."""
    fences = re.finditer(r"^```(\w+) ?(?:needs:(\w+)|(\S*))\n(.*?)^```$", markdown, re.MULTILINE | re.DOTALL)
    return [
        Block(found[1], found[3] or "", found[2] or "", found[4], markdown.count("\n", 0, found.start()) + 1) for found in fences
    ]


def run(block: Block, state: State) -> None:
    """Run one block in the current folder.

    Raises:
        AssertionError: it does not do what it says.
    """
    if block.file:
        Path(block.file).write_text(block.text, encoding="utf-8")
    match block.language:
        case "rasp" | "raspl" if block.file and not block.file.endswith(block.language):
            pass
        case "rasp" if block.file:
            rasp.loads(block.text)
        case "python":
            _run_python(block, state)
        case "rasp":
            _run_rasp(block, state)
        case "raspl":
            _run_raspl(block)
        case "console":
            _run_console(block)
        case "text" if state.printed:
            assert state.printed.splitlines() == block.text.splitlines()
            state.printed = ""
        case _:
            pass


def _run_python(block: Block, state: State) -> None:
    printed = io.StringIO()
    pending: list[str] = []

    def flush() -> None:
        exec("\n".join(pending), state.names)
        pending.clear()

    with contextlib.redirect_stdout(printed):
        for line in block.text.splitlines():
            if checked := re.fullmatch(r"(\S.*?)\s+# -> (.*)", line):
                flush()
                value = repr(eval(checked[1], state.names))
                assert value == checked[2], f"{line}\nis {value}"
            elif checked := re.fullmatch(r"(\S.*?)\s+# raises (\w+): (.*)", line):
                flush()
                _check_raises(checked[1], checked[2], checked[3], state.names)
            else:
                pending.append(line)
        flush()
    state.printed = printed.getvalue()


def _check_raises(statement: str, name: str, message: str, names: dict[str, Any]) -> None:
    with pytest.raises(Exception, match=re.escape(message)) as caught:
        exec(statement, names)
    assert caught.type.__name__ == name, caught.value


def _run_rasp(block: Block, state: State) -> None:
    statements: list[str] = []
    for line in block.text.splitlines():
        if checked := re.fullmatch(r"(\S.*;)\s+# (->|error:) (.*)", line):
            shown = _shown_last(state.program + "\n".join(statements), checked[1])
            wanted = f"= {checked[3]}" if checked[2] == "->" else checked[3]
            assert wanted in re.sub(r"= +", "= ", shown), f"{line}\nshows {shown}"
        else:
            statements.append(line)
    state.program += "\n".join(statements) + "\n"
    rasp.loads(state.program)


def _shown_last(program: str, statement: str) -> str:
    """What the REPL shows for a statement after a program."""
    shown = io.StringIO()
    run_piped([*program.splitlines(), "0;", statement], shown)
    return shown.getvalue().rpartition("value: out =  0\n")[2]


def _run_raspl(block: Block) -> None:
    x: list[int] = []
    rasp.loads(block.text, dialect="rasp-l")
    for line in block.text.splitlines():
        if given := re.fullmatch(r"# x = \[(.*)\]", line):
            x = [int(item) for item in given[1].split(",")]
        elif checked := re.fullmatch(r"# (\S.*?)\s+-> (\[.*\])", line):
            program = f"{block.text}\ndef checked(x):\n    return {checked[1]}\n"
            values = rasp.loads(program, dialect="rasp-l")["checked"](x)
            assert str(values) == checked[2], f"{line}\nis {values}"


def _run_console(block: Block) -> None:
    _, *parts = re.split(r"^\$ ", block.text, flags=re.MULTILINE)
    for part in parts:
        command, _, wanted = part.partition("\n")
        shown = _output_of(command)
        pattern = ".*".join(re.escape(text.strip("\n")) for text in wanted.split(ANY_LINES))
        assert re.fullmatch(pattern, _trimmed(shown), re.DOTALL), f"{command}\nshows\n{shown}"


def _output_of(command: str) -> str:
    """What a command prints, to stdout and stderr together. ``< FILE`` at its end gives its input."""
    command, _, file = command.partition(" < ")
    name, *arguments = shlex.split(command)
    given = Path(file).read_text(encoding="utf-8") if file else ""
    printed = io.StringIO()
    with (
        mock.patch("sys.stdin", io.StringIO(given)),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
    ):
        COMMANDS[name](arguments)
    return printed.getvalue()


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())
