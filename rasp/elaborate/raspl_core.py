"""The core of RASP-L, as nodes of the graph, and the loop of n-RASP-L.

Source: Zhou et al. 2023, 'What Algorithms can Transformers Learn?', section 3 and listings 1 and 2; causal attention, with
means cut toward zero as in the published NumPy version. Loops: Fan et al. 2024, 'Looped Transformers for Length
Generalization', section 4.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import cast

from rasp.elaborate import raspl_functions as functions
from rasp.elaborate.raspl_functions import Bound, RaspLFunction, Slot
from rasp.elaborate.raspl_values import Element, Frame, Host, Sequence, Value, as_int, describe, host_error, operand
from rasp.errors import RaspTypeError, RaspValueError, Span, did_you_mean
from rasp.graph.loops import closed
from rasp.graph.nodes import (
    Aggregate,
    Carried,
    Compare,
    Comparison,
    Const,
    Input,
    Iterate,
    Map,
    Op,
    Param,
    Predicate,
    Reduction,
    SelectorAnd,
    SelectorWidth,
    Sop,
)
from rasp.graph.nodes import Selector as SelectorNode
from rasp.values import Selector

_REDUCTIONS = ("mean", "max", "min")


def _full(bound: Bound, frame: Frame, span: Span) -> Value:
    place = frame.at(span)
    _sequence(bound["x"], place)
    return Sequence(Const(_integer(bound["const"], "the constant of full", place), span=place), "int")


def _indices(bound: Bound, frame: Frame, span: Span) -> Value:
    place = frame.at(span)
    _sequence(bound["x"], place)
    return Sequence(Input("indices", span=place), "int")


def _tok_map(bound: Bound, frame: Frame, span: Span) -> Value:
    x = _sequence(bound["x"], frame.at(span))
    return _mapped(bound["func"], [Element(x.node, x.kind)], frame, span)


def _seq_map(bound: Bound, frame: Frame, span: Span) -> Value:
    x, y = _sequence(bound["x"], frame.at(span)), _sequence(bound["y"], frame.at(span))
    return _mapped(bound["func"], [Element(x.node, x.kind), Element(y.node, y.kind)], frame, span)


def _mapped(function: Value, elements: list[Value], frame: Frame, span: Span) -> Sequence:
    place = frame.at(span)
    result = functions.call(_function(function, place), elements, {}, frame, span)
    if isinstance(result, Element | bool | int | Fraction):
        return Sequence(as_int(*operand(result, place), place), "int")
    raise RaspTypeError(f"the function of a map gives a number for each element, not {describe(result)}", place)


def _select(bound: Bound, frame: Frame, span: Span) -> Value:
    place = frame.at(span)
    causal = bound["causal"]
    if not isinstance(causal, bool | int):
        raise RaspTypeError(f"'causal' is True or False, not {describe(causal)}", place)
    return Selector(_selector(bound, frame, span, causal=bool(causal)))


def _selector(bound: Bound, frame: Frame, span: Span, *, causal: bool) -> SelectorNode:
    place = frame.at(span)
    key, query = _sequence(bound["k"], place), _sequence(bound["q"], place)
    elements: list[Value] = [Element(Param("key", span=place), key.kind), Element(Param("query", span=place), query.kind)]
    result = functions.call(_function(bound["pred"], place), elements, {}, frame, span)
    if result is None or not isinstance(result, Element | bool | int | Fraction):
        raise RaspTypeError(f"a predicate is true or false for a key and a query; this one gives {describe(result)}", place)
    predicate = Predicate(key.node, query.node, operand(result, place)[0], span=place)
    if not causal:
        return predicate
    earlier = Compare(Input("indices", span=place), Input("indices", span=place), Comparison.LE, span=place)
    return SelectorAnd(predicate, earlier, span=place)


def _sel_width(bound: Bound, frame: Frame, span: Span) -> Value:
    place = frame.at(span)
    return Sequence(SelectorWidth(_selector_of(bound["A"], place), span=place), "int")


def _aggr(bound: Bound, frame: Frame, span: Span) -> Value:
    return _aggregate(_selector_of(bound["A"], frame.at(span)), bound, frame.at(span))


def _kqv(bound: Bound, frame: Frame, span: Span) -> Value:
    return _aggregate(_selector(bound, frame, span, causal=True), bound, frame.at(span))


def _iterate(bound: Bound, frame: Frame, span: Span) -> Value:
    """A loop: its states after the last step; one sequence, or a tuple if it has several states."""
    place = frame.at(span)
    initial = _states(bound["state"], "a state", place)
    states = [Carried(index, span=place) for index in range(len(initial))]
    arguments: list[Value] = [Sequence(state, given.kind) for state, given in zip(states, initial, strict=True)]
    result = functions.call(_function(bound["step"], place), arguments, {}, frame, span)
    after = _states(result, "what a step gives", place)
    _check_step(initial, after, place)
    times = _times(bound["times"], place)
    loop = closed([state.node for state in after], states, [state.node for state in initial], times)
    results = tuple(Sequence(Iterate(loop, index, span=place), state.kind) for index, state in enumerate(initial))
    return results if isinstance(bound["state"], tuple) else results[0]


def _states(value: Value, what: str, span: Span) -> list[Sequence]:
    given = value if isinstance(value, tuple) else (value,)
    if not given:
        raise RaspTypeError("a loop has at least one state", span)
    if not all(isinstance(state, Sequence | Host | Element) for state in given):
        wrong = next(state for state in given if not isinstance(state, Sequence | Host | Element))
        hint = "full(x, c) is the constant sequence" if isinstance(wrong, bool | int | Fraction) else None
        raise RaspTypeError(f"{what} is a sequence, or several as a tuple, not {describe(wrong)}", span, hint=hint)
    return [_sequence(state, span) for state in given]


def _check_step(initial: list[Sequence], after: list[Sequence], span: Span) -> None:
    """Each step must give the states that the next one takes."""
    if len(initial) != len(after):
        raise RaspTypeError(f"a step takes {len(initial)} and gives {len(after)} sequences; both must be the same number", span)
    for number, (before, made) in enumerate(zip(initial, after, strict=True), start=1):
        if before.kind != made.kind:
            which = "the state" if len(initial) == 1 else f"state {number}"
            hint = "1 * x makes ints of bools; x == 1 makes bools of ints"
            raise RaspTypeError(f"{which} is a sequence of {before.kind}s, but the step gives {made.kind}s", span, hint=hint)


def _times(value: Value, span: Span) -> Sop:
    match value:
        case bool() | int():
            if value < 0:
                raise RaspValueError(f"a loop can't run {value} times", span)
            return Const(int(value), span=span)
        case Fraction():
            raise RaspValueError(f"a loop runs a whole number of times, not {describe(value)}", span)
        case Sequence(node=node, kind=kind):
            return as_int(node, kind, span)
        case _:
            _sequence(value, span)
            raise AssertionError("only sequences pass")


def _aggregate(selector: SelectorNode, bound: Bound, span: Span) -> Sequence:
    value = _sequence(bound["v"], span)
    default = _integer(bound["default"], "the default", span)
    reduction = _reduction(bound["reduction"], span)
    node = Aggregate(selector, as_int(value.node, value.kind, span), default, reduction, span=span)
    return Sequence(Map(Op.TRUNC, (node,), span=span) if reduction == "mean" else node, "int")


def _reduction(value: Value, span: Span) -> Reduction:
    if value in _REDUCTIONS:
        return cast("Reduction", value)
    hint = did_you_mean(value, _REDUCTIONS) if isinstance(value, str) else None
    raise RaspValueError(f"the reduction is 'mean', 'max' or 'min', not {describe(value)}", span, hint=hint)


def _sequence(value: Value, span: Span) -> Sequence:
    match value:
        case Sequence():
            return value
        case Host():
            raise host_error(value, span)
        case Element():
            hint = "the function of a map or a predicate computes with single elements only"
            raise RaspTypeError("a sequence is wanted here, not one of its elements", span, hint=hint)
        case _:
            hint = "full(x, c) is the constant sequence" if isinstance(value, bool | int | Fraction) else None
            raise RaspTypeError(f"a sequence is wanted here, not {describe(value)}", span, hint=hint)


def _selector_of(value: Value, span: Span) -> SelectorNode:
    if isinstance(value, Selector):
        return value.node
    raise RaspTypeError(f"a selector is wanted here, not {describe(value)}", span, hint="select(k, q, pred) makes one")


def _function(value: Value, span: Span) -> RaspLFunction:
    match value:
        case RaspLFunction():
            return value
        case Host():
            raise host_error(value, span)
        case _:
            raise RaspTypeError(f"a function is wanted here, not {describe(value)}", span, hint="write a lambda")


def _integer(value: Value, what: str, span: Span) -> int:
    """A constant as an int, cut toward zero."""
    match value:
        case bool() | int() | Fraction():
            return math.trunc(value)
        case Host():
            raise host_error(value, span)
        case _:
            raise RaspTypeError(f"{what} must be a number, not {describe(value)}", span)


def _core(name: str, body: functions.Body, parameters: str, **defaults: Value) -> RaspLFunction:
    slots = [Slot(parameter, defaults.get(parameter, functions.REQUIRED)) for parameter in parameters.split()]
    return functions.function(name, tuple(slots), body)


FUNCTIONS = (
    _core("iterate", _iterate, "step state times"),
    _core("full", _full, "x const"),
    _core("indices", _indices, "x"),
    _core("tok_map", _tok_map, "x func"),
    _core("seq_map", _seq_map, "x y func"),
    _core("select", _select, "k q pred causal", causal=True),
    _core("sel_width", _sel_width, "A"),
    _core("aggr", _aggr, "A v default reduction", default=0, reduction="mean"),
    _core("kqv", _kqv, "k q v pred default reduction", default=0, reduction="mean"),
)
"""The core, under the parameter names that published programs use."""
