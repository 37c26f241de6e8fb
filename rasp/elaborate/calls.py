"""The built-in calls (select, aggregate, range, zip, len, …) and the application of s-ops and selectors to an input."""

from __future__ import annotations

from rasp import limits
from rasp.elaborate import operators
from rasp.elaborate.kinds import MatrixResult, SequenceResult, Value, a_kind, describe, operand, sop
from rasp.elaborate.run import Run
from rasp.errors import InputError, RaspError, RaspLimitError, RaspTypeError, RaspValueError, Span
from rasp.graph.nodes import Aggregate, Atom, Compare, Comparison, topological
from rasp.values import Selector, SOp, Tokens

_NUMBERS_A_STEP = 4
_STEPS_A_NODE = 4


def apply_to_input(function: SOp | Selector, arguments: list[Value], span: Span, run: Run) -> SequenceResult | MatrixResult:
    """What an s-op or a selector gives on an input.

    Raises:
        RaspTypeError: not exactly one argument.
        InputError: it is no sequence of atoms, or empty.
        EvaluationError: the program is undefined on it.
    """
    if len(arguments) != 1:
        message = f"wrong number of args for {function.label}- expected: 1, got: {len(arguments)}"
        raise RaspTypeError(message, span, hint='an s-op or a selector is applied to one input, such as "hello" or [1, 2]')
    tokens = input_tokens(arguments[0], span)
    run.charge(len(list(tokens)) + _STEPS_A_NODE * len(topological(function.node)), span)
    return apply_to_tokens(function, tokens, span)


def apply_to_tokens(function: SOp | Selector, tokens: Tokens, span: Span) -> SequenceResult | MatrixResult:
    from rasp.evaluate import evaluate, evaluate_selector

    try:
        match function:
            case SOp(node=node):
                return SequenceResult(evaluate(node, tokens), tokens)
            case Selector(node=node):
                return MatrixResult(evaluate_selector(node, tokens), tokens)
    except RaspError as error:
        raise error.located(span) from None


def input_tokens(value: Value, span: Span) -> Tokens:
    """The input sequence that a value stands for: a string's characters, a list's items, a dictionary's keys."""
    match value:
        case str() | list():
            items = value
        case dict():
            items = list(value)
        case _:
            items = ""
    if not items:
        raise InputError(f"RASP sequences/selectors expect non-empty iterables, got: {describe(value)}", span)
    wrong = next((item for item in items if not isinstance(item, Atom)), None)
    if wrong is not None:
        raise InputError(f"an input holds numbers, bools or strings, but this one holds {a_kind(wrong)}", span)
    return items


def select(key: Value, query: Value, op: Comparison, span: Span) -> Selector:
    """``select(key, query, op)``: row i, column j is ``key[j] op query[i]``."""
    key_node, query_node = operand(key, span), operand(query, span)
    if key_node is None or query_node is None:
        wrong = key if key_node is None else query
        raise RaspTypeError(f"select compares s-ops or atoms, but got {a_kind(wrong)}: {describe(wrong)}", span)
    return Selector(Compare(key_node, query_node, op, span=span))


def aggregate(selector: Value, value: Value, default: Value, span: Span) -> SOp:
    """``aggregate(selector, value, default)``."""
    if not isinstance(selector, Selector):
        raise RaspTypeError(f"Expected selector, got: {describe(selector)}", span)
    node = operand(value, span)
    if node is None:
        raise RaspTypeError(f"Expected s-op or atom, got: {describe(value)}", span)
    if not isinstance(default, Atom):
        raise RaspTypeError(f"Expected atom, got: {describe(default)}", span, hint="a default is one number, bool or string")
    return sop(Aggregate(selector.node, node, default, span=span))


def builtin(name: str, arguments: list[Value], span: Span, run: Run) -> Value:
    """``round``, ``indicator``, ``len``, ``range`` or ``zip`` of values."""
    match name:
        case "round":
            return operators.unary("round", arguments[0], span)
        case "indicator":
            return operators.indicator(arguments[0], span)
        case "len":
            return _len(arguments[0], span)
        case "range":
            return _range(arguments, span, run)
        case "zip":
            return _zip(arguments, span, run)
        case _:
            raise AssertionError(f"the grammar knows no built-in '{name}'")


def _len(value: Value, span: Span) -> int:
    if not isinstance(value, list):
        hint = "the length of the input is the s-op 'length'" if isinstance(value, SOp) else None
        raise RaspTypeError(f"attempting to compute length of non-list: {describe(value)}", span, hint=hint)
    return len(value)


def _range(arguments: list[Value], span: Span, run: Run) -> list[Value]:
    bounds = [int(argument) for argument in arguments if isinstance(argument, int)]
    if not 1 <= len(arguments) <= 3:
        raise RaspTypeError(f"wrong number of inputs to range, expected: 1, 2, or 3, got: {len(arguments)}", span)
    if len(bounds) != len(arguments):
        raise RaspTypeError(f"range expects all integer inputs, but got: {describe(arguments)}", span)
    start, stop, step = (0, bounds[0], 1) if len(bounds) == 1 else (*bounds, 1)[:3]
    if step == 0:
        raise RaspValueError("the step of range must not be 0", span)
    if (stop - start) // step > limits.COLLECTION_ITEMS:
        raise RaspLimitError(f"a list of more than {limits.COLLECTION_ITEMS:,} values", span)
    items: list[Value] = list(range(start, stop, step))
    run.charge(len(items) // _NUMBERS_A_STEP, span)
    return items


def _zip(arguments: list[Value], span: Span, run: Run) -> list[Value]:
    lists = [argument for argument in arguments if isinstance(argument, list)]
    if len(lists) != len(arguments):
        wrong = next(value for value in arguments if not isinstance(value, list))
        raise RaspTypeError(f"zip takes lists, but got {a_kind(wrong)}", span)
    if any(len(other) != len(lists[0]) for other in lists):
        lengths = " and ".join(str(length) for length in sorted({len(other) for other in lists}))
        raise RaspTypeError(f"zip takes lists of the same length, but got lengths {lengths}", span)
    run.charge(sum(len(other) for other in lists), span)
    rows: list[Value] = [list(row) for row in zip(*lists, strict=True)]
    run.charge_items(rows, span)
    return rows
