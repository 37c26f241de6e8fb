"""Hypothesis strategies for random graphs and inputs."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from hypothesis import strategies as st

from rasp.graph import Atom, Selector, Sop
from rasp.graph.nodes import (
    Aggregate,
    Compare,
    Comparison,
    Const,
    Input,
    Lookup,
    Map,
    Op,
    Param,
    Predicate,
    SelectorAnd,
    SelectorNot,
    SelectorOr,
    SelectorWidth,
)

ONE = [Op.NOT, Op.NEG, Op.POS, Op.ABS, Op.INVERT, Op.ROUND, Op.TRUNC, Op.INDICATOR]
TWO = [
    Op.ADD, Op.SUB, Op.MUL, Op.DIV, Op.FLOORDIV, Op.MOD, Op.POW, Op.EQ, Op.NE, Op.LT, Op.LE, Op.GT, Op.GE,
    Op.AND, Op.OR, Op.BITAND, Op.BITOR, Op.BITXOR,
]  # fmt: skip
SAFE = [Op.ADD, Op.SUB, Op.MUL, Op.EQ, Op.NE, Op.LT, Op.LE, Op.GT, Op.GE, Op.AND, Op.OR]

small_ints = st.integers(-4, 9)
huge_ints = st.sampled_from([2**31, 2**53 + 1, 2**61, 2**62 - 1, 2**62, -(2**62), 2**63, -(2**63), 2**64 + 1, 3**60, -(5**90)])
fractions = st.builds(Fraction, st.integers(-6, 6), st.integers(1, 5))
wide_fractions = st.builds(Fraction, huge_ints, st.sampled_from([1, 3, 7, 2**31 - 1, 2**31 + 11, 2**62 + 1, 10**25]))
numbers: st.SearchStrategy[Atom] = st.one_of(small_ints, st.booleans(), fractions, huge_ints, wide_fractions)
texts = st.sampled_from(["", "a", "b", "ab", "ba", "B", "é", "😀"])
any_atoms: st.SearchStrategy[Atom] = st.one_of(small_ints, st.booleans(), fractions, texts)


def inputs(longest: int = 9) -> st.SearchStrategy[list[Atom]]:
    """Lists of atoms of one sort."""
    mixed = st.one_of(small_ints, st.booleans(), fractions)
    elements: list[st.SearchStrategy[Atom]] = [small_ints, st.booleans(), mixed, numbers, texts]
    return st.sampled_from(elements).flatmap(lambda element: st.lists(element, min_size=1, max_size=longest))


def constants() -> st.SearchStrategy[Sop]:
    return st.builds(Const, any_atoms)


def bases() -> st.SearchStrategy[Sop]:
    return st.one_of(st.just(Input("indices")), st.just(Input("tokens_asis")), constants())


def comparisons(ops: st.SearchStrategy[Sop]) -> st.SearchStrategy[Selector]:
    return st.builds(Compare, ops, ops, st.sampled_from(list(Comparison)))


def _maps(args: st.SearchStrategy[Sop]) -> st.SearchStrategy[Sop]:
    lookup = st.lists(any_atoms, min_size=1, max_size=4).flatmap(
        lambda values: st.builds(
            Lookup,
            st.one_of(st.none(), st.lists(any_atoms, min_size=len(values), max_size=len(values), unique=True).map(tuple)),
            st.just(tuple(values)),
            args,
        )
    )
    return st.one_of(
        st.builds(lambda op, a: Map(op, (a,)), st.sampled_from(ONE), args),
        st.builds(lambda op, a, b: Map(op, (a, b)), st.sampled_from(TWO), args, args),
        st.builds(lambda a, b, c: Map(Op.IF, (a, b, c)), args, args, args),
        st.builds(lambda a, more: Map(Op.IN, (a, *map(Const, more))), args, st.lists(any_atoms, max_size=3)),
        lookup,
    )


def bodies() -> st.SearchStrategy[Sop]:
    """Bodies of predicates."""
    key_or_query = st.sampled_from(["key", "query"])
    leaves = st.one_of(st.builds(Param, key_or_query), st.builds(Param, key_or_query), constants())
    return st.recursive(leaves, _maps, max_leaves=5)


def selectors(ops: st.SearchStrategy[Sop]) -> st.SearchStrategy[Selector]:
    """Comparisons, predicates, and combinations of them."""
    leaves = st.one_of(comparisons(ops), comparisons(ops), st.builds(Predicate, ops, ops, bodies()))
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(SelectorNot, inner), st.builds(SelectorAnd, inner, inner), st.builds(SelectorOr, inner, inner)
        ),
        max_leaves=4,
    )


def reductions() -> st.SearchStrategy[Literal["mean", "min", "max"]]:
    choices: list[Literal["mean", "min", "max"]] = ["mean", "min", "max"]
    return st.sampled_from(choices)


@st.composite
def sops(draw: st.DrawFn) -> Sop:
    """Graphs of every kind of node, whose nodes share what they read."""
    known: list[Sop] = [Input("indices"), Input("tokens_asis"), draw(constants())]
    chosen: list[Selector] = [draw(comparisons(st.sampled_from(known)))]
    for _ in range(draw(st.integers(1, 6))):
        one = st.sampled_from(known)
        match draw(st.sampled_from(["map", "width", "aggregate", "aggregate", "compare", "predicate", "join", "join", "not"])):
            case "map":
                known.append(draw(_maps(one)))
            case "width":
                known.append(SelectorWidth(draw(st.sampled_from(chosen))))
            case "aggregate":
                known.append(draw(st.builds(Aggregate, st.sampled_from(chosen), one, any_atoms, reductions())))
            case "compare":
                chosen.append(draw(comparisons(one)))
            case "predicate":
                chosen.append(draw(st.builds(Predicate, one, one, bodies())))
            case "join":
                both = st.sampled_from(chosen)
                chosen.append(draw(st.sampled_from([SelectorAnd, SelectorOr]))(draw(both), draw(both)))
            case _:
                chosen.append(SelectorNot(draw(st.sampled_from(chosen))))
    last = chosen[-1]
    return draw(st.sampled_from([known[-1], SelectorWidth(last), Aggregate(last, known[-1], 0)]))
