"""The ``raspc`` command. Exit status: 0 done, 1 a fault in a program, a model or an input, 2 bad usage."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rasp.cli import guarded

if TYPE_CHECKING:
    from compiler.model import Model

_EXAMPLES = """\
examples:
  raspc compile examples/sort.rasp sorted --vocab abcdef --max-length 64 -o sort.safetensors
  raspc run sort.safetensors fedcba      ['a', 'b', 'c', 'd', 'e', 'f']
  raspc verify sort.safetensors          compare with the interpreter
  raspc inspect sort.safetensors         layers, heads, cells, certificate

docs/compiler/index.md describes what compiles and how."""


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
    if options.command is None:
        parser.print_help()
        return 0
    match options.command:
        case "compile":
            return _compile(options)
        case "run":
            return _run(options)
        case "verify":
            return _verify(options)
        case _:
            return _inspect(options)


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
    make = commands.add_parser("compile", help="compile an s-op of a program")
    make.add_argument("file", metavar="FILE", help="a .rasp or .raspl program")
    make.add_argument("name", metavar="NAME", help="the s-op, or the RASP-L function")
    make.add_argument("--vocab", required=True, help="the tokens: characters, or a JSON list such as '[0, 1, \"ab\"]'")
    make.add_argument("--max-length", required=True, type=int, help="the longest input, in tokens")
    make.add_argument("--causal", action="store_true", help="attend to earlier positions only")
    make.add_argument("-o", "--output", metavar="MODEL", help="where to save the model; without it the model is only checked")
    run = commands.add_parser("run", help="run a saved model")
    run.add_argument("model", metavar="MODEL")
    run.add_argument("inputs", metavar="INPUT", nargs="+", help="characters, or a JSON list of tokens")
    run.add_argument("--json", action="store_true", help="print JSON")
    verify = commands.add_parser("verify", help="compare a saved model with the interpreter")
    verify.add_argument("model", metavar="MODEL")
    verify.add_argument("--exhaustive", type=int, default=5_000, help="how many short inputs to enumerate at most (%(default)s)")
    verify.add_argument("--samples", type=int, default=1_000, help="how many random inputs to try (%(default)s)")
    verify.add_argument("--seed", type=int, default=0, help="of the random inputs (%(default)s)")
    inspect = commands.add_parser("inspect", help="what a saved model consists of")
    inspect.add_argument("model", metavar="MODEL")
    return parser


def _compile(options: argparse.Namespace) -> int:
    import compiler
    import rasp

    module = rasp.load(options.file)
    value = module[options.name]
    model = compiler.compile(value, _tokens(options.vocab), options.max_length, causal=options.causal)
    print(_size(model))
    if options.output:
        model.save(options.output)
        print(f"saved {options.output}")
    return 0


def _run(options: argparse.Namespace) -> int:
    import compiler
    from rasp.cli.output import to_json

    model = compiler.load(options.model)
    for atoms, values in _values(model, [_tokens(text) for text in options.inputs]):
        print(to_json(atoms) if options.json else values)
    return 0


def _values(model: Model, inputs: list[list[object]]) -> list[tuple[list, list]]:
    from rasp import atoms

    return [(row, [atoms.to_host(atom) for atom in row]) for row in model.batch_atoms(inputs)]


def _verify(options: argparse.Namespace) -> int:
    import compiler

    report = compiler.verify(
        compiler.load(options.model), exhaustive=options.exhaustive, samples=options.samples, seed=options.seed
    )
    print(report)
    for mismatch in report.mismatches[:3]:
        print(f"  {list(mismatch.tokens)}: program {list(mismatch.interpreted)}, model {list(mismatch.compiled)}")
    return 0 if report.passed else 1


def _inspect(options: argparse.Namespace) -> int:
    import compiler

    model = compiler.load(options.model)
    print(_size(model))
    print(f"vocabulary of {len(model.target.vocab)}, length up to {model.target.max_length}{', causal' * model.target.causal}")
    for number, (heads, bound, units) in enumerate(
        zip(model.heads, model.certificate.layers, model.config.d_mlp, strict=True), 1
    ):
        print(f"layer {number}: {units} units; margin {bound.margin:.3f}, largest sum {max(bound.units, bound.score):,}")
        for head in heads:
            print(f"  head selects {head}")
    for label in dict.fromkeys(model.cells):
        print(f"{model.cells.count(label):5} cells of the residual stream: {label}")
    return 0


def _size(model: Model) -> str:
    size = model.config
    return (
        f"{model.sop.name or 's-op'}: {size.layers} layers, heads {size.heads}, residual width {size.d_model}, "
        f"units {size.d_mlp}, {size.parameters:,} parameters, margin {model.certificate.margin:.3f}"
    )


def _tokens(text: str) -> list[object]:
    """Tokens as the user gave them: a JSON list, or else characters."""
    from rasp.cli.inputs import read_input

    return list(read_input(text, "rasp", None))
