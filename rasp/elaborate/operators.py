"""Operators on values of every kind. On s-ops and selectors an operator makes a node; on atoms it computes.

Source: the RASP reference implementation's behaviour; equality of s-ops inside lists and the truth of functions, which it
decides by object identity, are errors here.
"""

from __future__ import annotations

from fractions import Fraction

from rasp import atoms, limits
from rasp.elaborate.kinds import Value, a_kind, describe, expect_data, kind, operand, sop, truth
from rasp.elaborate.run import Run
from rasp.errors import RaspError, RaspLimitError, RaspTypeError, Span
from rasp.graph.nodes import Aggregate, Atom, Compare, Comparison, Const, Map, Op, SelectorAnd, SelectorNot, SelectorOr
from rasp.values import Selector, SOp

_EVERYWHERE = Compare(Const(1), Const(1), Comparison.EQ)
"""The one selector, and so the one attention head of its layer, that every ``atom in s-op`` reads."""

_LONGEST_QUICK = 40

_UNARY = {"-": Op.NEG, "+": Op.POS, "round": Op.ROUND, "not": Op.NOT}


def unary(op: str, value: Value, span: Span) -> Value:
    """``not``, ``-``, ``+`` or ``round`` of a value."""
    match value:
        case SOp(node=node):
            return sop(Map(_UNARY[op], (node,), span=span), f"( {op} {value.label} )")
        case Selector(node=node) if op == "not":
            return Selector(SelectorNot(node, span=span))
        case Selector():
            raise RaspTypeError(f"Cannot apply {op} to selector(s)", span)
        case _ if op == "not":
            return not truth(value, span)
        case bool() | int() | Fraction():
            return apply(_UNARY[op], (value,), span)
        case _:
            raise RaspTypeError(f"cannot apply '{op}' to {a_kind(value)}", span)


def indicator(value: Value, span: Span) -> Value:
    """1 where an s-op is truthy, else 0."""
    if not isinstance(value, SOp):
        hint = None if not isinstance(value, Atom) else "for an atom write: 1 if … else 0"
        raise RaspTypeError(f"indicator operator expects s-op, got: {describe(value)}", span, hint=hint)
    return sop(Map(Op.INDICATOR, (value.node,), span=span), f"I({value.label})")


def binary(op: Op, left: Value, right: Value, span: Span, run: Run) -> Value:
    """Any binary operator but ``in``."""
    match left, right:
        case (Selector(), _) | (_, Selector()):
            return _of_selectors(op, left, right, span)
        case (SOp(), _) | (_, SOp()):
            return _elementwise(op, left, right, span)
        case _:
            _charge_reading(op, left, span, run)
            _charge_reading(op, right, span, run)
            result = _of_data(op, left, right, span)
            run.charge_value(result, span)
            return result


def apply(op: Op, args: tuple[Atom, ...], span: Span) -> Atom:
    """An operator on atoms; a fault gets this place."""
    try:
        return atoms.apply(op, *args)
    except RaspError as error:
        raise error.located(span) from None


def _charge_reading(op: Op, value: Value, span: Span, run: Run) -> None:
    """Count the reading of an operand: a comparison reads collections whole, other operators only build from them."""
    if op is Op.EQ or not isinstance(value, list | dict):
        run.charge_value(value, span)


def _of_selectors(op: Op, left: Value, right: Value, span: Span) -> Selector:
    match op, left, right:
        case Op.AND, Selector(), Selector():
            return Selector(SelectorAnd(left.node, right.node, span=span))
        case Op.OR, Selector(), Selector():
            return Selector(SelectorOr(left.node, right.node, span=span))
        case ((Op.AND | Op.OR), _, _):
            hint = "a selector that selects everything is full_s, one that selects nothing is: not full_s"
            raise RaspTypeError("Cannot apply and/or between selector and non-selector", span, hint=hint)
        case _:
            hint = "aggregate turns a selector and an s-op into an s-op"
            raise RaspTypeError(f"Cannot apply {op} to selector(s)", span, hint=hint)


def _elementwise(op: Op, left: Value, right: Value, span: Span) -> SOp:
    label = f"( {_quick(left)} {'pow' if op is Op.POW else op} {_quick(right)}{'' if op in (Op.AND, Op.OR) else ' '})"
    first, second = operand(left, span), operand(right, span)
    if op in (Op.AND, Op.OR):
        first = first or Const(truth(left, span), span=span)
        second = second or Const(truth(right, span), span=span)
    if first is not None and second is not None:
        return sop(Map(op, (first, second), span=span), label)
    known = first or second
    other = right if second is None else left
    if op is Op.EQ and known is not None and isinstance(other, list | dict):
        # A collection is one opaque constant, equal to no atom. The s-op is still read, so that its errors remain.
        return sop(Map(Op.NE, (known, known), span=span), label)
    hint = "to look an atom up in a list, write: x in [ … ]" if isinstance(other, list) else None
    raise RaspTypeError(f"cannot apply '{op}' to {kind(left)} and {kind(right)}", span, hint=hint)


def _quick(value: Value) -> str:
    """An operand in an automatic name: strings stand without quotes."""
    return value[:_LONGEST_QUICK] if isinstance(value, str) else describe(value)


def _of_data(op: Op, left: Value, right: Value, span: Span) -> Value:
    match op, left, right:
        case ((Op.AND | Op.OR), _, _):
            truth(right, span)
            return right if truth(left, span) == (op is Op.AND) else left
        case Op.EQ, _, _:
            expect_data(left, span)
            expect_data(right, span)
            return left == right
        case Op.ADD, list(), list():
            _check_length(len(left) + len(right), span)
            return [*left, *right]
        case Op.MUL, list(), int():
            return _repeated(left, right, span)
        case Op.MUL, int(), list():
            return _repeated(right, left, span)
        case _, (bool() | int() | Fraction() | str()), (bool() | int() | Fraction() | str()):
            return apply(op, (left, right), span)
        case _:
            raise RaspTypeError(f"cannot apply '{op}' to {kind(left)} and {kind(right)}", span)


def _repeated(items: list[Value], times: int, span: Span) -> list[Value]:
    _check_length(len(items) * times, span)
    return list(items) * times if items and times > 0 else []


def _check_length(length: int, span: Span) -> None:
    if length > limits.COLLECTION_ITEMS:
        raise RaspLimitError(f"a list of more than {limits.COLLECTION_ITEMS:,} values", span)


def choose(condition: SOp, then: Value, otherwise: Value, span: Span) -> SOp:
    """``then if condition else otherwise`` at every position."""
    first, second = operand(then, span), operand(otherwise, span)
    if first is None or second is None:
        wrong = then if first is None else otherwise
        message = f"a conditional on an s-op chooses between s-ops or atoms, not {a_kind(wrong)}"
        raise RaspTypeError(message, span, hint="only an atom as condition can choose between other values")
    label = f"{_quick(then)} if {condition.label} else {_quick(otherwise)}"
    return sop(Map(Op.IF, (condition.node, first, second), span=span), label)


def contains(item: Value, container: Value, container_name: str, span: Span, run: Run) -> Value:
    """``item in container``."""
    match item, container:
        case SOp(), list():
            return _member(item, container, container_name, span, run)
        case SOp(), _:
            raise RaspTypeError(f"'s-op in x' expects a list of atoms, but got {a_kind(container)}", span)
        case ((list() | dict() | Selector()), _):
            raise RaspTypeError(f"'x in list' expects x to be an s-op or an atom, but got {a_kind(item)}", span)
        case _, list() if isinstance(item, Atom):
            expect_data(container, span)
            return item in container
        case ((bool() | int() | Fraction() | str()), SOp()):
            return _occurs(item, container, span)
        case _:
            raise RaspTypeError(f"'x in y' expects y to be a list or an s-op, but got {a_kind(container)}", span)


def _member(item: SOp, container: list[Value], container_name: str, span: Span, run: Run) -> SOp:
    run.charge(len(container), span)
    members = [operand(member, span) for member in container]
    constants = tuple(member for member in members if isinstance(member, Const))
    if len(constants) != len(members):
        raise RaspTypeError(f"'s-op in x' expects a list of atoms, but got {describe(container)}", span)
    return sop(Map(Op.IN, (item.node, *constants), span=span), f"{item.label} in {container_name}")


def _occurs(item: Atom, container: SOp, span: Span) -> SOp:
    """Whether an atom occurs anywhere: one attention head over all positions."""
    equal = Map(Op.EQ, (container.node, Const(item, span=span)), span=span)
    share = Aggregate(_EVERYWHERE, Map(Op.INDICATOR, (equal,), span=span), span=span)
    return sop(Map(Op.GT, (share, Const(0, span=span)), span=span), "( s-op > 0 )")
