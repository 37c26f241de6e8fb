"""``rasp run`` and ``rasp generate``."""

from __future__ import annotations

import argparse

from rasp.cli.inputs import Items, input_texts, placed, read_input
from rasp.cli.output import column_text, to_json
from rasp.cli.programs import sop_or_selector
from rasp.errors import RaspLimitError, RaspTypeError
from rasp.evaluate import evaluate, evaluate_selector
from rasp.module import Module
from rasp.values import Selector, SOp


def run(options: argparse.Namespace) -> int:
    """Evaluate on each input and print a line, or a matrix, for each."""
    module, subject = sop_or_selector(options)
    for text in input_texts(options.inputs):
        with placed(text):
            tokens = read_input(text, module.dialect, options.tokens)
            print(_result(subject, tokens, module, options.json), flush=True)
    return 0


def generate(options: argparse.Namespace) -> int:
    """Print the prompt and its continuation."""
    from rasp.generate import generate as continue_prompt

    module, subject = sop_or_selector(options)
    if module.dialect != "rasp-l" or not isinstance(subject, SOp):
        raise RaspTypeError(f"'{options.name}' is no next-token program", hint="generation needs a function of a RASP-L program")
    with placed(options.prompt):
        prompt = read_input(options.prompt, module.dialect, options.tokens)
        tokens = continue_prompt(subject, prompt, stop=options.stop, max_new_tokens=options.max_new_tokens)
    print(to_json(tokens) if options.json else f"{tokens} (ints)")
    return 0


def _result(subject: SOp | Selector, tokens: Items, module: Module, as_json: bool) -> str:
    match subject:
        case SOp(node=node):
            column = evaluate(node, tokens, allow_empty=module.dialect == "rasp-l")
            try:
                return to_json(column.to_atoms()) if as_json else column_text(column)
            except RaspLimitError as error:
                raise error.located(node.span) from None
        case Selector(node=node):
            matrix = evaluate_selector(node, tokens)
            if as_json:
                return to_json(matrix.tolist())
            from rasp.repl.matrices import matrix_text

            return matrix_text(list(tokens), matrix)
