"""Evaluates expressions: atoms, lists and dictionaries at once, s-ops and selectors to nodes of the graph.

The recursion stays within Python functions that call each other directly, so that it costs no C stack at any depth that
``rasp.limits`` allows.
"""

from __future__ import annotations

from typing import assert_never

from rasp import atoms
from rasp.elaborate import calls, operators
from rasp.elaborate.functions import RaspFunction
from rasp.elaborate.indexing import index
from rasp.elaborate.kinds import Value, a_kind, describe
from rasp.elaborate.run import Run
from rasp.elaborate.scope import Scope
from rasp.errors import RaspError, RaspTypeError, Span
from rasp.graph.nodes import Atom, Comparison, Op
from rasp.syntax import ast
from rasp.values import Selector, SOp


def evaluate(expr: ast.Expr, scope: Scope, run: Run) -> Value:
    """The value of an expression.

    Raises:
        RaspError: it has none, or finding it takes too much work.
    """
    run.charge(1, expr.span)
    span = run.place(expr.span)
    match expr:
        case ast.Name(name=name):
            return scope.lookup(name, span)
        case ast.Constant(value=value):
            return _constant(value, span)
        case ast.Unary(op=op, operand=inner):
            return operators.unary(op, evaluate(inner, scope, run), span)
        case ast.Binary(op="in", left=left, right=right):
            item, container = evaluate(left, scope, run), evaluate(right, scope, run)
            return operators.contains(item, container, _name_of(right, container), span, run)
        case ast.Binary(op=op, left=left, right=right):
            first = evaluate(left, scope, run)
            return operators.binary(Op(op), first, evaluate(right, scope, run), span, run)
        case ast.Conditional():
            return _conditional(expr, scope, run)
        case ast.Call(function=function, arguments=arguments):
            return _call(evaluate(function, scope, run), arguments, expr.span, scope, run)
        case ast.Index(subject=subject, index=place):
            value, at = evaluate(subject, scope, run), evaluate(place, scope, run)
            return index(value, at, f"{_name_of(subject)}[{_name_of(place)}]", span, scope, run)
        case ast.ListDisplay(items=items):
            return _list([evaluate(item, scope, run) for item in items], span, run)
        case ast.DictDisplay(items=pairs):
            return _dict([(_key(key, scope, run), evaluate(value, scope, run)) for key, value in pairs], span, run)
        case ast.ListComprehension(value=value, targets=targets, iterable=iterable):
            scopes = _element_scopes(targets, iterable, scope, run)
            return _list([evaluate(value, inner, run) for inner in scopes], span, run)
        case ast.DictComprehension(key=key, value=value, targets=targets, iterable=iterable):
            scopes = _element_scopes(targets, iterable, scope, run)
            return _dict([(_key(key, inner, run), evaluate(value, inner, run)) for inner in scopes], span, run)
        case ast.SelectCall(key=key, query=query, op=op):
            first = evaluate(key, scope, run)
            return calls.select(first, evaluate(query, scope, run), Comparison(op), span)
        case ast.AggregateCall():
            return _aggregate(expr, scope, run)
        case ast.BuiltinCall(name=name, arguments=arguments):
            return calls.builtin(name, [evaluate(argument, scope, run) for argument in arguments], span, run)
        case ast.Lambda() | ast.Attribute() | ast.TupleDisplay() | ast.FormattedString() | ast.Starred():
            raise RaspTypeError("this expression belongs to RASP-L, not to RASP", span)
        case _:
            assert_never(expr)


def evaluate_all(exprs: tuple[ast.Expr, ...], scope: Scope, run: Run) -> list[Value]:
    return [evaluate(expr, scope, run) for expr in exprs]


def bind_targets(targets: tuple[ast.Name, ...], value: Value, scope: Scope, run: Run) -> None:
    """Bind loop variables to an element: one takes it whole, several take its parts.

    Raises:
        RaspTypeError: the element has another number of parts.
    """
    if len(targets) == 1:
        scope.bind(targets[0].name, value, run.place(targets[0].span))
        return
    parts = spread(value)
    if parts is None or len(parts) != len(targets):
        got = "1 value" if parts is None else f"{len(parts)} value{'s' * (len(parts) != 1)}"
        span = targets[0].span.to(targets[-1].span)
        raise RaspTypeError(f"iterating with {len(targets)} names but got {got}: {describe(value)}", run.place(span))
    for target, part in zip(targets, parts, strict=True):
        scope.bind(target.name, part, run.place(target.span))


def spread(value: Value) -> list[Value] | None:
    """The parts of a list, a string (its characters) or a dictionary (its keys); None for other values."""
    match value:
        case list():
            return value
        case str() | dict():
            return list(value)
        case _:
            return None


def iterate(expr: ast.Expr, scope: Scope, run: Run) -> list[Value]:
    """What a loop or a comprehension runs over."""
    value = evaluate(expr, scope, run)
    if not isinstance(value, list | dict):
        hint = "take a string apart by indexing it over range(…)" if isinstance(value, str) else None
        raise RaspTypeError(f"a loop runs over a list or a dict, but got: {describe(value)}", run.place(expr.span), hint=hint)
    return list(value)


def _name_of(expr: ast.Expr, value: Value | None = None) -> str:
    """How an automatic name quotes a part of an expression: by its variable, else by its value, else ``out``."""
    if isinstance(expr, ast.Name):
        return expr.name
    return "out" if value is None else describe(value)


def _constant(value: Atom, span: Span) -> Atom:
    try:
        return value if isinstance(value, str) else atoms.check_size(value)
    except RaspError as error:
        raise error.located(span) from None


def _conditional(expr: ast.Conditional, scope: Scope, run: Run) -> Value:
    """On an s-op a choice at every position; on anything else lazy, which is what ends a recursion."""
    condition = evaluate(expr.condition, scope, run)
    if isinstance(condition, SOp):
        then, otherwise = evaluate(expr.then, scope, run), evaluate(expr.otherwise, scope, run)
        return operators.choose(condition, then, otherwise, run.place(expr.span))
    chosen = operators.truth(condition, run.place(expr.condition.span))
    return evaluate(expr.then if chosen else expr.otherwise, scope, run)


def _call(function: Value, arguments: tuple[ast.Expr, ...], span: Span, scope: Scope, run: Run) -> Value:
    match function:
        case RaspFunction():
            return function.apply(evaluate_all(arguments, scope, run), span, run)
        case SOp() | Selector():
            return calls.apply_to_input(function, evaluate_all(arguments, scope, run), span, run)
        case _:
            hint = "only functions, s-ops and selectors can be called"
            raise RaspTypeError(f"{a_kind(function)} can't be called", run.place(span), hint=hint)


def _key(expr: ast.Expr, scope: Scope, run: Run) -> Atom:
    key = evaluate(expr, scope, run)
    if not isinstance(key, Atom):
        raise RaspTypeError(f"dictionary keys can only be atoms, but instead got: {describe(key)}", run.place(expr.span))
    return key


def _list(items: list[Value], span: Span, run: Run) -> list[Value]:
    run.charge_items(items, span)
    return items


def _dict(pairs: list[tuple[Atom, Value]], span: Span, run: Run) -> dict[Atom, Value]:
    result = dict(pairs)
    run.charge_items(result.values(), span)
    return result


def _element_scopes(targets: tuple[ast.Name, ...], iterable: ast.Expr, scope: Scope, run: Run) -> list[Scope]:
    """One scope for each element, with the comprehension's variables bound."""
    scopes = []
    for element in iterate(iterable, scope, run):
        inner = scope.nested()
        bind_targets(targets, element, inner, run)
        scopes.append(inner)
    return scopes


def _aggregate(expr: ast.AggregateCall, scope: Scope, run: Run) -> SOp:
    selector, value = evaluate(expr.selector, scope, run), evaluate(expr.value, scope, run)
    default = 0 if expr.default is None else evaluate(expr.default, scope, run)
    return calls.aggregate(selector, value, default, run.place(expr.span))
