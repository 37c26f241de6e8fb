"""The s-op graph in double precision, as the reference implementation computes: slow, and rounded at every step."""

from __future__ import annotations

import operator
from fractions import Fraction
from typing import Any

from rasp.graph.nodes import (
    Aggregate,
    Compare,
    Const,
    Input,
    Lookup,
    Map,
    Node,
    Op,
    SelectorAnd,
    SelectorNot,
    SelectorOr,
    topological,
)

_HOST = {
    Op.ADD: operator.add,
    Op.SUB: operator.sub,
    Op.MUL: operator.mul,
    Op.DIV: operator.truediv,
    Op.MOD: operator.mod,
    Op.POW: operator.pow,
    Op.EQ: operator.eq,
    Op.NE: operator.ne,
    Op.LT: operator.lt,
    Op.LE: operator.le,
    Op.GT: operator.gt,
    Op.GE: operator.ge,
    Op.AND: lambda a, b: bool(a) and bool(b),
    Op.OR: lambda a, b: bool(a) or bool(b),
    Op.NOT: operator.not_,
    Op.NEG: operator.neg,
    Op.POS: operator.pos,
    Op.ROUND: round,
    Op.INDICATOR: lambda a: int(bool(a)),
    Op.IF: lambda c, a, b: a if c else b,
    Op.IN: lambda a, *items: a in items,
}


def in_doubles(root: Node, tokens: str) -> list[Any]:
    """The values of an s-op, or the rows of a selector, on a string."""
    known: dict[Node, Any] = {}
    for node in topological(root):
        known[node] = _value(node, known, tokens)
    return known[root]


def _value(node: Node, known: dict[Node, Any], tokens: str) -> Any:
    match node:
        case Input(name="indices"):
            return list(range(len(tokens)))
        case Input():
            return list(tokens)
        case Const(value=value):
            return [_host(value)] * len(tokens)
        case Map(op=op, args=args):
            return [_HOST[op](*row) for row in zip(*(known[arg] for arg in args), strict=True)]
        case Lookup(keys=keys, values=values, index=index):
            items = [_host(value) for value in values]
            table: Any = items if keys is None else dict(zip(map(_host, keys), items, strict=True))
            return [table[place] for place in known[index]]
        case Aggregate(selector=selector, value=value, default=default):
            return [_mean(row, known[value], _host(default)) for row in known[selector]]
        case Compare(key=key, query=query, op=op):
            return [[_HOST[Op(op)](k, q) for k in known[key]] for q in known[query]]
        case SelectorNot(operand=operand):
            return [[not cell for cell in row] for row in known[operand]]
        case SelectorAnd(left=left, right=right):
            return [[a and b for a, b in zip(*rows, strict=True)] for rows in zip(known[left], known[right], strict=True)]
        case SelectorOr(left=left, right=right):
            return [[a or b for a, b in zip(*rows, strict=True)] for rows in zip(known[left], known[right], strict=True)]
        case _:
            raise TypeError(f"{type(node).__name__} is no node of a RASP program as written")


def _mean(row: list[bool], values: list[Any], default: Any) -> Any:
    selected = [value for value, chosen in zip(values, row, strict=True) if chosen]
    match selected:
        case []:
            return default
        case [value]:
            return value
        case _:
            return sum(selected) * 1.0 / len(selected)


def _host(atom: Any) -> Any:
    return float(atom) if isinstance(atom, Fraction) else atom
