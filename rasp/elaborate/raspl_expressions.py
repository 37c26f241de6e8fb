"""RASP-L expressions to values. Inside maps and predicates, Python's rules for single numbers hold."""

from __future__ import annotations

from rasp import limits
from rasp.elaborate import raspl_functions as functions
from rasp.elaborate.raspl_functions import Bound, RaspLFunction, Slot
from rasp.elaborate.raspl_operators import binary, chosen, truth, unary
from rasp.elaborate.raspl_values import Element, Frame, Host, Sequence, Value, describe, host_error, shown
from rasp.errors import RaspLimitError, RaspTypeError, RaspValueError, Span
from rasp.graph.nodes import Map, Op
from rasp.syntax import ast
from rasp.values import Selector

_KEYWORDS: dict[str, Value] = {"True": True, "False": False, "None": None}


def evaluate(expression: ast.Expr, frame: Frame) -> Value:
    """The value of an expression.

    Raises:
        RaspError: it is no RASP-L, or undefined; the error has its place.
    """
    frame.run.step(expression.span)
    match expression:
        case ast.Name():
            return _name(expression, frame)
        case ast.Constant(value=value):
            return value
        case ast.FormattedString(text=text):
            return text
        case ast.Unary(op="not", operand=inner):
            return _not(evaluate(inner, frame), frame.at(expression.span))
        case ast.Unary(op=op, operand=inner):
            return unary(op, evaluate(inner, frame), frame, expression.span)
        case ast.Binary(op="and" | "or"):
            return _and_or(expression, frame)
        case ast.Binary(op=op, left=left, right=right):
            return binary(op, evaluate(left, frame), evaluate(right, frame), frame, expression.span)
        case ast.Conditional():
            return _conditional(expression, frame)
        case ast.Lambda():
            return _lambda(expression, frame)
        case ast.Call():
            return _call(expression, frame)
        case ast.Attribute(subject=subject, name=name):
            return _attribute(evaluate(subject, frame), name, frame.at(expression.span))
        case ast.Index(subject=subject, index=index):
            return _index(evaluate(subject, frame), evaluate(index, frame), frame.at(expression.span))
        case ast.TupleDisplay(items=items) | ast.ListDisplay(items=items):
            return tuple([evaluate(item, frame) for item in items])
        case _:
            raise AssertionError(f"the grammar has no {type(expression).__name__}")


def _name(expression: ast.Name, frame: Frame) -> Value:
    if expression.name in _KEYWORDS:
        return _KEYWORDS[expression.name]
    value = frame.scope.lookup(expression.name, frame.at(expression.span))
    if isinstance(value, Sequence) and value in frame.run.changed:
        line = frame.run.changed[value].line
        message = f"'{expression.name}' is the sequence that an augmented assignment changed (line {line})"
        hint = "in Python every name of that sequence would have changed: write y = x + … where the old one is still read"
        raise RaspValueError(message, frame.at(expression.span), hint=hint)
    return value


def _not(value: Value, span: Span) -> Value:
    match value:
        case Element(node=node):
            return Element(Map(Op.NOT, (node,), span=span), "truth")
        case _:
            return not truth(value, span)


def _and_or(expression: ast.Binary, frame: Frame) -> Value:
    """Python's ``and`` and ``or``: one of the operands."""
    place = frame.at(expression.span)
    left = evaluate(expression.left, frame)
    is_and = expression.op == "and"
    if not isinstance(left, Element):
        return evaluate(expression.right, frame) if truth(left, place) == is_and else left
    condition = left.node if is_and else Map(Op.NOT, (left.node,), span=place)
    right = evaluate(expression.right, frame.where(condition, expression.span))
    return chosen(left.node, right, left, place) if is_and else chosen(left.node, left, right, place)


def _conditional(expression: ast.Conditional, frame: Frame) -> Value:
    condition = evaluate(expression.condition, frame)
    place = frame.at(expression.span)
    if not isinstance(condition, Element):
        return evaluate(expression.then if truth(condition, place) else expression.otherwise, frame)
    then = evaluate(expression.then, frame.where(condition.node, expression.span))
    negated = Map(Op.NOT, (condition.node,), span=place)
    return chosen(condition.node, then, evaluate(expression.otherwise, frame.where(negated, expression.span)), place)


def _lambda(expression: ast.Lambda, frame: Frame) -> RaspLFunction:
    def body(bound: Bound, caller: Frame, span: Span) -> Value:
        return evaluate(expression.body, caller.called(frame.scope.nested(bound), span))

    slots = tuple(Slot(name) for name in expression.parameters)
    return functions.function("lambda", slots, body, frame.at(expression.span))


def _call(expression: ast.Call, frame: Frame) -> Value:
    callee = evaluate(expression.function, frame)
    place = frame.at(expression.span)
    match callee:
        case RaspLFunction():
            positional, keywords = _arguments(expression, frame)
            return functions.call(callee, positional, keywords, frame, expression.span)
        case Host():
            raise host_error(callee, place)
        case _:
            raise RaspTypeError(f"{describe(callee)} can't be called", place)


def _arguments(expression: ast.Call, frame: Frame) -> tuple[list[Value], dict[str, Value]]:
    positional: list[Value] = []
    keywords: dict[str, Value] = {}
    for argument in expression.arguments:
        match argument:
            case ast.Starred(value=inner):
                _unpack(evaluate(inner, frame), positional, keywords, frame.at(argument.span))
            case _:
                positional.append(evaluate(argument, frame))
    for keyword in expression.keywords:
        if keyword.name in keywords:
            raise RaspTypeError(f"two values for '{keyword.name}'", frame.at(keyword.span))
        keywords[keyword.name] = evaluate(keyword.value, frame)
    return positional, keywords


def _unpack(value: Value, positional: list[Value], keywords: dict[str, Value], span: Span) -> None:
    match value:
        case tuple():
            positional.extend(value)
        case dict():
            keywords.update(value)
        case _:
            raise RaspTypeError(f"{describe(value)} can't be unpacked into arguments", span)
    if len(positional) > limits.COLLECTION_ITEMS:
        raise RaspLimitError(f"a call with more than {limits.COLLECTION_ITEMS:,} arguments", span)


def _attribute(value: Value, name: str, span: Span) -> Host:
    if isinstance(value, Host):
        return Host(f"{value.name}.{name}")
    raise RaspTypeError(f"{describe(value)} has no attributes", span, hint="RASP-L has functions only: write f(x)")


def _index(subject: Value, index: Value, span: Span) -> Value:
    match subject, index:
        case ((tuple() | str()), int()):
            if -len(subject) <= index < len(subject):
                return subject[index]
            raise RaspValueError(f"index {shown(index)} in {len(subject)} items", span)
        case dict(), str() if index in subject:
            return subject[index]
        case (Host() as host, _) | (_, Host() as host):
            raise host_error(host, span)
        case ((Sequence() | Element() | Selector()), _):
            hint = "read at a position with index_select(x, idx), at an earlier one with shift_right(x, n)"
            raise RaspTypeError("sequences can't be indexed", span, hint=hint)
        case _:
            raise RaspTypeError(f"{describe(subject)} can't be indexed by {describe(index)}", span)
