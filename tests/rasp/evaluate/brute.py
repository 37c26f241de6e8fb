"""The slow, obvious interpreter: lists of atoms, one Python call for each matrix cell. The oracle of the property tests.

A predicate does not evaluate a side that its body never reads, as in the canonical graph.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from fractions import Fraction
from typing import assert_never, cast

from rasp import atoms
from rasp.errors import EvaluationError, RaspError, RaspTypeError
from rasp.graph import Atom, Node, Selector, Sop
from rasp.graph.nodes import (
    Aggregate,
    Carried,
    Compare,
    Const,
    Input,
    Iterate,
    Lookup,
    Map,
    Op,
    Param,
    Predicate,
    SelectorAnd,
    SelectorNot,
    SelectorOr,
    SelectorWidth,
    topological,
)

Row = list[Atom]
Matrix = list[list[bool]]


def brute(root: Sop, tokens: Sequence[Atom]) -> Row:
    """The atoms of an s-op on a list of tokens (already of the kinds that the program wants)."""
    return _Brute(list(tokens)).sop(root)


def brute_matrix(root: Selector, tokens: Sequence[Atom]) -> Matrix:
    return _Brute(list(tokens)).selector(root)


class _Brute:
    def __init__(self, tokens: Row, carried: Sequence[Row] = ()) -> None:
        self.tokens = tokens
        self.carried = carried
        self.length = len(tokens)
        self.known: dict[Node, Row | Matrix] = {}

    def sop(self, node: Sop) -> Row:
        if node not in self.known:
            self.known[node] = _one_sort(self._sop(node))
        return self.known[node]  # type: ignore[return-value]

    def selector(self, node: Selector) -> Matrix:
        if node not in self.known:
            self.known[node] = self._selector(node)
        return self.known[node]  # type: ignore[return-value]

    def _sop(self, node: Sop) -> Row:
        match node:
            case Input(name="indices"):
                return list(range(self.length))
            case Input():
                return self.tokens
            case Const(value=value):
                return [value] * self.length
            case Map(op=op, args=args):
                return [atoms.apply(op, *row) for row in zip(*map(self.sop, args), strict=True)]
            case Lookup(index=index):
                return [looked_up(node, atom) for atom in self.sop(index)]
            case SelectorWidth(selector=selector):
                return [sum(row) for row in self.selector(selector)]
            case Aggregate():
                return self._aggregate(node)
            case Carried(index=index):
                return self.carried[index]
            case Iterate():
                return self._iterate(node)
            case Param():
                raise AssertionError
            case _:
                assert_never(node)

    def _iterate(self, node: Iterate) -> Row:
        times = self.sop(node.loop.times)[-1]
        if not isinstance(times, int) or isinstance(times, bool) or times < 0:
            raise EvaluationError("no number of steps")
        carried = [self.sop(read) for read in node.loop.carried]
        for _ in range(times):
            step = _Brute(self.tokens, carried)
            carried[: len(node.loop.steps)] = [step.sop(state) for state in node.loop.steps]
        return carried[node.index]

    def _aggregate(self, node: Aggregate) -> Row:
        values = self.sop(node.value)
        result: Row = []
        for row in self.selector(node.selector):
            selected = [value for value, chosen in zip(values, row, strict=True) if chosen]
            if len(selected) > 1:
                result.append(_reduced(node, values, selected))
            else:
                result.append(selected[0] if selected else node.default)
        return result

    def _selector(self, node: Selector) -> Matrix:
        match node:
            case Compare(key=key, query=query, op=op):
                keys, queries = self.sop(key), self.sop(query)
                return [[bool(atoms.apply(Op(op), k, q)) for k in keys] for q in queries]
            case Predicate(key=key, query=query, body=body):
                roles = {part.role for part in topological(body) if isinstance(part, Param)}
                unread: Row = [0] * self.length
                keys = self.sop(key) if "key" in roles else unread
                queries = self.sop(query) if "query" in roles else unread
                _refuse_mixed_bodies(body, keys, queries)
                return [[bool(body_value(body, k, q)) for k in keys] for q in queries]
            case SelectorNot(operand=operand):
                return [[not cell for cell in row] for row in self.selector(operand)]
            case SelectorAnd(left=left, right=right):
                both = zip(self.selector(left), self.selector(right), strict=True)
                return [[a and b for a, b in zip(one, other, strict=True)] for one, other in both]
            case SelectorOr(left=left, right=right):
                both = zip(self.selector(left), self.selector(right), strict=True)
                return [[a or b for a, b in zip(one, other, strict=True)] for one, other in both]
            case _:
                assert_never(node)


def _reduced(node: Aggregate, values: Row, selected: Row) -> Atom:
    numbers = [value for value in selected if not isinstance(value, str)]
    if len(numbers) < len(selected):
        raise RaspTypeError("strings are not averaged")
    if node.reduction == "mean":
        if all(isinstance(value, bool) for value in values):
            raise RaspTypeError("bools are not averaged")
        return Fraction(sum(numbers, start=Fraction(0)), len(numbers))
    best = max(numbers) if node.reduction == "max" else min(numbers)
    return Fraction(best) if any(isinstance(v, Fraction) and v == best for v in numbers) else int(best)


def looked_up(node: Lookup, index: Atom) -> Atom:
    if node.keys is None:
        if not isinstance(index, int) or not -len(node.values) <= index < len(node.values):
            raise EvaluationError("no such item")
        return node.values[index]
    if index not in node.keys:
        raise EvaluationError("no such key")
    return node.values[node.keys.index(index)]


def body_value(body: Sop, key: Atom, query: Atom) -> Atom:
    match body:
        case Param(role=role):
            return key if role == "key" else query
        case Const(value=value):
            return value
        case Map(op=op, args=args):
            return atoms.apply(op, *(body_value(arg, key, query) for arg in args))
        case Lookup(index=index):
            return looked_up(body, body_value(index, key, query))
        case _:
            raise AssertionError


class MixedBodyError(Exception):
    """A part of a predicate's body is a string for some pairs and a number for others: not defined by the language."""


def _refuse_mixed_bodies(body: Sop, keys: Row, queries: Row) -> None:
    for part in topological(body):
        sorts: set[bool] = set()
        for key in keys:
            for query in queries:
                with contextlib.suppress(RaspError):
                    sorts.add(isinstance(body_value(cast(Sop, part), key, query), str))
        if len(sorts) > 1:
            raise MixedBodyError


def _one_sort(row: Row) -> Row:
    if len({isinstance(atom, str) for atom in row}) > 1:
        raise RaspTypeError("values of different types")
    return row
