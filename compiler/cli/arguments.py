"""The arguments of the ``raspc`` command; nothing here needs JAX."""

from __future__ import annotations

import argparse
from typing import Any

from compiler.export import TARGETS
from compiler.verification import LONGEST_TRIED
from rasp.cli.arguments import add_constants, add_subject, add_tokens
from rasp.cli.completion import completed, files
from rasp.cli.parser import Parser, add_command

_COMPILE = "raspc compile examples/sort.rasp sorted --vocab abcdef --max-length 16 -o sort.safetensors"
_COUNT = "raspc compile examples/count.raspl next_token --vocab '-2 -1 1 2 3 4' --max-length 8 --causal -o count.safetensors"
_CLOSING = """\
raspc COMMAND --help shows more; docs/compiler/index.md describes what compiles and how, docs/compiler/tools.md the tools."""


def make_parser() -> Parser:
    """The parser of the whole command line."""
    from rasp import __version__

    examples = (
        _COMPILE,
        "raspc run sort.safetensors fedcba  # ['a', 'b', 'c', 'd', 'e', 'f']",
        "raspc verify sort.safetensors --exhaustive 300 --adversarial 50 --samples 50  # compare with the interpreter",
        "raspc inspect sort.safetensors  # layers, heads, cells, certificate",
        "raspc export sort.safetensors --to safetensors -o sort.other.safetensors  # or onnx, torch, transformer-lens",
    )
    what = "Compile RASP and RASP-L programs to exact transformer weights."
    parser = Parser(prog="raspc", description=what, examples=examples, closing=_CLOSING)
    parser.add_argument("--version", action="version", version=f"raspc {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _add_compile(commands)
    _add_run(commands)
    _add_generate(commands)
    _add_verify(commands)
    _add_inspect(commands)
    _add_trace(commands)
    _add_export(commands)
    return parser


def _add_compile(commands: Any) -> None:
    parser = add_command(commands, "compile", "compile an s-op of a program", _COMPILE, _COUNT)
    add_subject(parser, "the s-op, or the RASP-L function")
    what = "the tokens: characters (for RASP-L ints, such as '0 1 2'), or a JSON list such as '[0, 1, \"ab\"]'"
    parser.add_argument("--vocab", required=True, help=what)
    parser.add_argument("--max-length", required=True, type=int, help="the longest input, in tokens")
    parser.add_argument("--causal", action="store_true", help="attend to earlier positions only")
    parser.add_argument(
        "--optimize", choices=("depth", "width"), default="depth", help="few layers and heads (default), or a narrow stream"
    )
    what = "where to save the model; without it the model is only checked"
    completed(parser.add_argument("-o", "--output", metavar="MODEL", help=what), files())
    add_tokens(parser)
    add_constants(parser)


def _add_run(commands: Any) -> None:
    parser = add_command(
        commands, "run", "run a saved model", _COMPILE, "raspc run sort.safetensors fedcba  # ['a', 'b', 'c', 'd', 'e', 'f']"
    )
    _add_model(parser)
    what = "characters, ints such as '3 1 4' if all tokens are ints, or a JSON list; '-' reads one from each line of stdin"
    parser.add_argument("inputs", metavar="INPUT", nargs="+", help=what)
    add_tokens(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")
    _add_steps(parser)


def _add_generate(commands: Any) -> None:
    parser = add_command(
        commands,
        "generate",
        "continue prompts with a saved causal model",
        _COUNT,
        "raspc generate count.safetensors '-1 1 4' --stop -2  # [-1, 1, 4, 1, 2, 3, 4, -2]",
    )
    _add_model(parser)
    what = "characters, ints such as '3 1 4' if all tokens are ints, or a JSON list; '-' reads one from each line of stdin"
    parser.add_argument("prompts", metavar="PROMPT", nargs="+", help=what)
    parser.add_argument("--stop", metavar="TOKEN", help="a token after which generation ends")
    parser.add_argument("--max-new-tokens", type=_number, metavar="N", help="or after so many (as many as the model can tell)")
    add_tokens(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")


def _add_verify(commands: Any) -> None:
    parser = add_command(
        commands,
        "verify",
        "compare a saved model with the interpreter",
        _COMPILE,
        "raspc verify sort.safetensors --exhaustive 300 --adversarial 50 --samples 50  # compare with the interpreter",
    )
    _add_model(parser)
    numbers = {
        "exhaustive": (5_000, "how many short inputs to enumerate at most"),
        "adversarial": (1_000, "how many adversarial inputs to try at most"),
        "samples": (1_000, "how many random inputs to try"),
        "longest": (LONGEST_TRIED, "the longest input to try"),
        "seed": (0, "of what is random"),
    }
    for name, (default, what) in numbers.items():
        parser.add_argument(f"--{name}", type=_number, default=default, metavar="N", help=f"{what} (%(default)s)")
    _add_steps(parser)


def _add_inspect(commands: Any) -> None:
    parser = add_command(
        commands,
        "inspect",
        "what a saved model consists of",
        _COMPILE,
        "raspc inspect sort.safetensors",
        "raspc inspect sort.safetensors -o stream.svg",
        "raspc inspect sort.safetensors --attention fedcba",
    )
    _add_model(parser)
    parser.add_argument("--attention", metavar="INPUT", help="show what each head attends to on an input, instead of the parts")
    what = "write a picture of the residual stream, or of attention, instead of text: .svg, .pdf or .png"
    completed(parser.add_argument("-o", "--output", "--svg", metavar="FILE", help=what), files())
    add_tokens(parser)
    _add_steps(parser)


def _add_trace(commands: Any) -> None:
    parser = add_command(
        commands,
        "trace",
        "follow an input through the layers of a saved model",
        _COMPILE,
        "raspc trace sort.safetensors fedcba  # what each layer holds, beside what the program says",
    )
    _add_model(parser)
    parser.add_argument("input", metavar="INPUT", help="characters, ints such as '3 1 4' if all tokens are ints, or a JSON list")
    add_tokens(parser)
    parser.add_argument("--all", action="store_true", help="every value that can be read, not only those that the source names")
    parser.add_argument("--json", action="store_true", help="print JSON")


def _add_export(commands: Any) -> None:
    parser = add_command(
        commands,
        "export",
        "write a saved model for another framework",
        _COMPILE,
        "raspc export sort.safetensors --to safetensors -o sort.other.safetensors",
        "raspc export sort.safetensors --to onnx -o sort.onnx  # needs rasp-lang[onnx]",
    )
    _add_model(parser)
    parser.add_argument("--to", required=True, choices=TARGETS, metavar="TARGET", help="one of %(choices)s")
    what = "where to write it (for torch, FILE ends in .pt2)"
    completed(parser.add_argument("-o", "--output", required=True, metavar="FILE", help=what), files())
    _add_steps(parser)


def _add_model(parser: argparse.ArgumentParser) -> None:
    completed(parser.add_argument("model", metavar="MODEL", help="a file that raspc compile saved"), files())


def _add_steps(parser: argparse.ArgumentParser) -> None:
    what = "how many steps each loop takes, whatever the input asks for"
    parser.add_argument("--steps", type=_steps, metavar="N[,N…]", help=what)


def _steps(text: str) -> tuple[int, ...]:
    return tuple(map(_number, text.split(",")))


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise argparse.ArgumentTypeError(f"{text!a} is not a number from 0 on")
    return int(text)
