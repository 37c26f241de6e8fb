"""``rasp`` and ``rasp repl``."""

from __future__ import annotations

import argparse
import sys


def repl(options: argparse.Namespace) -> int:
    """The console: interactive on a terminal, else a transcript of the lines of stdin."""
    if sys.stdin.isatty() and sys.stdout.isatty():
        from rasp.repl.interactive import run_interactive

        run_interactive()
        return 0
    from rasp.repl.piped import run_piped

    return 0 if run_piped(sys.stdin, sys.stdout) else 1
