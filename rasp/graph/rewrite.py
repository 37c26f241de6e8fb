"""The simplifications of one node whose inputs are simplified already. Each keeps value, kind and errors as they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rasp import atoms
from rasp.errors import RaspError
from rasp.graph.loops import merged
from rasp.graph.nodes import (
    Aggregate,
    Compare,
    Comparison,
    Const,
    Input,
    Iterate,
    Loop,
    Map,
    Node,
    Op,
    Predicate,
    Selector,
    SelectorAnd,
    SelectorNot,
    SelectorOr,
    SelectorWidth,
    Sop,
)
from rasp.graph.predicates import simplified

Make = Callable[[Node], Node]
"""Interns a new node."""

_NEGATED = {
    Comparison.EQ: Comparison.NE,
    Comparison.NE: Comparison.EQ,
    Comparison.LT: Comparison.GE,
    Comparison.GE: Comparison.LT,
    Comparison.LE: Comparison.GT,
    Comparison.GT: Comparison.LE,
}


def rewrite(node: Node, make: Make) -> Node:
    """The simplest known equal of a node."""
    match node:
        case Map(op=Op.ROUND, args=(argument,)):
            width = _counted_with_position_0(argument) or _selector_width(argument)
            return node if width is None else make(SelectorWidth(width))
        case Map(op=op, args=args) if all(isinstance(arg, Const) for arg in args):
            return _folded(node, op, args, make)
        case SelectorNot(operand=SelectorNot(operand=inner)):
            return inner
        case SelectorNot(operand=Compare(op=op) as compare):
            return make(replace(compare, op=_NEGATED[op]))
        case Iterate(loop=Loop(carried=carried, times=Const(value=0)), index=index):
            return carried[index]
        case Iterate():
            return merged(node, make)
        case Predicate():
            return simplified(node, lambda new: rewrite(make(new), make))
        case _:
            return node


def _folded(node: Map, op: Op, args: tuple[Sop, ...], make: Make) -> Node:
    try:
        return make(Const(atoms.apply(op, *(arg.value for arg in args if isinstance(arg, Const)))))
    except RaspError:
        return node  # the error belongs to the evaluation of an input


def is_position_0(node: Node) -> bool:
    """Whether an s-op is ``indices == 0``."""
    match node:
        case Map(op=Op.EQ, args=(Input(name="indices"), Const(value=0)) | (Const(value=0), Input(name="indices"))):
            return True
        case _:
            return False


def selects_position_0(node: Selector) -> bool:
    """Whether a selector is ``select(indices, 0, ==)``."""
    match node:
        case Compare(key=Input(name="indices"), query=Const(value=0), op=Comparison.EQ):
            return True
        case _:
            return False


def is_full(node: Selector) -> bool:
    """Whether a selector compares two constants and selects everything."""
    match node:
        case Compare(key=Const(value=key), query=Const(value=query), op=op):
            try:
                return bool(atoms.apply(Op(op), key, query))
            except RaspError:
                return False
        case _:
            return False


def _inverse_width(node: Node) -> Selector | None:
    """The selector S of ``1 / aggregate(S, indicator(indices == 0))``, whose value is 1 / (1/width) if S has position 0."""
    match node:
        case Map(
            op=Op.DIV,
            args=(
                Const(value=1),
                Aggregate(selector=selector, value=Map(op=Op.INDICATOR, args=(position,)), reduction="mean"),
            ),
        ) if is_position_0(position):
            return selector
        case _:
            return None


def _counted_with_position_0(node: Node) -> Selector | None:
    """The selector S of ``1/aggregate(S, indicator(indices == 0))`` where S always selects position 0."""
    selector = _inverse_width(node)
    match selector:
        case SelectorOr(left=left, right=right) if selects_position_0(left) or selects_position_0(right):
            return selector
        case Compare() if is_full(selector):
            return selector
        case _:
            return None


def _selector_width(node: Node) -> Selector | None:
    """The selector S of ``1/w - 1 + b``: w counts (S or position 0), b is 1 where S selects position 0.

    Weiss et al. 2021, appendix on selector_width without a beginning-of-sequence token.
    """
    match node:
        case Map(
            op=Op.ADD,
            args=(
                Map(op=Op.SUB, args=(inverse, Const(value=1))),
                Aggregate(
                    selector=SelectorAnd(left=left, right=right),
                    value=Const(value=1),
                    default=0,
                    reduction="mean",
                ),
            ),
        ):
            match _inverse_width(inverse):
                case SelectorOr(left=one, right=other) if {one, other} == {left, right}:
                    return _the_other(left, right)
    return None


def _the_other(left: Selector, right: Selector) -> Selector | None:
    if selects_position_0(right):
        return left
    return right if selects_position_0(left) else None
