"""Random graphs for property tests: every kind of node, every operator, and atoms of every kind."""

from __future__ import annotations

from fractions import Fraction
from typing import get_args

from hypothesis import strategies as st

from rasp.graph.nodes import (
    Aggregate,
    Atom,
    Compare,
    Comparison,
    Const,
    Input,
    InputName,
    Lookup,
    Map,
    Node,
    Op,
    Param,
    Predicate,
    Reduction,
    Selector,
    SelectorAnd,
    SelectorNot,
    SelectorOr,
    SelectorWidth,
    Sop,
)

ONE_ARGUMENT = (Op.NOT, Op.NEG, Op.POS, Op.ABS, Op.INVERT, Op.ROUND, Op.TRUNC, Op.INDICATOR)
TWO_ARGUMENTS = tuple(op for op in Op if op not in (*ONE_ARGUMENT, Op.IF, Op.IN))

ATOMS: st.SearchStrategy[Atom] = st.one_of(
    st.booleans(),
    st.integers(-3, 3),
    st.integers(),
    st.sampled_from([10**1200, -(2**4000)]),
    st.fractions(max_denominator=9),
    st.builds(Fraction, st.integers(-2, 2)),
    st.text(st.characters(categories=["Cs"]) | st.characters(), max_size=4),
    st.sampled_from(['"', "\\", '\\"', "\n", "a\r\n", "\\u{a}", "\u2028", ", %1", "\ud83d\ude00"]),
)


@st.composite
def maps(draw: st.DrawFn, sops: list[Sop]) -> Map:
    """An operator over some of the s-ops."""
    op = draw(st.sampled_from(Op))
    some = st.sampled_from(sops)
    match op:
        case Op.IF:
            return Map(op, (draw(some), draw(some), draw(some)))
        case Op.IN:
            return Map(op, (draw(some), *map(Const, draw(st.lists(ATOMS, max_size=3)))))
        case _:
            return Map(op, (draw(some),) if op in ONE_ARGUMENT else (draw(some), draw(some)))


@st.composite
def lookups(draw: st.DrawFn, sops: list[Sop]) -> Lookup:
    """A list or a dictionary, looked up by one of the s-ops."""
    values = tuple(draw(st.lists(ATOMS, max_size=3)))
    keys = draw(st.none() | st.just(tuple(range(len(values)))))
    return Lookup(keys, values, draw(st.sampled_from(sops)))


@st.composite
def bodies(draw: st.DrawFn) -> Sop:
    """The body of a predicate."""
    sops: list[Sop] = [Param("key"), Param("query"), Const(draw(ATOMS))]
    for _ in range(draw(st.integers(0, 3))):
        sops.append(draw(maps(sops) | lookups(sops)))
    return sops[-1]


@st.composite
def selectors(draw: st.DrawFn, sops: list[Sop], known: list[Selector]) -> Selector:
    """A selector over some of the s-ops and of the known selectors."""
    some = st.sampled_from(sops)
    if not known or draw(st.booleans()):
        key, query = draw(some), draw(some)
        if draw(st.integers(0, 3)) == 0:
            return Predicate(key, query, draw(bodies()))
        return Compare(key, query, draw(st.sampled_from(Comparison)))
    old = st.sampled_from(known)
    return draw(st.builds(SelectorNot, old) | st.builds(SelectorAnd, old, old) | st.builds(SelectorOr, old, old))


@st.composite
def graphs(draw: st.DrawFn, *, largest: int = 12) -> Node:
    """An s-op or a selector of up to ``largest`` operations."""
    sops: list[Sop] = [*map(Input, get_args(InputName)), Const(draw(ATOMS))]
    known: list[Selector] = []
    for _ in range(draw(st.integers(0, largest))):
        match draw(st.integers(0, 5)):
            case 0:
                sops.append(Const(draw(ATOMS)))
            case 1:
                sops.append(draw(maps(sops) | lookups(sops)))
            case 2 if known:
                selector, value = draw(st.sampled_from(known)), draw(st.sampled_from(sops))
                sops.append(Aggregate(selector, value, draw(ATOMS), draw(st.sampled_from(get_args(Reduction)))))
            case 3 if known:
                sops.append(SelectorWidth(draw(st.sampled_from(known))))
            case _:
                known.append(draw(selectors(sops, known)))
    return draw(st.sampled_from([*sops[-3:], *known[-2:]]))
