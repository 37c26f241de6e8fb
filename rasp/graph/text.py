"""The text form of a graph: one line a node, each after the lines that it reads, the root last.

::

    %1 = tokens_str
    %2 = select(%1, %1, ==)
    %3 = width(%2)

``parse_graph(graph_text(node))`` is the same graph; a node that is read twice is one line. Spans are not kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from rasp.graph.expression import atom_text
from rasp.graph.nodes import (
    Aggregate,
    Carried,
    Compare,
    Const,
    Input,
    Iterate,
    Lookup,
    Map,
    Node,
    Param,
    Predicate,
    SelectorAnd,
    SelectorNot,
    SelectorOr,
    SelectorWidth,
    with_inner,
)
from rasp.graph.text_parser import parse_graph

__all__ = ["graph_text", "parse_graph"]


def graph_text(node: Node) -> str:
    """The text form of a node and of all that it reads; ends with a line break."""
    numbers: dict[Node, int] = {}
    lines: list[str] = []
    for item in with_inner(node):
        numbers[item] = len(numbers) + 1
        lines.append(f"%{numbers[item]} = {_right_side(item, lambda read: f'%{numbers[read]}')}\n")
    return "".join(lines)


def _right_side(node: Node, ref: Callable[[Node], str]) -> str:
    match node:
        case Input(name=name):
            return name
        case Param(role=role):
            return role
        case Carried(index=index):
            return f"carried({index})"
        case Iterate(loop=loop, index=index):
            lists = (f"[{', '.join(map(ref, part))}]" for part in (loop.steps, loop.carried))
            return f"iterate({', '.join(lists)}, {ref(loop.times)}, {index})"
        case Const(value=value):
            return atom_text(value)
        case Map(op=op, args=args):
            return f"map({', '.join([op, *map(ref, args)])})"
        case Lookup(keys=None, values=values, index=index):
            return f"lookup([{', '.join(map(atom_text, values))}], {ref(index)})"
        case Lookup(keys=keys, values=values, index=index):
            pairs = (f"{atom_text(key)}: {atom_text(value)}" for key, value in zip(keys or (), values, strict=True))
            return f"lookup({{{', '.join(pairs)}}}, {ref(index)})"
        case Aggregate(selector=selector, value=value, default=default, reduction=reduction):
            return f"aggregate({ref(selector)}, {ref(value)}, {reduction}, {atom_text(default)})"
        case SelectorWidth(selector=selector):
            return f"width({ref(selector)})"
        case Compare(key=key, query=query, op=op):
            return f"select({ref(key)}, {ref(query)}, {op})"
        case Predicate(key=key, query=query, body=body):
            return f"predicate({ref(key)}, {ref(query)}, {ref(body)})"
        case SelectorNot(operand=operand):
            return f"not({ref(operand)})"
        case SelectorAnd(left=left, right=right):
            return f"and({ref(left)}, {ref(right)})"
        case SelectorOr(left=left, right=right):
            return f"or({ref(left)}, {ref(right)})"
        case _:
            assert_never(node)
