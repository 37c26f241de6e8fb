"""Predicates taken apart: a body over key and query becomes comparisons joined by and, or and not, as far as it allows.

Comparisons are what the interpreter sorts by and what the compiler has exact attention heads for. What can't be separated into
a side of keys and a side of queries (``k * q > 3``) stays a predicate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TypeAlias, cast

from rasp.graph.nodes import (
    Aggregate,
    Compare,
    Comparison,
    Const,
    Input,
    Lookup,
    Map,
    Node,
    Op,
    Param,
    Predicate,
    Selector,
    SelectorAnd,
    SelectorNot,
    SelectorOr,
    Sop,
    topological,
)

Build: TypeAlias = Callable[[Node], Node]
"""Interns and simplifies a new node."""

LARGEST_BODY = 200
"""Largest body, in nodes, that is taken apart."""

_COMPARISONS = {Op.EQ, Op.NE, Op.LT, Op.LE, Op.GT, Op.GE}
_BOOLEAN = _COMPARISONS | {Op.AND, Op.OR, Op.NOT, Op.IN}
_FLIPPED = {
    Comparison.EQ: Comparison.EQ,
    Comparison.NE: Comparison.NE,
    Comparison.LT: Comparison.GT,
    Comparison.LE: Comparison.GE,
    Comparison.GT: Comparison.LT,
    Comparison.GE: Comparison.LE,
}


def simplified(predicate: Predicate, build: Build) -> Selector:
    """The simplest known equal of a predicate whose key, query and body are simplified."""
    parts = topological(predicate.body)
    if len(parts) > LARGEST_BODY:
        return predicate
    reads: dict[Node, frozenset[str]] = {}
    for part in parts:
        match part:
            case Param(role=role):
                reads[part] = frozenset({role})
            case Map(args=args):
                reads[part] = frozenset().union(*(reads[arg] for arg in args))
            case Lookup(index=index):
                reads[part] = reads[index]
            case _:
                reads[part] = frozenset()
    return _Body(predicate, build, reads).selector(predicate.body)


@dataclass(frozen=True, eq=False)
class _Body:
    """A predicate that is being taken apart.

    Attributes:
        reads: for each part of the body, which of key and query it reads.
        selectors: the selectors of parts that are done.
    """

    predicate: Predicate
    build: Build
    reads: dict[Node, frozenset[str]]
    selectors: dict[Node, Selector] = field(default_factory=dict)

    def selector(self, body: Sop) -> Selector:
        """Selects where a part of the body is true."""
        if body not in self.selectors:
            self.selectors[body] = self._compared(body) or self._one_sided(body) or self._joined(body) or self._as_it_is(body)
        return self.selectors[body]

    def _compared(self, body: Sop) -> Selector | None:
        match body:
            case Map(op=op, args=(left, right)) if op in _COMPARISONS:
                return self._comparison(left, right, Comparison(op))
            case _:
                return None

    def _comparison(self, left: Sop, right: Sop, op: Comparison) -> Selector | None:
        match _sides(self.reads[left]), _sides(self.reads[right]):
            case ("key", "query" | "none") | ("none", "query"):
                return self._compare(self._filled(left), self._filled(right), op)
            case ("query", "key" | "none") | ("none", "key"):
                return self._compare(self._filled(right), self._filled(left), _FLIPPED[op])
            case ("both", _) | (_, "both"):
                return self._solved(left, right, op)
            case _:
                return None

    def _solved(self, left: Sop, right: Sop, op: Comparison) -> Selector | None:
        """``key terms + query terms OP 0`` solved for the key: ``k + q > 4`` is ``k > 4 - q``."""
        sums = _Sums()
        separable = self._collect(left, 1, sums) and self._collect(right, -1, sums)
        if not separable or not sums.key or not _all_numbers(self.predicate):
            return None
        if all(sign < 0 for sign, _ in sums.key):
            sums, op = sums.negated(), _FLIPPED[op]
        key = self._sum(sums.key, 0)
        query = self._sum(_negated(sums.query), -sums.constant)
        return self._compare(key, query, op)

    def _collect(self, term: Sop, sign: int, sums: _Sums) -> bool:
        """Add the terms of a sum to ``sums``; False if one of them reads both key and query, or if there are too many."""
        if len(sums.key) + len(sums.query) > LARGEST_BODY:
            return False
        match _sides(self.reads[term]), term:
            case "none", Const(value=bool() | int() | Fraction() as number):
                sums.constant += sign * number
                return True
            case (("key" | "none"), _):
                sums.key.append((sign, term))
                return True
            case "query", _:
                sums.query.append((sign, term))
                return True
            case _, Map(op=Op.ADD, args=(left, right)):
                return self._collect(left, sign, sums) and self._collect(right, sign, sums)
            case _, Map(op=Op.SUB, args=(left, right)):
                return self._collect(left, sign, sums) and self._collect(right, -sign, sums)
            case _, Map(op=Op.NEG | Op.POS as op, args=(inner,)):
                return self._collect(inner, -sign if op == Op.NEG else sign, sums)
            case _:
                return False

    def _sum(self, terms: list[tuple[int, Sop]], constant: int | Fraction) -> Sop:
        added = [self._filled(term) for sign, term in terms if sign > 0]
        subtracted = [self._filled(term) for sign, term in terms if sign < 0]
        if constant > 0 or not (added or subtracted):
            added.append(self._make(Const(constant)))
        elif constant < 0:
            subtracted.append(self._make(Const(-constant)))
        total = added[0] if added else self._make(Map(Op.NEG, (subtracted.pop(0),)))
        for term in added[1:]:
            total = self._make(Map(Op.ADD, (total, term)))
        for term in subtracted:
            total = self._make(Map(Op.SUB, (total, term)))
        return total

    def _one_sided(self, body: Sop) -> Selector | None:
        """A body that reads the key only, the query only, or neither, is one sequence of truths."""
        sides = _sides(self.reads[body])
        if sides == "both":
            return None
        truths, of, op = self._truths(self._filled(body))
        return self._compare(of, truths, op) if sides == "query" else self._compare(truths, of, op)

    def _truths(self, sop: Sop) -> tuple[Sop, Sop, Comparison]:
        """A sequence, a constant, and how they compare where the sequence is true."""
        match sop:
            case Map(op=op) if op in _BOOLEAN:
                return sop, self._make(Const(True)), Comparison.EQ
            case Const(value=value):
                return self._make(Const(bool(value))), self._make(Const(True)), Comparison.EQ
            case _ if _all_numbers(self.predicate):
                return sop, self._make(Const(0)), Comparison.NE
            case _:
                twice = self._make(Map(Op.NOT, (self._make(Map(Op.NOT, (sop,))),)))
                return twice, self._make(Const(True)), Comparison.EQ

    def _joined(self, body: Sop) -> Selector | None:
        match body:
            case Map(op=Op.NOT, args=(inner,)):
                return self._not(self.selector(inner))
            case Map(op=Op.INDICATOR, args=(inner,)):
                return self.selector(inner)
            case Map(op=Op.AND, args=(left, right)):
                return self._and(self.selector(left), self.selector(right))
            case Map(op=Op.OR, args=(left, right)):
                return self._or(self.selector(left), self.selector(right))
            case Map(op=Op.IF, args=(condition, then, otherwise)) if otherwise is condition:
                return self._and(self.selector(condition), self.selector(then))
            case Map(op=Op.IF, args=(condition, then, otherwise)) if then is condition:
                return self._or(self.selector(condition), self.selector(otherwise))
            case Map(op=Op.IF, args=(condition, then, otherwise)):
                holds = self.selector(condition)
                chosen = self._and(holds, self.selector(then))
                return self._or(chosen, self._and(self._not(holds), self.selector(otherwise)))
            case _:
                return None

    def _as_it_is(self, body: Sop) -> Selector:
        return self.predicate if body is self.predicate.body else self._select(replace(self.predicate, body=body))

    def _filled(self, body: Sop) -> Sop:
        """A part of the body with the key and the query in place of the parameters."""
        forms: dict[Node, Sop] = {}
        for part in topological(body):
            match part:
                case Param(role="key"):
                    forms[part] = self.predicate.key
                case Param():
                    forms[part] = self.predicate.query
                case Map(args=args):
                    forms[part] = self._make(replace(part, args=tuple(forms[arg] for arg in args)))
                case Lookup(index=index):
                    forms[part] = self._make(replace(part, index=forms[index]))
                case _:
                    forms[part] = cast(Sop, part)
        return forms[body]

    def _make(self, sop: Sop) -> Sop:
        return cast(Sop, self.build(sop))

    def _select(self, selector: Selector) -> Selector:
        return cast(Selector, self.build(selector))

    def _compare(self, key: Sop, query: Sop, op: Comparison) -> Selector:
        return self._select(Compare(key, query, op))

    def _and(self, left: Selector, right: Selector) -> Selector:
        return self._select(SelectorAnd(left, right))

    def _or(self, left: Selector, right: Selector) -> Selector:
        return self._select(SelectorOr(left, right))

    def _not(self, operand: Selector) -> Selector:
        return self._select(SelectorNot(operand))


@dataclass(eq=False)
class _Sums:
    """The terms of a linear inequality, each with its sign."""

    key: list[tuple[int, Sop]] = field(default_factory=list)
    query: list[tuple[int, Sop]] = field(default_factory=list)
    constant: int | Fraction = 0

    def negated(self) -> _Sums:
        return _Sums(_negated(self.key), _negated(self.query), -self.constant)


def _negated(terms: list[tuple[int, Sop]]) -> list[tuple[int, Sop]]:
    return [(-sign, term) for sign, term in terms]


def _sides(reads: frozenset[str]) -> str:
    return "both" if len(reads) == 2 else next(iter(reads), "none")


def _all_numbers(predicate: Predicate) -> bool:
    """Whether no string can reach the body: terms of a sum may change sides only then, and truth is being other than 0."""
    return all(_holds_number(node) for node in topological(predicate.key, predicate.query, predicate.body))


def _holds_number(node: Node) -> bool:
    match node:
        case Input(name=name):
            return name not in ("tokens_asis", "tokens_str")
        case Const(value=str()) | Aggregate(default=str()):
            return False
        case Lookup(values=values):
            return not any(isinstance(value, str) for value in values)
        case _:
            return True
