"""The arguments of the ``rasp`` command."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, get_args

import rasp
from rasp.cli.completion import PROGRAMS, SHELLS, completed, files, runnable_names
from rasp.cli.inputs import STYLES
from rasp.cli.parser import Parser, add_command
from rasp.syntax.ast import Dialect

_EXAMPLES = (
    "rasp  # the REPL; reads statements from a pipe",
    "rasp run examples/sort.rasp sorted hello  # [e, h, l, l, o] (strings)",
    "rasp check examples/sort.rasp  # errors and warnings",
    "rasp measure examples/sort.rasp sorted  # program length, layers, heads",
    "rasp draw examples/sort.rasp sorted hello -o s.svg  # its computation flow",
)
_CLOSING = """\
rasp COMMAND --help shows more; docs/language/command.md describes all output.
raspc compiles programs to transformers; conjecture trains transformers."""

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
    options = make_parser().parse(argv)
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
        case "completion":
            from rasp.cli.completion import completion

            return completion
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


def make_parser() -> Parser:
    """The parser of the whole command line."""
    parser = Parser(
        prog="rasp",
        description="RASP and RASP-L: the REPL, and commands for program files (.rasp, .raspl, .py).",
        examples=_EXAMPLES,
        closing=_CLOSING,
    )
    parser.add_argument("--version", action="version", version=f"rasp {rasp.__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _add_repl(commands)
    _add_run(commands)
    _add_generate(commands)
    _add_check(commands)
    _add_format(commands)
    _add_measure(commands)
    _add_draw(commands)
    _add_show(commands)
    _add_playground(commands)
    _add_lsp(commands)
    _add_completion(commands)
    return parser


def _add_repl(commands: Any) -> None:
    example = "echo 'indices * 2;' | rasp repl  # a transcript with [0, 2, 4, 6, 8]"
    add_command(commands, "repl", "the REPL, which also starts without a command", "rasp repl", example)


def _add_run(commands: Any) -> None:
    parser = add_command(
        commands,
        "run",
        "evaluate a name of a program on inputs",
        "rasp run examples/histogram.rasp histogram hello  # [1, 1, 2, 2, 1] (ints)",
        'rasp run examples/histogram.rasp histogram \'["to", "be", "to"]\'  # a list of tokens instead of characters',
        "rasp run examples/looped/parity.raspl answers '1 0 1 1 -1'  # RASP-L, on ints",
        "echo hello | rasp run examples/histogram.rasp histogram -  # one input a line",
    )
    _add_subject(parser)
    parser.add_argument("inputs", metavar="INPUT", nargs="+", help="an input; '-' reads one from each line of stdin")
    _add_input_options(parser)
    _add_json(parser)


def _add_generate(commands: Any) -> None:
    parser = add_command(
        commands,
        "generate",
        "continue a prompt with a RASP-L program",
        "rasp generate examples/count.raspl next_token '-1 3 6' --stop -2  # [-1, 3, 6, 3, 4, 5, 6, -2] (ints)",
    )
    _add_subject(parser)
    parser.add_argument("prompt", metavar="PROMPT", help="the first tokens, such as '1 2 3' or '[1,2,3]'")
    parser.add_argument("--stop", type=int, required=True, metavar="TOKEN", help="generation ends after this token")
    parser.add_argument("--max-new-tokens", type=int, default=256, metavar="N", help="or after so many (default: 256)")
    _add_input_options(parser)
    _add_json(parser)


def _add_check(commands: Any) -> None:
    parser = add_command(
        commands,
        "check",
        "errors, warnings, and RASP-L's restrictions",
        "rasp check examples/sort.rasp",
        "rasp check examples/count.raspl --json",
    )
    completed(parser.add_argument("file", metavar="FILE", help="a program"), PROGRAMS)
    parser.add_argument("--strict", action="store_true", help="apply RASP-L's strict rules; warnings fail too")
    _add_json(parser)


def _add_format(commands: Any) -> None:
    parser = add_command(
        commands,
        "format",
        "one layout for programs, with their comments; in place",
        "rasp format --check examples/sort.rasp examples/count.raspl  # which would change",
        "echo 'x=indices ;' | rasp format -  # x = indices;",
    )
    what = "programs; '-' alone reads stdin and writes stdout"
    completed(parser.add_argument("files", metavar="FILE", nargs="+", help=what), PROGRAMS)
    parser.add_argument("--check", action="store_true", help="write nothing; status 1 if a file would change")
    what = "the language (default: that of the suffix; RASP for stdin)"
    parser.add_argument("--dialect", choices=get_args(Dialect), help=what)


def _add_measure(commands: Any) -> None:
    parser = add_command(
        commands,
        "measure",
        "program length, in every measure",
        "rasp measure examples/sort.rasp sorted",
        "rasp measure examples/count.raspl next_token --json",
    )
    _add_subject(parser)
    add_constants(parser)
    _add_json(parser)


def _add_draw(commands: Any) -> None:
    parser = add_command(
        commands,
        "draw",
        "draw the computation flow on an input",
        "rasp draw examples/sort.rasp sorted hello -o sort.svg",
    )
    _add_subject(parser)
    parser.add_argument("input", metavar="INPUT")
    what = "a file .svg, .pdf, .png or .dot"
    completed(parser.add_argument("-o", "--output", required=True, metavar="PATH", help=what), files())
    parser.add_argument("--written", action="store_true", help="draw the graph as written, not the simplified one")
    _add_input_options(parser)


def _add_show(commands: Any) -> None:
    parser = add_command(
        commands,
        "show",
        "the graph of an s-op or a selector, as text, or a plain value",
        "rasp show examples/sort.rasp sorted",
        "rasp show examples/sort.rasp sorted --written  # before it is simplified",
    )
    _add_subject(parser)
    parser.add_argument("--written", action="store_true", help="the graph as written, not the simplified one")
    add_constants(parser)


def _add_playground(commands: Any) -> None:
    parser = add_command(
        commands,
        "playground",
        "a page to write programs on, see them at work and compile them",
        "rasp playground",
        "rasp playground --port 0 --no-browser  # at a free port; says where",
    )
    parser.add_argument("--port", type=_port, default=8642, metavar="N", help="default: 8642; 0 for any that is free")
    parser.add_argument("--no-browser", dest="opens", action="store_false", help="only say where the page is")


def _add_lsp(commands: Any) -> None:
    add_command(commands, "lsp", "the language server, for editors; over stdin and stdout", "rasp lsp")


def _add_completion(commands: Any) -> None:
    parser = add_command(
        commands,
        "completion",
        "what makes a shell complete rasp, raspc and conjecture",
        'eval "$(rasp completion bash)"  # in ~/.bashrc',
        'eval "$(rasp completion zsh)"  # in ~/.zshrc, after compinit',
        "rasp completion fish | source  # in ~/.config/fish/config.fish",
    )
    parser.add_argument("shell", metavar="SHELL", choices=SHELLS, help="one of %(choices)s")


def _add_subject(parser: argparse.ArgumentParser) -> None:
    add_subject(parser, "a name that the program defines")


def add_subject(parser: argparse.ArgumentParser, what: str) -> None:
    """The arguments FILE and NAME.

    Args:
        what: the name is of.
    """
    file = parser.add_argument("file", metavar="FILE", help="a program: .rasp, or .raspl or .py for RASP-L")
    completed(file, PROGRAMS)
    completed(parser.add_argument("name", metavar="NAME", help=what), runnable_names)


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
