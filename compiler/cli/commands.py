"""What the commands of ``raspc`` do; each is a function of the arguments that gives the exit status."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import compiler
from rasp.atoms import from_host, to_host
from rasp.cli.inputs import Items, Style, input_texts, read_input
from rasp.cli.output import to_json
from rasp.errors import InputError, RaspError, Source

if TYPE_CHECKING:
    from compiler.model import Model
    from compiler.undefined import Undefined
    from rasp.graph.nodes import Atom
    from rasp.syntax.ast import Dialect


def _compile(options: argparse.Namespace) -> int:
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
    model = compiler.load(options.model)
    return model if options.steps is None else model.with_steps(*options.steps)


def _run(options: argparse.Namespace) -> int:
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
    model = compiler.load(options.model)
    with _placed(options.input):
        tokens = _read(model, options.input, options.tokens)
        found = compiler.trace(model, tokens)
    print(json.dumps(found.to_json(everything=options.all)) if options.json else found.text(everything=options.all))
    return 0 if found.passed else 1


def _export(options: argparse.Namespace) -> int:
    compiler.export.save(_loaded(options), options.to, options.output)
    print(f"saved {options.output}")
    return 0


COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "compile": _compile,
    "run": _run,
    "generate": _generate,
    "verify": _verify,
    "inspect": _inspect,
    "trace": _trace,
    "export": _export,
}
