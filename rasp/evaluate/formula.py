"""Selectors as formulas: what a selector says, free of its n×n matrix.

A variable is a relation between a key position and a query position with two or three possible outcomes; a literal is the
set of outcomes allowed, as bits. A cover is a disjunction of disjoint conjunctions of literals, so counts and sums over a
selector are sums over its terms.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, assert_never

import numpy as np
from numpy.typing import NDArray

from rasp.evaluate.column import Column, Mask
from rasp.evaluate.ranks import Ranks
from rasp.graph import Sop

LESS, EQUAL, GREATER = 1, 2, 4
FALSE, TRUE = 1, 2
MOST_TERMS = 64


@dataclass(frozen=True, eq=False)
class Pair:
    """Key rank against query rank; outcomes LESS (key < query), EQUAL, GREATER.

    Attributes:
        axis: names the sequence that the keys come from: two pairs of one axis order the keys alike.
        keys, queries: jointly ranked, all below ``size``; shape (n,).
    """

    axis: Hashable
    keys: Ranks
    queries: Ranks
    size: int
    all_outcomes: int = LESS | EQUAL | GREATER


@dataclass(frozen=True, eq=False)
class SideMask:
    """A condition on the key alone or on the query alone; outcomes FALSE, TRUE."""

    side: Literal["key", "query"]
    mask: Mask
    all_outcomes: int = FALSE | TRUE


@dataclass(frozen=True, eq=False)
class Table:
    """An arbitrary relation of key and query values; outcomes FALSE, TRUE.

    Attributes:
        truth: row c says which key values the queries of class c select; shape (classes, key values).
        key_ids: which key value each position has; shape (n,).
        query_classes: which class each position has as a query; shape (n,).
    """

    truth: NDArray[np.bool_]
    key_ids: NDArray[np.intp]
    query_classes: NDArray[np.intp]
    all_outcomes: int = FALSE | TRUE


@dataclass(frozen=True, eq=False)
class Opaque:
    """A relation with too many distinct pairs of values to tabulate; outcomes FALSE, TRUE.

    Attributes:
        keys: the distinct key values; ``key_ids`` says which one each position has.
        queries: the query values; shape (n,).
        body: an elementwise expression over the parameters key and query.
    """

    keys: Column
    key_ids: NDArray[np.intp]
    queries: Column
    body: Sop
    all_outcomes: int = FALSE | TRUE


Variable: TypeAlias = Pair | SideMask | Table | Opaque
Term: TypeAlias = Mapping[Variable, int]
Cover: TypeAlias = tuple[Term, ...]

Connective: TypeAlias = Literal["not", "and", "or"]


@dataclass(frozen=True, eq=False)
class Leaf:
    """The variable has one of the allowed outcomes."""

    variable: Variable
    allowed: int
    cover: Cover | None


@dataclass(frozen=True, eq=False)
class Compound:
    """A connective over one or two formulas.

    Attributes:
        cover: disjoint terms, or None where there would be more than ``MOST_TERMS``.
    """

    connective: Connective
    operands: tuple[Formula, ...]
    cover: Cover | None


Formula: TypeAlias = Leaf | Compound


def leaf(variable: Variable, allowed: int) -> Leaf:
    if isinstance(variable, Opaque):
        return Leaf(variable, allowed, None)
    if allowed == variable.all_outcomes:
        return Leaf(variable, allowed, ({},))
    return Leaf(variable, allowed, ({variable: allowed},) if allowed else ())


def mask_leaf(side: Literal["key", "query"], mask: Mask) -> Leaf:
    return leaf(SideMask(side, mask), TRUE)


def negation(operand: Formula) -> Formula:
    match operand:
        case Leaf(variable=variable, allowed=allowed):
            return leaf(variable, variable.all_outcomes ^ allowed)
        case Compound(cover=cover):
            return Compound("not", (operand,), None if cover is None else _complement(cover))


def combination(connective: Literal["and", "or"], left: Formula, right: Formula) -> Formula:
    """Both, or either. Conditions on one side alone become one mask."""
    mine, others = one_sided(left), one_sided(right)
    if mine is not None and others is not None and mine.side == others.side:
        both = mine.mask & others.mask if connective == "and" else mine.mask | others.mask
        return mask_leaf(mine.side, both)
    cover = None
    if left.cover is not None and right.cover is not None:
        cover = _product(left.cover, right.cover) if connective == "and" else _union(left.cover, right.cover)
    return Compound(connective, (left, right), cover)


def one_sided(formula: Formula) -> SideMask | None:
    """The formula as a condition on keys alone or on queries alone, if it is a literal of that kind."""
    if not isinstance(formula, Leaf):
        return None
    return literal_mask(formula.variable, formula.allowed)


def literal_mask(variable: Variable, allowed: int) -> SideMask | None:
    """The literal as a condition on one side, if its other side is the same everywhere."""
    match variable:
        case SideMask(side=side, mask=mask):
            return SideMask(side, select_outcomes(mask, allowed))
        case Pair(keys=keys, queries=queries):
            if uniform(queries):
                return SideMask("key", relation(keys, queries[:1], allowed))
            return SideMask("query", relation(keys[:1], queries, allowed)) if uniform(keys) else None
        case Table() | Opaque():
            return None
        case _:
            assert_never(variable)


def uniform(ranks: Ranks) -> bool:
    """Whether all ranks are the same (and there is one)."""
    return bool(len(ranks)) and int(ranks[0]) == int(ranks[-1]) and bool((ranks == ranks[0]).all())


def relation(keys: Ranks, queries: Ranks, allowed: int) -> Mask:
    """Where the outcome of a pair is allowed; the shapes broadcast."""
    match allowed:
        case 0:
            return np.zeros(np.broadcast_shapes(keys.shape, queries.shape), np.bool_)
        case 1:
            return keys < queries
        case 2:
            return keys == queries
        case 3:
            return keys <= queries
        case 4:
            return keys > queries
        case 5:
            return keys != queries
        case 6:
            return keys >= queries
        case _:
            return np.ones(np.broadcast_shapes(keys.shape, queries.shape), np.bool_)


def select_outcomes(holds: Mask, allowed: int) -> Mask:
    """Where a two-valued variable has an allowed outcome."""
    match allowed:
        case 0:
            return np.zeros_like(holds)
        case 1:
            return ~holds
        case 2:
            return holds
        case _:
            return np.ones_like(holds)


def _product(left: Cover, right: Cover) -> Cover | None:
    """Terms for both: disjoint if each side is."""
    met = (_met(one, other) for one in left for other in right)
    terms = [term for term in met if term is not None]
    return _merged(terms) if len(terms) <= 4 * MOST_TERMS else None


def _union(left: Cover, right: Cover) -> Cover | None:
    without_left = _complement(left)
    rest = None if without_left is None else _product(without_left, right)
    return None if rest is None else _merged([*left, *rest])


def _complement(cover: Cover) -> Cover | None:
    result: Cover | None = ({},)
    for term in cover:
        result = _product(result, _negated_term(term))
        if result is None:
            return None
    return result


def _negated_term(term: Term) -> Cover:
    """Fails at the first literal, or holds there and fails at the second, and so on."""
    held: dict[Variable, int] = {}
    terms: list[Term] = []
    for variable, allowed in term.items():
        terms.append({**held, variable: variable.all_outcomes ^ allowed})
        held[variable] = allowed
    return tuple(terms)


def _met(left: Term, right: Term) -> Term | None:
    """Both terms at once; None if they contradict."""
    both = dict(left)
    for variable, allowed in right.items():
        both[variable] = both.get(variable, variable.all_outcomes) & allowed
        if not both[variable]:
            return None
    return both


def _merged(terms: list[Term]) -> Cover | None:
    """Joins terms that differ in one literal only; None if too many are left."""
    done: list[Term] = []
    while terms:
        term = terms.pop(0)
        for other in terms:
            joined = _joined(term, other)
            if joined is not None:
                terms.remove(other)
                terms.insert(0, joined)
                break
        else:
            done.append(term)
        if len(done) > MOST_TERMS:
            return None
    return tuple(done)


def _joined(left: Term, right: Term) -> Term | None:
    """One term for two disjoint ones over the same variables that differ in one literal."""
    if left.keys() != right.keys():
        return None
    different = [variable for variable in left if left[variable] != right[variable]]
    if len(different) != 1:
        return None
    variable = different[0]
    allowed = left[variable] | right[variable]
    rest = {v: a for v, a in left.items() if v is not variable}
    return rest if allowed == variable.all_outcomes else {**rest, variable: allowed}
