"""The console without a terminal: prompts and answers on the output, no echo, as the reference REPL writes transcripts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from rasp.repl.console import Console


def run_piped(lines: Iterable[str], output: TextIO) -> bool:
    """Execute lines until they end or ``exit`` is one of them.

    Returns:
        Whether everything went well.
    """
    console = Console(output.write)
    console.welcome()
    source = iter(lines)
    while not console.is_over:
        output.write(console.reader.prompt)
        output.flush()
        line = next(source, None)
        if line is None:
            console.finish()
            output.write("\n")
            break
        console.enter(line if line.endswith("\n") else f"{line}\n")
    output.flush()
    return not console.failed
