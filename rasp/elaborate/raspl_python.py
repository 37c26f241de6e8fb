"""What Python itself gives to RASP-L programs: a few functions on single numbers; everything else is named and refused."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from rasp.elaborate import raspl_functions as functions
from rasp.elaborate.raspl_functions import Bound, RaspLFunction, Slot
from rasp.elaborate.raspl_operators import apply_constant, binary, chosen
from rasp.elaborate.raspl_values import Element, Frame, Host, Kind, Sequence, Value, as_int, describe
from rasp.errors import RaspTypeError, Span
from rasp.graph.nodes import Map, Op, Sop

_REFUSED = "print len range enumerate zip sum any all sorted reversed list tuple dict set str float map filter input open"
_OnElement = Callable[[Sop, Kind, Span], Element]


def _absolute(node: Sop, kind: Kind, span: Span) -> Element:
    if kind == "bool":  # NumPy's stay bools
        return Element(node, kind)
    return Element(Map(Op.ABS, (node,), span=span), "float" if kind == "float" else "int")


def _int(node: Sop, kind: Kind, span: Span) -> Element:
    return Element(as_int(node, kind, span), "int")


def _rounded(node: Sop, kind: Kind, span: Span) -> Element:
    return Element(Map(Op.ROUND, (node,), span=span), "int")


def _bool(node: Sop, kind: Kind, span: Span) -> Element:
    return Element(Map(Op.NOT, (Map(Op.NOT, (node,), span=span),), span=span), "truth")


def _on_one(name: str, op: Op, on_element: _OnElement) -> RaspLFunction:
    def body(bound: Bound, frame: Frame, span: Span) -> Value:
        place = frame.at(span)
        match _number(name, bound["x"], place):
            case Element(choice=(condition, then, otherwise)) if name == "abs":
                return chosen(condition, body({"x": then}, frame, span), body({"x": otherwise}, frame, span), place)
            case Element(node=node, kind=kind):
                return on_element(node, kind, place)
            case bool() | int() | Fraction() as number:
                return bool(number) if name == "bool" else apply_constant(op, place, number)

    return functions.function(name, (Slot("x"),), body)


def _extreme(name: str, op: str) -> RaspLFunction:
    def body(bound: Bound, frame: Frame, span: Span) -> Value:
        place = frame.at(span)
        items = bound["values"] if isinstance(bound["values"], tuple) else ()
        numbers = [_number(name, item, place) for item in items]
        if len(numbers) < 2:
            hint = "along a sequence look with minimum(x) and maximum(x)"
            raise RaspTypeError(f"'{name}' takes two numbers or more", place, hint=hint)
        best: Value = numbers[0]
        for number in numbers[1:]:
            best = _better(op, best, number, frame, span)
        return best

    return functions.function(name, (Slot("values", stars=1),), body)


def _better(op: str, best: Value, item: Value, frame: Frame, span: Span) -> Value:
    """Python's rule: a later value wins only if it is strictly better."""
    place = frame.at(span)
    wins = binary(op, item, best, frame, span)
    if not isinstance(wins, Element):
        return item if wins else best
    return chosen(wins.node, item, best, place)


def _number(name: str, value: Value, span: Span) -> Element | bool | int | Fraction:
    match value:
        case Element() | bool() | int() | Fraction():
            return value
        case Sequence():
            hint = "call it inside tok_map or seq_map; along a sequence look with minimum(x) and maximum(x)"
            raise RaspTypeError(f"'{name}' works on single numbers, not on a sequence", span, hint=hint)
        case _:
            raise RaspTypeError(f"'{name}' works on numbers, not on {describe(value)}", span)


FUNCTIONS = (
    _on_one("abs", Op.ABS, _absolute),
    _on_one("int", Op.TRUNC, _int),
    _on_one("round", Op.ROUND, _rounded),
    _on_one("bool", Op.NOT, _bool),
    _extreme("min", "<"),
    _extreme("max", ">"),
)
"""The functions that maps and predicates may call."""

HOSTS = tuple(Host(name) for name in _REFUSED.split())
"""Names of Python's that get an error of their own."""
