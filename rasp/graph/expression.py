"""One-line names of nodes: ``( a + b )``, ``select(tokens, indices, ==)``. For display only; ``rasp.graph.text`` is exact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import assert_never

from rasp.graph.nodes import (
    Aggregate,
    Atom,
    Carried,
    Compare,
    Const,
    Input,
    Iterate,
    Lookup,
    Map,
    Node,
    Op,
    Param,
    Predicate,
    SelectorAnd,
    SelectorNot,
    SelectorOr,
    SelectorWidth,
)

_PLAIN_DIGITS = 1_000
"""Integers of more bits than this are written in base 16: the host limits how long a decimal it converts."""

_CALLED = {Op.ABS: "abs", Op.ROUND: "round", Op.TRUNC: "int", Op.INDICATOR: "I"}
_PREFIXED = {Op.NOT: "not ", Op.NEG: "-", Op.POS: "+", Op.INVERT: "~"}


def expression_text(node: Node, names: Mapping[Node, str] | None = None, *, limit: int = 200) -> str:
    """A node as an expression over its inputs, cut at ``limit`` characters (the last is then ``…``).

    Args:
        names: nodes that are shown by name instead (the node itself excepted).
    """
    known = names or {}
    text = ""
    pending: list[Node | str] = list(_pieces(node))[::-1]
    while pending and len(text) <= limit:
        piece = pending.pop()
        if isinstance(piece, str):
            text += piece
        elif piece in known:
            text += known[piece]
        else:
            pending.extend(list(_pieces(piece))[::-1])
    return text if len(text) <= limit else text[: limit - 1] + "…"


def atom_text(atom: Atom) -> str:
    """An atom exactly: ``True``, ``-3``, ``1/3`` (a float always has its denominator), ``"a\\u{a}b"``."""
    match atom:
        case bool():
            return str(atom)
        case int():
            return _integer_text(atom)
        case Fraction():
            return f"{_integer_text(atom.numerator)}/{_integer_text(atom.denominator)}"
        case str():
            return '"' + "".join(map(_character_text, atom)) + '"'
        case _:
            assert_never(atom)


def _integer_text(number: int) -> str:
    return str(number) if number.bit_length() <= _PLAIN_DIGITS else hex(number)


def _character_text(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    return character if character.isprintable() else f"\\u{{{ord(character):x}}}"


def _pieces(node: Node) -> Iterator[Node | str]:
    """The text of a node, with the nodes that it reads left as they are. Starts with a text, so that every step shows."""
    match node:
        case Input(name=name):
            yield name
        case Param(role=role):
            yield role
        case Carried(index=index):
            yield f"carried {index}"
        case Iterate(loop=loop, index=index):
            which = "" if len(loop.steps) == 1 else f"[{index}]"
            yield from ("iterate(", loop.steps[index], ", ", loop.carried[index], ", ", loop.times, f"){which}")
        case Const(value=value):
            yield _short(value)
        case Map(op=op, args=args):
            yield from _map_pieces(op, args)
        case Lookup(keys=None, values=values, index=index):
            yield from (f"[{_listed(list(map(_short, values)))}][", index, "]")
        case Lookup(keys=keys, values=values, index=index):
            pairs = [f"{_short(key)}: {_short(value)}" for key, value in zip(keys or (), values, strict=True)]
            yield from (f"{{{_listed(pairs)}}}[", index, "]")
        case Aggregate(selector=selector, value=value, default=default, reduction=reduction):
            name = "aggregate" if reduction == "mean" else f"aggregate_{reduction}"
            yield from (f"{name}(", selector, ", ", value, _default_text(default))
        case SelectorWidth(selector=selector):
            yield from ("selector_width(", selector, ")")
        case Compare(key=key, query=query, op=op):
            yield from ("select(", key, ", ", query, f", {op})")
        case Predicate(key=key, query=query, body=body):
            yield from ("select(", key, ", ", query, ", ", body, ")")
        case SelectorNot(operand=operand):
            yield from ("( not ", operand, " )")
        case SelectorAnd(left=left, right=right):
            yield from ("( ", left, " and ", right, " )")
        case SelectorOr(left=left, right=right):
            yield from ("( ", left, " or ", right, " )")
        case _:
            assert_never(node)


def _map_pieces(op: Op, args: tuple[Node, ...]) -> Iterator[Node | str]:
    if op in _CALLED:
        yield from (f"{_CALLED[op]}(", args[0], ")")
    elif op in _PREFIXED:
        yield from (f"( {_PREFIXED[op]}", args[0], " )")
    elif op is Op.IF:
        yield from ("( ", args[1], " if ", args[0], " else ", args[2], " )")
    elif op is Op.IN:
        yield from ("( ", args[0], " in [")
        yield from (piece for number, arg in enumerate(args[1:]) for piece in (", " if number else "", arg))
        yield "] )"
    else:
        yield from ("( ", args[0], f" {op} ", args[1], " )")


_SHOWN = 8
"""Items of a list or dictionary that are shown."""


def _listed(items: list[str]) -> str:
    return ", ".join(items[:_SHOWN]) + (", …" if len(items) > _SHOWN else "")


def _short(atom: Atom) -> str:
    """An atom as people write it: a float in decimals."""
    if isinstance(atom, Fraction) and max(abs(atom.numerator), atom.denominator).bit_length() < _PLAIN_DIGITS:
        return str(atom.numerator / atom.denominator)
    return atom_text(atom[:80]) if isinstance(atom, str) else atom_text(atom)


def _default_text(default: Atom) -> str:
    return ")" if default == 0 and isinstance(default, int) and not isinstance(default, bool) else f", {_short(default)})"
