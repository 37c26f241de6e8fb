"""The ``raspc`` command. Exit status: 0 done, 1 a fault in a program, a model or an input, 2 bad usage."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from compiler.export import TARGETS
from compiler.verification.verify import LONGEST_TRIED
from rasp.atoms import from_host
from rasp.cli import guarded
from rasp.cli.arguments import add_constants, add_tokens
from rasp.cli.inputs import Items, Style, input_texts, read_input
from rasp.errors import InputError, RaspError, Source

if TYPE_CHECKING:
    from compiler.model import Model
    from compiler.undefined import Undefined
    from rasp.graph.nodes import Atom
    from rasp.syntax.ast import Dialect

_EXAMPLES = """\
examples:
  raspc compile examples/sort.rasp sorted --vocab abcdef --max-length 64 -o sort.safetensors
  raspc run sort.safetensors fedcba      ['a', 'b', 'c', 'd', 'e', 'f']
  raspc generate count.safetensors '-1 3 6' --stop -2
  raspc verify sort.safetensors          compare with the interpreter
  raspc inspect sort.safetensors         layers, heads, cells, certificate
  raspc inspect sort.safetensors -o stream.svg
  raspc inspect sort.safetensors --attention fedcba
  raspc trace sort.safetensors fedcba    what each layer holds, beside what the program says
  raspc export sort.safetensors --to onnx -o sort.onnx

docs/compiler/index.md describes what compiles and how, docs/compiler/tools.md the tools."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: the arguments; those of the process by default.

    Returns:
        The exit status.
    """
    return guarded("raspc", lambda: _execute(sys.argv[1:] if argv is None else argv))


def _execute(argv: Sequence[str]) -> int:
    parser = _parser()
    options = parser.parse_args(argv)
    match options.command:
        case "compile":
            return _within_memory(_compile, options)
        case "run":
            return _within_memory(_run, options)
        case "generate":
            return _within_memory(_generate, options)
        case "verify":
            return _within_memory(_verify, options)
        case "inspect":
            return _within_memory(_inspect, options)
        case "trace":
            return _within_memory(_trace, options)
        case "export":
            return _within_memory(_export, options)
        case _:
            parser.print_help()
            return 0


def _within_memory(command: Callable[[argparse.Namespace], int], options: argparse.Namespace) -> int:
    """Run a command with what XLA compiled before. That JAX finds no memory is the same to the user as that Python finds none."""
    import jax

    from compiler.execution.cache import keep_compiled

    keep_compiled()
    try:
        return command(options)
    except jax.errors.JaxRuntimeError as error:
        if "RESOURCE_EXHAUSTED" in str(error):
            raise MemoryError from None
        raise


def _parser() -> argparse.ArgumentParser:
    from rasp import __version__

    parser = argparse.ArgumentParser(
        prog="raspc",
        description="Compile RASP and RASP-L programs to exact transformer weights.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"raspc {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _add_compile(commands.add_parser("compile", help="compile an s-op of a program"))
    _add_run(commands.add_parser("run", help="run a saved model"))
    _add_generate(commands.add_parser("generate", help="continue prompts with a saved causal model"))
    _add_verify(commands.add_parser("verify", help="compare a saved model with the interpreter"))
    _add_inspect(commands.add_parser("inspect", help="what a saved model consists of"))
    _add_trace(commands.add_parser("trace", help="follow an input through the layers of a saved model"))
    _add_export(commands.add_parser("export", help="write a saved model for another framework"))
    return parser


def _add_compile(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a .rasp or .raspl program")
    parser.add_argument("name", metavar="NAME", help="the s-op, or the RASP-L function")
    what = "the tokens: characters (for RASP-L ints, such as '0 1 2'), or a JSON list such as '[0, 1, \"ab\"]'"
    parser.add_argument("--vocab", required=True, help=what)
    parser.add_argument("--max-length", required=True, type=int, help="the longest input, in tokens")
    parser.add_argument("--causal", action="store_true", help="attend to earlier positions only")
    parser.add_argument(
        "--optimize", choices=("depth", "width"), default="depth", help="few layers and heads (default), or a narrow stream"
    )
    parser.add_argument("-o", "--output", metavar="MODEL", help="where to save the model; without it the model is only checked")
    add_tokens(parser)
    add_constants(parser)


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL")
    what = "characters, ints such as '3 1 4' if all tokens are ints, or a JSON list; '-' reads one from each line of stdin"
    parser.add_argument("inputs", metavar="INPUT", nargs="+", help=what)
    add_tokens(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")
    _add_steps(parser)


def _add_generate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL")
    what = "characters, ints such as '3 1 4' if all tokens are ints, or a JSON list; '-' reads one from each line of stdin"
    parser.add_argument("prompts", metavar="PROMPT", nargs="+", help=what)
    parser.add_argument("--stop", metavar="TOKEN", help="a token after which generation ends")
    parser.add_argument("--max-new-tokens", type=_number, metavar="N", help="or after so many (as many as the model can tell)")
    add_tokens(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")


def _add_verify(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL")
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


def _add_inspect(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL")
    parser.add_argument("--attention", metavar="INPUT", help="show what each head attends to on an input, instead of the parts")
    what = "write a picture of the residual stream, or of attention, instead of text: .svg, .pdf or .png"
    parser.add_argument("-o", "--output", "--svg", metavar="FILE", help=what)
    add_tokens(parser)
    _add_steps(parser)


def _add_trace(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL")
    parser.add_argument("input", metavar="INPUT", help="characters, ints such as '3 1 4' if all tokens are ints, or a JSON list")
    add_tokens(parser)
    parser.add_argument("--all", action="store_true", help="every value that can be read, not only those that the source names")
    parser.add_argument("--json", action="store_true", help="print JSON")


def _add_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL")
    parser.add_argument("--to", required=True, choices=TARGETS, metavar="TARGET", help="the framework: one of %(choices)s")
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="where to write it (for torch, FILE ends in .pt2)")
    _add_steps(parser)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise argparse.ArgumentTypeError(f"{text!a} is not a number from 0 on")
    return int(text)


def _compile(options: argparse.Namespace) -> int:
    import compiler
    from compiler.errors import VocabularyError
    from compiler.inspection.listing import size
    from rasp.cli.programs import named_value

    module, value = named_value(options)
    try:
        vocab = read_input(options.vocab, module.dialect, options.tokens)
    except InputError as error:
        raise VocabularyError(f"--vocab: {error.message}", error.span, hint=error.hint) from None
    model = compiler.compile(value, vocab, options.max_length, causal=options.causal, optimize=options.optimize)
    print(size(model))
    if options.output is not None:
        model.save(options.output)
        print(f"saved {options.output}")
    return 0


def _loaded(options: argparse.Namespace) -> Model:
    """The model, with the number of steps of its loops if it is given."""
    import compiler

    model = compiler.load(options.model)
    return model if options.steps is None else model.with_steps(*options.steps)


def _add_steps(parser: argparse.ArgumentParser) -> None:
    what = "how many steps each loop takes, whatever the input asks for"
    parser.add_argument("--steps", type=_steps, metavar="N[,N…]", help=what)


def _steps(text: str) -> tuple[int, ...]:
    return tuple(map(_number, text.split(",")))


def _run(options: argparse.Namespace) -> int:
    from rasp.atoms import to_host
    from rasp.cli.output import to_json

    model = _loaded(options)
    texts = list(input_texts(options.inputs))
    inputs: list[Items] = []
    for text in texts:
        with _placed(text):
            inputs.append(_read(model, text, options.tokens))
    rows = [_defined(row, text) for row, text in zip(model.batch_atoms(inputs), texts, strict=True)]
    for row in rows:
        print(to_json(row) if options.json else [to_host(atom) for atom in row])
    return 0


def _generate(options: argparse.Namespace) -> int:
    import compiler
    from rasp.cli.output import to_json

    model = compiler.load(options.model)
    stop = None if options.stop is None else _stop_token(model, options)
    prompts: list[Items] = []
    for text in input_texts(options.prompts):
        with _placed(text):
            prompts.append(_read(model, text, options.tokens))
    for row in model.generate_batch(prompts, stop=stop, max_new_tokens=options.max_new_tokens):
        print(to_json([from_host(token) for token in row]) if options.json else row)
    return 0


def _stop_token(model: Model, options: argparse.Namespace) -> Atom:
    with _placed(options.stop):
        tokens = list(read_input(options.stop, _dialect(model), options.tokens))
        if len(tokens) != 1:
            raise InputError(
                f"--stop is one token, not {len(tokens)}", hint="a list with one token, such as '[0.5]', is one of any kind"
            )
        return from_host(tokens[0])


def _dialect(model: Model) -> Dialect:
    """Whose way of writing an input down is meant."""
    return "rasp-l" if all(type(token) is int for token in model.target.vocab) else "rasp"


def _defined(row: list[Atom] | Undefined, text: str) -> list[Atom]:
    """The values, if the program has any on this input; the error points at the input and names the expression."""
    from compiler.errors import UndefinedError
    from compiler.undefined import Undefined

    match row:
        case Undefined(problem=problem, span=span, position=position):
            at = "" if position is None else f" (at position {position})"
            hint = None if span is None else f"the undefined expression is {span.text!r} at {span}"
            error = UndefinedError(f"the program is undefined on this input: {problem}{at}", hint=hint)
            raise error.located(Source("<input>", text).span(0, len(text)))
        case _:
            return row


def _read(model: Model, text: str, style: Style | None) -> Items:
    """The tokens of an input that the model takes."""
    tokens = read_input(text, _dialect(model), style)
    model.encode(tokens)
    return tokens


@contextmanager
def _placed(text: str) -> Iterator[None]:
    """Give the errors that an input causes a place in it, unless they have one."""
    try:
        yield
    except RaspError as error:
        raise error.located(Source("<input>", text).span(0, len(text))) from None


def _verify(options: argparse.Namespace) -> int:
    import compiler

    report = compiler.verify(
        _loaded(options),
        exhaustive=options.exhaustive,
        adversarial=options.adversarial,
        samples=options.samples,
        longest=options.longest,
        seed=options.seed,
    )
    print(report)
    return 0 if report.passed else 1


def _inspect(options: argparse.Namespace) -> int:
    import compiler

    model = _loaded(options)
    subject = compiler.inspect(model)
    if options.attention is not None:
        with _placed(options.attention):
            subject = subject.attention(_read(model, options.attention, options.tokens))
    if options.output is not None:
        subject.write(options.output)
    else:
        print(subject)
    return 0


def _trace(options: argparse.Namespace) -> int:
    import compiler

    model = compiler.load(options.model)
    with _placed(options.input):
        tokens = _read(model, options.input, options.tokens)
        found = compiler.trace(model, tokens)
    print(json.dumps(found.to_json(everything=options.all)) if options.json else found.text(everything=options.all))
    return 0 if found.passed else 1


def _export(options: argparse.Namespace) -> int:
    import compiler

    compiler.export.save(_loaded(options), options.to, options.output)
    print(f"saved {options.output}")
    return 0
