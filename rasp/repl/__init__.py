"""The console of RASP: the piped one, whose transcripts are those of the reference REPL, and the interactive one."""

from rasp.repl.console import Console
from rasp.repl.piped import run_piped

__all__ = ["Console", "run_piped"]
