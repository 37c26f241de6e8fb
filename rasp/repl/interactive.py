"""The console on a terminal: history, completion, colours and several lines at once where prompt-toolkit is installed."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rasp.repl.console import Console
from rasp.repl.help import help_topic
from rasp.repl.reader import Reader

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import History
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

_MISSING = 'for history, completion and highlighting: pip install "rasp-lang[repl]"'

_FIRST_STEPS = "help tells what can be entered, help NAME what a name is; exit or Ctrl-D leaves"

Ask = Callable[[], str]
"""Asks for input at the terminal; raises EOFError or KeyboardInterrupt for Ctrl-D and Ctrl-C."""


def run_interactive() -> None:
    """Ask for statements and execute them until ``exit`` or Ctrl-D; Ctrl-C drops what was entered."""
    console = Console(_print, colours=_has_colours())
    console.welcome()
    print(_FIRST_STEPS)
    if importlib.util.find_spec("prompt_toolkit") and importlib.util.find_spec("pygments"):
        session = _prompt_session(console)
        converse(console, lambda: session.prompt(), by_line=False)
    else:
        print(_MISSING, file=sys.stderr)
        converse(console, lambda: input(console.reader.prompt), by_line=True)


def converse(console: Console, ask: Ask, *, by_line: bool) -> None:
    """The conversation itself.

    Args:
        by_line: an answer is one line, which may be continued by the next; else it is all that the user has to say.
    """
    while not console.is_over:
        try:
            for line in ask().splitlines() or [""]:
                console.enter(f"{line}\n")
            if not by_line:
                console.finish()
                console.reader.drop()
        except KeyboardInterrupt:
            console.reader.drop()
            print()
        except EOFError:
            console.finish()
            print()
            return


def _print(text: str) -> None:
    print(text, end="", flush=True)


def _has_colours() -> bool:
    return "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def _prompt_session(console: Console) -> PromptSession[str]:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.lexers import PygmentsLexer

    from rasp.lexers import RaspLexer
    from rasp.syntax.words import RASP_CALLED, RASP_COMMANDS, RASP_OPERATORS, RASP_STATEMENTS

    keywords = (*RASP_STATEMENTS, *RASP_COMMANDS, *RASP_OPERATORS, *RASP_CALLED)

    def known_words() -> list[str]:
        return sorted({*console.session.names(), *keywords})

    return PromptSession(
        ">> ",
        prompt_continuation=lambda width, number, wrapped: ".. ",
        multiline=True,
        key_bindings=_enter_key(),
        history=_history(),
        lexer=PygmentsLexer(RaspLexer),
        completer=WordCompleter(known_words),
        complete_while_typing=False,
    )


def _enter_key() -> KeyBindings:
    """Enter ends the input where it is whole, and breaks the line where it is not."""
    from prompt_toolkit.key_binding import KeyBindings

    bindings = KeyBindings()

    @bindings.add("enter")
    def enter(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if is_whole(buffer.text):
            buffer.validate_and_handle()
        else:
            buffer.newline(copy_margin=True)

    return bindings


def is_whole(text: str) -> bool:
    """Whether a text waits for nothing more. A last line that is blank ends any text, so that a user is never stuck."""
    lines = text.split("\n")
    if not lines[-1].strip() or help_topic(text) is not None:
        return True
    reader = Reader()
    for line in lines:
        reader.add(f"{line}\n")
    return reader.is_empty


def _history() -> History:
    from prompt_toolkit.history import FileHistory, InMemoryHistory

    path = history_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.open("a").close()
    except OSError:
        return InMemoryHistory()
    return FileHistory(str(path))


def history_file() -> Path:
    """Where the entered statements are kept."""
    folder = os.environ.get("XDG_STATE_HOME")
    return (Path(folder) if folder else Path.home() / ".local" / "state") / "rasp" / "history"
