"""``rasp measure``, ``rasp draw`` and ``rasp show``."""

from __future__ import annotations

import argparse
import json

from rasp.cli.programs import named_value, sop_or_selector, value_text
from rasp.graph.nodes import Node
from rasp.module import Module
from rasp.values import Function, Selector, SOp


def measure(options: argparse.Namespace) -> int:
    """Print the program length."""
    from rasp.measure import measure as measure_value

    module, value = sop_or_selector(options)
    measures = measure_value(value, program=module.program)
    print(json.dumps(measures.as_dict(), indent=2) if options.json else measures.table())
    return 0


def draw(options: argparse.Namespace) -> int:
    """Write a picture of the computation flow."""
    from rasp.cli.inputs import placed, read_input
    from rasp.draw import draw as draw_value

    module, value = sop_or_selector(options)
    with placed(options.input):
        tokens = read_input(options.input, module.dialect, options.tokens)
        drawing = draw_value(value, tokens, names=_names(module), simplified=not options.written)
    drawing.write(options.output)
    return 0


def show(options: argparse.Namespace) -> int:
    """Print the graph of an s-op or a selector; a plain value as it is."""
    _, value = named_value(options)
    match value:
        case SOp(node=node) | Selector(node=node):
            print(_graph_text(node, options.written), end="")
        case Function():
            sop_or_selector(options)
        case _:
            print(value if isinstance(value, str) else value_text(value))
    return 0


def _graph_text(node: Node, written: bool) -> str:
    from rasp.graph import canonical
    from rasp.graph.text import graph_text

    return graph_text(node if written else canonical(node).root)


def _names(module: Module) -> dict[Node, str]:
    return {value.node: name for name, value in module.items() if isinstance(value, SOp | Selector)}
