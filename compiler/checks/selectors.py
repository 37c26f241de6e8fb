"""Where a selector is undefined, by the values of its keys and queries."""

from __future__ import annotations

import itertools
from fractions import Fraction

from compiler.analysis.elementwise import Function
from compiler.analysis.kinds import Kinds
from compiler.analysis.selectors import EQUAL, Relation
from compiler.checks.conditions import TEXT, Found, Row, one_by_one, unlike, where
from compiler.checks.operators import never_fails
from compiler.lowering.graph import Lowering
from rasp.errors import RaspError
from rasp.graph.nodes import Atom, Compare, Comparison, Const, Lookup, Map, Op, Param, Predicate, Sop, topological


def comparison_checks(lowering: Lowering, node: Compare) -> Found:
    """An order of a string and a number is undefined, whatever else the selector asks for."""
    sides = [lowering.values.kinds.of(side) for side in (node.key, node.query)]
    if node.op in (Comparison.EQ, Comparison.NE) or never_fails(Op.LT, sides):
        return
    sorts = [[{str: "a string"}.get(kind, "a number") for kind in sorted(side, key=str)] for side in sides]
    problem = f"cannot order {' or '.join(dict.fromkeys(sorts[0]))} and {' or '.join(dict.fromkeys(sorts[1]))} with '{node.op}'"
    yield from unlike(lowering, node.key, node.query, problem)


def predicate_checks(lowering: Lowering, node: Predicate) -> Found:
    """A predicate is undefined if it is for any key and query that occur in the input, in either order."""
    kinds = [lowering.values.kinds.of(side) for side in (node.key, node.query)]
    if _is_total(node.body, frozenset().union(*kinds)):
        return
    relation = _Undefined(node.key, node.query, node.body)
    keys, queries = lowering.values.listed(node.key), lowering.values.listed(node.query)
    rows: list[Row] = list(itertools.product(keys, queries))
    bad = [row for row in rows if relation.holds(EQUAL, *row)]
    if _may_mix_inside(node.body, rows):
        raise lowering.values.refuse(node, "this predicate may be a string for some keys and a number for others")
    if not bad:
        return
    problem = f"{_problem_inside(relation, bad[0])}, in a selector"
    chosen = one_by_one(rows, bad)
    if chosen is not None:
        for side, values in zip((node.key, node.query), chosen, strict=True):
            yield from where(lowering, side, lambda v, values=values: (type(v), v) in values, problem)
        return
    yield lowering.heads.matches(relation, "undefined pairs"), 0, problem, None
    if lowering.target.causal:
        swapped = _Swapped(node.query, node.key, node.body)
        yield lowering.heads.matches(swapped, "undefined pairs"), 0, problem, None


class _Undefined(Relation):
    """Holds for a key and a query on which the body of a predicate is undefined."""

    def holds(self, outcomes: int, key: Atom, query: Atom) -> bool:
        try:
            super().holds(outcomes, key, query)
        except RaspError:
            return True
        return False


class _Swapped(_Undefined):
    """The same with the sides exchanged: a position looks back for queries to which it is a key."""

    def holds(self, outcomes: int, key: Atom, query: Atom) -> bool:
        return super().holds(outcomes, query, key)


def _is_total(body: Sop, kinds: Kinds) -> bool:
    """Whether a body is defined for all keys and queries of these kinds, which must be kinds of numbers."""
    if kinds & TEXT:
        return False
    return all(
        isinstance(part, Const | Param)
        or (isinstance(part, Map) and never_fails(part.op, [frozenset({bool, int, Fraction})] * len(part.args)))
        for part in topological(body)
    ) and not any(isinstance(part, Const) and isinstance(part.value, str) for part in topological(body))


def _may_mix_inside(body: Sop, rows: list[Row]) -> bool:
    """Whether a part of a body is a string for some pairs and a number for others, beyond what key and query are."""
    parts = [part for part in topological(body) if isinstance(part, Map | Lookup)]
    for part in parts:
        function = Function.of(part)
        sorts: dict[tuple[bool, bool], bool] = {}
        for key, query in rows:
            given: dict[Sop, Atom] = {p: key if p.role == "key" else query for p in function.order if isinstance(p, Param)}
            result = function.at(given)
            texts = isinstance(key, str), isinstance(query, str)
            if result is not None and sorts.setdefault(texts, isinstance(result, str)) != isinstance(result, str):
                return True
    return False


def _problem_inside(relation: Relation, pair: Row) -> str:
    try:
        Relation.holds(relation, EQUAL, *pair)
    except RaspError as error:
        return error.message
    raise AssertionError("the predicate is defined there")
