"""The arguments of the ``rasp`` command."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import get_args

import rasp
from rasp.cli.inputs import STYLES
from rasp.syntax.ast import Dialect

_EXAMPLES = """\
examples:
  rasp                                          the REPL; reads statements from a pipe
  rasp run hist.rasp histogram hello            [1, 1, 2, 2, 1] (ints)
  rasp run hist.rasp histogram '["ab", "c"]'    a list of tokens instead of characters
  rasp run count.raspl count '5 2 9'            a RASP-L program on ints
  rasp run hist.rasp histogram - < words.txt    one input a line
  rasp check hist.rasp                          errors and warnings
  rasp format hist.rasp                         one layout for all programs
  rasp draw hist.rasp histogram hello -o h.svg  its computation flow

docs/language/command.md describes all output."""

Command = Callable[[argparse.Namespace], int]


@dataclass(frozen=True)
class Arguments:
    """What the user asked for."""

    command: str
    options: argparse.Namespace

    def execute(self) -> int:
        """Do it, and give the exit status."""
        return _command(self.command)(self.options)


def parse_arguments(argv: Sequence[str]) -> Arguments:
    """Read the arguments.

    Raises:
        SystemExit: with 2 for bad usage, 0 after help or version.
    """
    options = _parser().parse_args(argv)
    return Arguments(options.command or "repl", options)


def _command(name: str) -> Command:
    """The function of a subcommand; only what it needs is imported."""
    match name:
        case "repl":
            from rasp.cli.repl import repl

            return repl
        case "run" | "generate":
            from rasp.cli import evaluating

            return evaluating.run if name == "run" else evaluating.generate
        case "check":
            from rasp.cli.checking import check

            return check
        case "lsp":
            from rasp.cli.serving import lsp

            return lsp
        case "playground":
            from rasp.cli.serving import playground

            return playground
        case "format":
            from rasp.cli.formatting import format_files

            return format_files
        case _:
            from rasp.cli import inspecting

            return {"measure": inspecting.measure, "draw": inspecting.draw, "show": inspecting.show}[name]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rasp",
        description="RASP and RASP-L: the REPL, and commands for program files (.rasp, .raspl, .py).",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"rasp {rasp.__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("repl", help="the REPL (also without a command)")
    _add_run(commands.add_parser("run", help="evaluate a name of a program on inputs"))
    _add_generate(commands.add_parser("generate", help="continue a prompt with a RASP-L program"))
    _add_check(commands.add_parser("check", help="errors, warnings, and RASP-L's restrictions"))
    _add_format(commands.add_parser("format", help="one layout, with its comments; in place"))
    _add_measure(commands.add_parser("measure", help="program length, in every measure"))
    _add_draw(commands.add_parser("draw", help="draw the computation flow on an input"))
    _add_show(commands.add_parser("show", help="the graph of an s-op or a selector, as text, or a plain value"))
    _add_playground(commands.add_parser("playground", help="a page to write programs on, see them at work and compile them"))
    commands.add_parser("lsp", help="the language server, for editors; over stdin and stdout")
    return parser


def _add_run(parser: argparse.ArgumentParser) -> None:
    _add_subject(parser)
    parser.add_argument("inputs", metavar="INPUT", nargs="+", help="an input; '-' reads one from each line of stdin")
    _add_input_options(parser)
    _add_json(parser)


def _add_generate(parser: argparse.ArgumentParser) -> None:
    _add_subject(parser)
    parser.add_argument("prompt", metavar="PROMPT", help="the first tokens, such as '1 2 3' or '[1,2,3]'")
    parser.add_argument("--stop", type=int, required=True, metavar="TOKEN", help="generation ends after this token")
    parser.add_argument("--max-new-tokens", type=int, default=256, metavar="N", help="or after so many (default: 256)")
    _add_input_options(parser)
    _add_json(parser)


def _add_check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--strict", action="store_true", help="apply RASP-L's strict rules; warnings fail too")
    _add_json(parser)


def _add_format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", metavar="FILE", nargs="+", help="programs; '-' alone reads stdin and writes stdout")
    parser.add_argument("--check", action="store_true", help="write nothing; status 1 if a file would change")
    what = "the language (default: that of the suffix; RASP for stdin)"
    parser.add_argument("--dialect", choices=get_args(Dialect), help=what)


def _add_measure(parser: argparse.ArgumentParser) -> None:
    _add_subject(parser)
    add_constants(parser)
    _add_json(parser)


def _add_draw(parser: argparse.ArgumentParser) -> None:
    _add_subject(parser)
    parser.add_argument("input", metavar="INPUT")
    parser.add_argument("-o", "--output", required=True, metavar="PATH", help="a file .svg, .pdf, .png or .dot")
    parser.add_argument("--written", action="store_true", help="draw the graph as written, not the simplified one")
    _add_input_options(parser)


def _add_playground(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=_port, default=8642, metavar="N", help="default: 8642; 0 for any that is free")
    parser.add_argument("--no-browser", dest="opens", action="store_false", help="only say where the page is")


def _add_show(parser: argparse.ArgumentParser) -> None:
    _add_subject(parser)
    parser.add_argument("--written", action="store_true", help="the graph as written, not the simplified one")
    add_constants(parser)


def _add_subject(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a program: .rasp, or .raspl or .py for RASP-L")
    parser.add_argument("name", metavar="NAME", help="a name that the program defines")


def _add_input_options(parser: argparse.ArgumentParser) -> None:
    add_tokens(parser)
    add_constants(parser)


def add_tokens(parser: argparse.ArgumentParser) -> None:
    """The option ``--tokens``."""
    what = "how tokens are read (default: characters for RASP, ints for RASP-L, lists in brackets)"
    parser.add_argument("--tokens", choices=STYLES, help=what)


def add_constants(parser: argparse.ArgumentParser) -> None:
    """The option ``--set``."""
    what = "a constant for a parameter of a RASP-L function; may be repeated"
    parser.add_argument("--set", dest="constants", action="append", default=[], type=_constant, metavar="NAME=VALUE", help=what)


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="JSON on stdout, with exact numbers")


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 5 or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text!a} is not a port, 0 to 65535")
    return int(text)


def _constant(text: str) -> tuple[str, bool | int]:
    """``name=3`` or ``name=True``."""
    match re.fullmatch(r"([A-Za-z_]\w*)=(True|False|[-+]?[0-9]{1,1000})", text):
        case None:
            raise argparse.ArgumentTypeError(f"{text!a} is not NAME=VALUE with an int, True or False")
        case found if found[2] in ("True", "False"):
            return found[1], found[2] == "True"
        case found:
            return found[1], int(found[2])
